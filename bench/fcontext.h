/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody else's task switch to compare ours with: Boost.Context's
 * jump_fcontext(), where it is installed.
 */
#ifndef BENCH_FCONTEXT_H
#define BENCH_FCONTEXT_H

#include <stdint.h>

/**
 * bench_fcontext() - go to another stack and back
 * @n: how often
 *
 * Return: seconds; negative where Boost.Context is not installed.
 */
double bench_fcontext(uint64_t n);

#endif

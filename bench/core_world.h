/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World side of bench/core: loops to be timed from outside.
 */
#ifndef BENCH_CORE_WORLD_H
#define BENCH_CORE_WORLD_H

#include <stdint.h>

/* Fiber functions; @arg: how often, as an integer. */
void bench_yield(void *arg);
void bench_step(void *arg);

/* One task that takes so many steps. */
void bench_build_steps(uint64_t n);

/* Two tasks that take so many each. */
void bench_build_two(uint64_t n);

/* A world of 4096 words, and stores to them. */
void bench_build_words(void);
void bench_store(uint64_t n);

#endif

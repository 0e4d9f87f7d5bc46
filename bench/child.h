/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs timed from outside: from before their process is made to when it is
 * gone, so that whatever they do to start counts.
 */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <stddef.h>

/**
 * struct bench_child - one run of a program
 * @argv: found along PATH; NULL-terminated
 * @dir: where it runs, or NULL: here
 * @limit: seconds after which it is killed
 *
 * @seconds: how long it took
 * @resident_kib: at most
 * @out: what it wrote to stdout, as much as there is room for
 */
struct bench_child {
	const char *argv[12];
	const char *dir;
	unsigned int limit;
	double seconds;
	long resident_kib;
	char out[8192];
};

/**
 * bench_child() - run it
 * @c: program in, results out
 *
 * Context: what it writes to stderr is thrown away.
 * Return: 0; 1 if it failed or could not be run; 2 if it was killed at @limit.
 */
int bench_child(struct bench_child *c);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy under Spin, in the same run: bench/toy/model.pml, verified by the
 * program that Spin makes of it.
 */
#ifndef BENCH_SPIN_H
#define BENCH_SPIN_H

#include <stdint.h>

/**
 * struct bench_spin - one model
 * @vcpus: 1 to 4
 * @retries: of the migrator
 * @limit: seconds for one run
 *
 * @dir: where its verifier lies; "" if there is none
 * @states: stored
 * @table: log2 of a hash table with an entry for each of them
 */
struct bench_spin {
	int vcpus, retries;
	unsigned int limit;
	char dir[256];
	uint64_t states;
	unsigned int table;
};

/**
 * bench_spin_make() - make the verifier (gcc -O2 -DSAFETY; partial-order
 * reduction is its default), and run it once.
 *
 * Return: 0; 1 if Spin is not installed or something failed; 2 if one run does
 * not end within the limit.
 */
int bench_spin_make(struct bench_spin *s, const char *model);

/**
 * bench_spin_run() - verify
 * @s: made
 * @fitting: with a hash table of @table, not of the 2^24 entries that are its
 *	default, most of the cost of which is to clear it
 *
 * Return: seconds from process start; negative if it failed.
 */
double bench_spin_run(struct bench_spin *s, int fitting);

void bench_spin_free(struct bench_spin *s);

#endif

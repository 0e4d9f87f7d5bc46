/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory the process has, asked often and measured now and then. */
#ifndef SIM_EXPLORE_MEMORY_H
#define SIM_EXPLORE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct memory - a bound on the process's resident memory
 * @limit: bytes; 0 no bound
 * @asked: since it was measured last
 * @fd: of the kernel's own numbers, plus 1; 0 not open yet
 */
struct memory {
	uint64_t limit;
	uint32_t asked;
	int fd;
};

#define MEMORY_EVERY	256	/* questions to one measurement, which costs 1 us */

/* Is it over now? Forgets what was asked before. */
bool memory_measure(struct memory *m);
/* Once it is not asked any more. */
void memory_close(struct memory *m);

/**
 * memory_over() - has the process more than it may?
 * @m: with its limit set, else zeroes
 *
 * To be asked once for each execution or so, and by whoever is about to double
 * a large table: memory_would_be_over().
 */
static inline bool memory_over(struct memory *m)
{
	return m->limit && ++m->asked >= MEMORY_EVERY && memory_measure(m);
}

/* Would it be with @more bytes? Measures. */
bool memory_would_be_over(struct memory *m, uint64_t more);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is true of the pages whenever nobody is in the middle of anything: host side. */
#ifndef TESTS_FAKES_BALANCE_H
#define TESTS_FAKES_BALANCE_H

#include "fakes/mm/probe.h"

/* Return: how many pages have a count that is not what the ledger knows (O.1). */
static inline uint64_t unbalanced_pages(void)
{
	uint64_t pfn, sum = 0;
	struct probe_page p;

	for (pfn = probe_next_allocated(2); pfn != UINT64_MAX;
	     pfn = probe_next_allocated(pfn + 1)) {
		probe_page(pfn, &p);
		sum += p.refcount != p.expected || p.refcount <= 0 || p.locked;
	}
	return sum;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What checks, reports and tests may see of page contents and cache lines. */
#ifndef FAKES_SEV_PROBE_H
#define FAKES_SEV_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A page's contents: who wrote what last, under which key. An encrypted tag
 * names the physical page it was written at; read elsewhere it is garbage.
 */
struct probe_contents {
	uint8_t key;			/* 0: the host, in plain text; else the guest's handle */
	uint16_t value;			/* 0: zeroes, never written */
	uint64_t bound_pfn;		/* of an encrypted tag */
	bool garbage;			/* bound elsewhere than where it is now */
};
void probe_contents(uint64_t pfn, struct probe_contents *ret_contents);

enum probe_guest {
	PROBE_GUEST_UNTOUCHED,		/* never written, or the VMM's own doing since */
	PROBE_GUEST_INTACT,
	PROBE_GUEST_GARBAGE,
	PROBE_GUEST_LOST,
};

/*
 * What the guest would read at @gfn now, against what it wrote there last:
 * garbage: bound to another pfn; lost: another tag stands there or no page,
 * though the guest did not write it and the VMM did not unmap it itself.
 */
enum probe_guest probe_guest(unsigned int vm, uint64_t gfn);
/* Every gfn the guest wrote, ascending: next >= @gfn, or UINT64_MAX. */
uint64_t probe_guest_next(unsigned int vm, uint64_t gfn);

/* Cache lines of a page that are dirty under @key. */
bool probe_dirty_lines(uint64_t pfn, uint8_t key);

struct probe_sev_counts { uint64_t clflush, wbinvd, page_flush; };
void probe_sev_counts(struct probe_sev_counts *ret_counts);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The swap device, shared by swapfile.c and swap_state.c. */
#ifndef FAKES_MM_SWAP_INTERNAL_H
#define FAKES_MM_SWAP_INTERNAL_H

#include <linux/swapops.h>

#include "fakes/mm/internal.h"

/**
 * struct swap_slot - one page of the swap device
 * @count: PTEs that name it
 * @has_cache: it is kept for the swap cache, too
 * @folio: in the cache, for this slot; NULL before it got there
 * @contents: what was written, as in page_contents()
 */
struct swap_slot {
	u32 count;
	bool has_cache;
	struct folio *folio;
	u64 contents;
};

/* The device: slots [1, @nr); 0 is its header. */
struct swap_info_struct {
	u64 nr;
	struct swap_slot slot[];
};

/* Context: any; no step. */
struct swap_slot *swap_slot_of(swp_entry_t entry);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What checks, reports and tests may see of the mm.  Reading only; no steps.
 */
#ifndef FAKES_MM_PROBE_H
#define FAKES_MM_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "fakes/build.h"
#include "fakes/objects.h"

enum probe_zone {
	PROBE_ZONE_NORMAL,
	PROBE_ZONE_MOVABLE,
};

/* Flags of a page, in the order in which the kernel tells them. */
enum probe_flag {
	PROBE_FLAG_LOCKED = 1 << 0,
	PROBE_FLAG_WAITERS = 1 << 1,
	PROBE_FLAG_REFERENCED = 1 << 2,
	PROBE_FLAG_UPTODATE = 1 << 3,
	PROBE_FLAG_DIRTY = 1 << 4,
	PROBE_FLAG_LRU = 1 << 5,
	PROBE_FLAG_ACTIVE = 1 << 6,
	PROBE_FLAG_WORKINGSET = 1 << 7,
	PROBE_FLAG_SWAPCACHE = 1 << 8,
	PROBE_FLAG_EXCLUSIVE = 1 << 9,
	PROBE_FLAG_RESERVED = 1 << 10,
	PROBE_FLAG_PRIVATE = 1 << 11,
	PROBE_FLAG_WRITEBACK = 1 << 12,
	PROBE_FLAG_HEAD = 1 << 13,
	PROBE_FLAG_RECLAIM = 1 << 14,
	PROBE_FLAG_SWAPBACKED = 1 << 15,
	PROBE_FLAG_UNEVICTABLE = 1 << 16,
	PROBE_FLAG_MLOCKED = 1 << 17,
	PROBE_FLAG_HWPOISON = 1 << 18,
};

struct probe_page {
	uint64_t pfn;
	int32_t refcount;
	int32_t mapcount;		/* mapped = mapcount > 0 */
	uint32_t pins;			/* FOLL_PIN as the ledger knows them */
	uint32_t gets;
	uint32_t held;			/* long-lived references of either kind */
	uint8_t zone;			/* enum probe_zone */
	bool cma, isolate;		/* type of its pageblock */
	bool lru, locked, anon, exclusive, dirty, free, zero_page, reserved, swapcache;
	bool pinnable;			/* folio_is_longterm_pinnable() */
	int32_t expected;		/* A.3: what the ledger says the count should be */
};

/* What is left of its descriptor, for people: no check goes by it. */
struct probe_words {
	uint32_t flags;			/* PROBE_FLAG_* */
	bool mapping;			/* a file's, or the swap cache's */
	uint64_t index;			/* its place in what it is a part of */
};
bool probe_words(uint64_t pfn, struct probe_words *ret_words);

/* Return: false if no such page exists. */
bool probe_page(uint64_t pfn, struct probe_page *ret_page);
/* The same, but only where it lies: pfn, zone, cma, isolate, zero_page and
 * pinnable are filled in. */
bool probe_place(uint64_t pfn, struct probe_page *ret_page);
/*
 * The contiguous area, whatever its pageblocks are just now: frames [*@ret_base,
 * *@ret_base + the result). Return: 0 if there is none.
 */
uint64_t probe_cma(uint64_t *ret_base);
/* Only whether it is free; one that does not exist is not. */
bool probe_is_free(uint64_t pfn);
/* Is it the zero page? */
bool probe_is_zero(uint64_t pfn);

enum probe_pte_kind { PROBE_PTE_NONE, PROBE_PTE_PRESENT, PROBE_PTE_MIGRATION, PROBE_PTE_SWAP };

struct probe_pte {
	enum probe_pte_kind kind;
	uint64_t pfn;			/* of a present or migration entry; or the slot */
	bool writable, dirty;
	bool has_vma;
};
bool probe_pte(unsigned int process, uint64_t addr, struct probe_pte *ret_pte);

/* All pages that exist: [0, n); pages never touched are not all materialised. */
uint64_t probe_nr_pages(void);

/* Next pfn >= @pfn that is allocated (not free), or UINT64_MAX. */
uint64_t probe_next_allocated(uint64_t pfn);

struct probe_mm_counts {		/* history, for reports and expectations */
	uint64_t refchecks, unmap_cycles, migrate_calls, moved;
	uint64_t migrate_targets;	/* target pages asked for by migration */
	uint64_t notifier_starts, drains, drains_all;
	uint64_t foll_pin_acquired, foll_pin_released;	/* A.18 */
	uint64_t cma_failed, cma_allocated;
	uint64_t free_pages;
	uint64_t reserved_pages;	/* never allocated: the zero page and frame 0 */
};
void probe_mm_counts(struct probe_mm_counts *ret_counts);

/* The ledger's list of a page, oldest first. */
bool probe_page_ref(uint64_t pfn, unsigned int i, struct sim_ref_info *ret_info);
/*
 * References of @kind on a page that hooks took whose owner is of @owner_kind
 * and whose owner's number is @id without its lowest @shift bits.
 */
uint32_t probe_page_held(uint64_t pfn, uint8_t kind, uint8_t owner_kind, uint32_t id,
			 unsigned int shift);
const char *probe_ref_kind_name(uint8_t kind);

#endif

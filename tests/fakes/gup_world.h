/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small machine for the tests of GUP, migration and CMA: one process with one
 * mapping, the host's own context as its thread, and what tasks of a race did.
 */
#ifndef TESTS_FAKES_GUP_WORLD_H
#define TESTS_FAKES_GUP_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "fakes/build.h"
#include "tests/fakes/vma_world.h"

#define GW_ADDR		0x7f0000000000ULL
#define GW_PAGES	64
#define GW_AT(i)	(GW_ADDR + (uint64_t)(i) * 4096)

/* FOLL_* by names that both sides can use. */
enum gw_flags {
	GW_WRITE	= 1 << 0,
	GW_LONGTERM	= 1 << 1,
	GW_GET		= 1 << 2,
	GW_PIN		= 1 << 3,
	GW_TOUCH	= 1 << 4,
	GW_FAST_ONLY	= 1 << 5,
	GW_NOFAULT	= 1 << 6,
	GW_FORCE	= 1 << 7,
	GW_NOWAIT	= 1 << 8,
	GW_HWPOISON	= 1 << 9,
	GW_DUMP		= 1 << 10,
	GW_ANON		= 1 << 11,
	GW_REMOTE	= 1 << 12,
	GW_TRIED	= 1 << 13,
	GW_SPLIT_PMD	= 1 << 14,
	GW_INTERRUPTIBLE = 1 << 15,
	GW_UNLOCKABLE	= 1 << 16,
	GW_P2PDMA	= 1 << 17,
	GW_NR_FLAGS	= 18,
};

#define GW_NO_PFN	UINT64_MAX

/* Build it all; @place: where the mapping's pages land. */
void gw_build(const char *profile, enum build_zone place);

/* A write or read access of the process. Return: pfn. */
uint64_t gw_write(uint64_t addr);
uint64_t gw_read(uint64_t addr);
void gw_drain(void);
void gw_munmap(uint64_t addr, uint64_t bytes);
void gw_set_contents(uint64_t pfn, uint64_t tag);
uint64_t gw_contents(uint64_t pfn);
/* What the PTE at @addr maps, or GW_NO_PFN. */
uint64_t gw_pfn(uint64_t addr);

/* The API by kind of entry point; pfns of what was got go to @ret_pfns. */
enum gw_call {
	GW_GET_FAST,
	GW_GET_FAST_ONLY,
	GW_GET_LOCKED,		/* get_user_pages() under mmap_lock */
	GW_GET_UNLOCKED,
	GW_PIN_FAST,
	GW_PIN_LOCKED,
	GW_PIN_UNLOCKED,
	GW_PIN_REMOTE,
};
long gw_gup(enum gw_call call, uint64_t addr, unsigned int nr, unsigned int flags,
	    uint64_t *ret_pfns);
long gw_gup_null(enum gw_call call, uint64_t addr, unsigned int flags);
/* Long-term, from a hook scope of slot 1. Return: pfn or GW_NO_PFN. */
uint64_t gw_pin_in_hook(uint64_t addr);
/*
 * In such a scope, as GUP does: a reference, then the rest of a pin. The pageblock is
 * isolated before the former or in between. Return: does the ledger say that the pin
 * was taken while it was?
 */
bool gw_isolated_pin_in_hook(uint64_t pfn, bool first);
void gw_put(uint64_t pfn);
void gw_unpin(uint64_t pfn);
void gw_unpin_dirty(uint64_t pfn);
/* As code does that counts for itself: so many units. */
void gw_ref_add(uint64_t pfn, int units);
void gw_ref_drop(uint64_t pfn, int units);
/* Take and drop locks that stand in the program. Return: did each answer right? */
bool gw_static_locks(void);
/* unpin_user_pages() of this page between two entries that are NULL. */
void gw_unpin_with_gaps(void *pfn);

/* @place: enum build_zone, or -1 */
long gw_migrate(uint64_t addr, unsigned int nr, int place);
/* Isolate the page at @addr, unmap it, and migrate it then. */
long gw_migrate_unmapped(uint64_t addr);
/* Return: first pfn, or GW_NO_PFN. */
uint64_t gw_cma_alloc(unsigned int count);
void gw_cma_release(uint64_t pfn, unsigned int count);
uint64_t gw_cma_base(void);
uint64_t gw_cma_size(void);
int gw_contig(uint64_t pfn, unsigned int count);

/* Let migration get @n targets and no more; -1: as many as there are. */
void gw_fail_alloc_after(int n);

/* --- what the kernel cannot be asked from outside --- */

bool gw_freeze(uint64_t pfn, int count);
void gw_unfreeze(uint64_t pfn, int count);
bool gw_maybe_pinned(uint64_t pfn);
/* NR_ISOLATED_ANON */
long gw_isolated(void);
/* unpin_user_pages() of the same page so often; -1: of an errno in disguise. */
void gw_unpin_many(uint64_t pfn, long n);

/* The entry at @addr becomes as a NUMA scan leaves it. */
void gw_protnone(uint64_t addr);

/* The next question for a fatal signal finds one; or nothing fails any more. */
void gw_kill(bool on);
/* The @nth from now on does, and all behind it. */
void gw_kill_at(unsigned int nth);
/* The next page that is asked for, or grabbed under the PTE lock, is not had. */
void gw_fail_page_alloc(void);
void gw_fail_grab(void);

/* How @pfn was when migration asked for its latest target, and for what. */
struct gw_target {
	int refcount, mapcount;
	bool lru, locked, mmap_locked;
	long isolated;
	bool movable, highmem;		/* of the gfp mask */
	unsigned int order;
};
void gw_watch(uint64_t pfn);
struct gw_target gw_target(void);

/* --- races --- */

enum gw_op { GW_OP_PIN, GW_OP_PIN_UNPIN, GW_OP_GET, GW_OP_GET_PUT, GW_OP_GET_FAST_ONLY,
	     GW_OP_PIN_FAST_ONLY, GW_OP_MIGRATE, GW_OP_TOUCH,
	     GW_OP_CMA, GW_OP_HOLD_PUT,
	     GW_OP_LOCK,		/* hold the folio lock for a while */
	     GW_OP_GRAB_LONG_FAST,	/* what the lockless walk does to the page */
	     GW_OP_ISOLATE_BLOCK,	/* from now on its pageblock is isolated */
};

/* Task @i does @op at GW_ADDR. */
void gw_task(unsigned int i, unsigned int cpu, enum gw_op op);

struct gw_result {
	bool done;
	long ret;
	uint64_t pfn;
};
struct gw_result gw_result(unsigned int i);

#endif

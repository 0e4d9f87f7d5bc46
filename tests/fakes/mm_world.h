/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small machine for the tests of pages, zones, batches and faults: one
 * process, the host's own context as its thread. Kernel types stay behind it.
 */
#ifndef TESTS_FAKES_MM_WORLD_H
#define TESTS_FAKES_MM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "fakes/build.h"

#define MW_ADDR		0x7f0000000000ULL
#define MW_PAGES	64
#define MW_AT(i)	(MW_ADDR + (uint64_t)(i) * 4096)
#define MW_NO_PFN	UINT64_MAX

struct mw_machine {
	const char *profile;
	enum build_zone place;		/* of the mapping */
	uint64_t normal, movable, cma;	/* MiB; normal 0: the default 64, 64, 16 */
	enum build_zone cma_in;
	uint64_t memlock;		/* bytes */
	bool cap;
};

void mw_build(const struct mw_machine *m);
int mw_build_machine(uint64_t normal, uint64_t movable, uint64_t cma, enum build_zone cma_in);

/* --- allocation --- */
enum mw_gfp { MW_GFP_KERNEL, MW_GFP_USER, MW_GFP_HIGHUSER, MW_GFP_MOVABLE, MW_GFP_HIGHUSER_MOVABLE,
	      MW_GFP_RECLAIMABLE, MW_NR_GFP };
/* @pin: under PF_MEMALLOC_PIN. Return: pfn or MW_NO_PFN. */
uint64_t mw_alloc(enum mw_gfp gfp, bool pin);
void mw_free(uint64_t pfn);
/* Allocate until it fails, keep the pages; free them all. */
uint64_t mw_fill(enum mw_gfp gfp);
void mw_unfill(void);
int mw_gfp_zone(enum mw_gfp gfp);
int mw_gfp_type(enum mw_gfp gfp);
int mw_block_type(uint64_t pfn);
void mw_set_block_isolate(uint64_t pfn);
void mw_set_block_cma(uint64_t pfn);
bool mw_pinnable(uint64_t pfn);
void mw_drain_pcp(void);
uint64_t mw_zero_pfn(void);

/* --- references --- */
void mw_get(uint64_t pfn, unsigned int n);
void mw_put(uint64_t pfn);
bool mw_try_get(uint64_t pfn);
uint32_t mw_take_many(uint64_t pfn, uint32_t n, bool checked);
void mw_put_many(uint64_t pfn, uint32_t n);
void mw_pin(uint64_t pfn, unsigned int n);
void mw_unpin(uint64_t pfn);
bool mw_maybe_pinned(uint64_t pfn);
bool mw_freeze(uint64_t pfn, int n);
void mw_unfreeze(uint64_t pfn, int n);
int mw_expected(uint64_t pfn);
/* The same, were it a page like this. */
enum mw_like { MW_SWAPCACHE = 1, MW_FILE = 2, MW_PRIVATE = 4 };
int mw_expected_as(uint64_t pfn, unsigned int like);
void mw_set_locked_flag(uint64_t pfn);

/* --- LRU --- */
void mw_accessed(uint64_t pfn);
bool mw_active(uint64_t pfn);
bool mw_referenced(uint64_t pfn);
void mw_clear_flags(uint64_t pfn);
void mw_drain(void);
void mw_drain_all(void);
void mw_cache_disable(bool disable);
bool mw_isolate(uint64_t pfn);
int mw_isolate_raw(uint64_t pfn);
void mw_putback(uint64_t pfn);

/* --- address space --- */
int mw_write(uint64_t addr, uint64_t tag);
int mw_read(uint64_t addr, uint64_t *ret_tag);
uint64_t mw_pfn(uint64_t addr);
int mw_munmap(uint64_t addr, uint64_t bytes);
void mw_dontneed(uint64_t addr, uint64_t bytes);
int mw_unshare(uint64_t addr);
void mw_make_shared(uint64_t addr);
void mw_exit(void);
int mw_account(uint64_t pages, bool inc);

/* --- tasks --- */
enum mw_op { MW_OP_WRITE, MW_OP_READ, MW_OP_MUNMAP, MW_OP_DRAIN_ALL, MW_OP_GET_PUT, MW_OP_DONTNEED,
	     MW_OP_ISOLATE, MW_OP_ACCOUNT, MW_OP_UNPIN, MW_OP_EXIT };
/* Task @i does @op at MW_ADDR (or to the page that is there when it is made). */
void mw_task(unsigned int i, unsigned int cpu, enum mw_op op);
long mw_result(unsigned int i);

#endif

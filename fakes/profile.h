/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel profiles: what differs between the modelled kernel versions, as data.
 * The fakes read this table; nothing else asks for a version.  The comments
 * give the contract's statement.
 */
#ifndef FAKES_PROFILE_H
#define FAKES_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

struct kernel_profile {
	const char *name;		/* "6.1", "6.12" */
	uint32_t version;		/* 0x060c00 */
	uint32_t pagevec_size;		/* C.1 */
	uint32_t longterm_pin_refs;	/* E.17: surplus that the drain test allows a small folio */
	bool longterm_drops_mmap_lock;	/* E.16: before migrating, from the fast fallback */
	bool unshare_non_anon;		/* E.7 */
	bool isolate_returns_bool;	/* C.9 (serves subjects) */
	bool migrate_batched;		/* D.6: asynchronous batch first, then one by one */
	uint32_t migrate_async_passes;	/* D.6 */
	uint32_t migrate_sync_passes;	/* D.5, D.6 */
	bool migrate_copy_before_freeze; /* D.12 */
	bool move_drains_mapped;	/* D.8 step 9: lru_add_drain() after a mapped folio moved */
	bool pin_invalid_returns_zero;	/* E.3 */
	bool fast_overflow_is_error;	/* E.14 */
	bool movable_skips_cma_pcp;	/* B.7 */
	bool fast_tests_before_ref;	/* B.14 */
	bool unpin_skips_null;		/* unpin_user_pages(): entries that are NULL */
	bool kvm_prelock_retry;		/* H.7 */
	bool kvm_retry_range_is_gfn;	/* H.17 */
	bool kvm_roots_shared;		/* mmu_lock is shared where a vCPU's root comes or goes */
	bool vm_destroy_after_vcpus;	/* G.14, L.16 */
	bool protnone_followed;		/* E.6 */
	bool free_checks_always;	/* A.13 */
	bool mglru;			/* L.25 */
};

/* The running world's profile (chosen when the machine was made). */
const struct kernel_profile *kernel_profile(void);

/* By name; NULL if there is none such (5.17 is not yet modelled). */
const struct kernel_profile *kernel_profile_find(const char *name);

/* The @i-th, NULL past the last. */
const struct kernel_profile *kernel_profile_nth(unsigned int i);

#endif

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
	const char *name;		/* "5.17", "6.1", "6.12" */
	uint32_t version;		/* 0x060c00 */
	uint32_t pagevec_size;		/* C.1 */
	bool anon_exclusive;		/* A.21, 0.2: PageAnonExclusive; else pages are counted */
	bool zero_page_pinned;		/* A.11, H-24: pins of the zero page are counted */
	bool isolate_pinnable;		/* B.12, R-06b: isolated pageblocks are not asked for */
	bool longterm_drains_off_lru;	/* E.17, H-05: drain for what is on no LRU list, only */
	uint32_t longterm_pin_refs;	/* E.17: surplus that the drain test allows a small folio */
	bool longterm_drops_mmap_lock;	/* E.16: before migrating, from the fast fallback */
	bool unshare_non_anon;		/* E.7 */
	bool gup_lock_killable;		/* E.11: -EAGAIN for who is killed at mmap_lock */
	bool isolate_returns_bool;	/* C.9 (serves subjects) */
	bool migrate_batched;		/* D.6: asynchronous batch first, then one by one */
	uint32_t migrate_async_passes;	/* D.6 */
	uint32_t migrate_sync_passes;	/* D.5, D.6 */
	bool migrate_copy_before_freeze; /* D.12 */
	bool migrate_keeps_young;	/* D.9: entries keep the accessed and dirty bits */
	bool move_drains_mapped;	/* D.8 step 9: lru_add_drain() after a mapped folio moved */
	bool move_adds_last;		/* D.8 step 9: to the LRU when it is mapped and unlocked */
	bool move_puts_last;		/* D.8 step 11: the new one's reference, after unlocking */
	bool wp_drains;			/* J.12: lru_add_drain() before the count is asked for */
	bool wp_moves_rmap;		/* J.12: a page that is reused leaves the parent's rmap */
	bool wp_puts_old_locked;	/* J.12: the old page's reference goes under the PTL */
	bool wp_changes_pte;		/* H.29: a copy's entry is told before it is written */
	bool swapin_reuses_mapped;	/* J.12, 0.2: mapped and swapped out once: may write */
	bool swapin_writable;		/* J.9: an exclusive page is writable after a read, too */
	bool pageout_minds_references;	/* J.9: MADV_PAGEOUT keeps what was just used */
	bool reclaim_asks_again;	/* J.9: for pins once more, when all is unmapped */
	bool pin_invalid_returns_zero;	/* E.3 */
	bool fast_overflow_is_error;	/* E.14 */
	bool movable_skips_cma_pcp;	/* B.7 */
	bool fast_tests_before_ref;	/* B.14 */
	bool unpin_skips_null;		/* unpin_user_pages(): entries that are NULL */
	bool kvm_reclaim_flushes;	/* H.30, 0.4: guest_memory_reclaimed() exists */
	bool sev_mirrors_move;		/* I.10: a VM that has mirrors may be moved */
	bool sev_region_locked;		/* I.1: registered and flushed under kvm->lock throughout */
	bool kvm_prelock_retry;		/* H.7 */
	bool kvm_retry_range_is_gfn;	/* H.17 */
	bool kvm_eintr_is_sigpending;	/* H.12 */
	bool kvm_roots_shared;		/* mmu_lock is shared where a vCPU's root comes or goes */
	bool kvm_vm_types;		/* G.1, G.2, G.12: a VM is of a type, which decides */
	bool kvm_tells_write_protected;	/* H.2, H.4: by a value of its own */
	bool kvm_tables_listed;		/* tdp_mmu_pages_lock for each that comes or goes */
	bool kvm_ages_by_change;	/* H.33: __handle_changed_spte() for a leaf that was aged */
	bool kvm_pre_fault;		/* H-43: KVM_PRE_FAULT_MEMORY exists */
	bool kvm_apf_keeps_error;	/* H.11: the page's fault is repeated as what it was */
	bool kvm_apf_holds_mm;		/* H.11: its work does, until it is done */
	uint32_t kvm_zap_passes;	/* in which a root goes: the last few of 4K, 2M, 1G, 512G */
	bool vm_destroy_after_vcpus;	/* G.14, L.16 */
	bool protnone_followed;		/* E.6 */
	bool free_checks_always;	/* A.13 */
	bool dump_names_page;		/* A.25, L.18: dump_page() begins with the page itself */
	bool exclusive_is_owner_2;	/* A.21, L.23: the bit that PageAnonExclusive borrows */
	bool mglru;			/* L.25 */
};

/* The running world's profile (chosen when the machine was made). */
const struct kernel_profile *kernel_profile(void);

/* By name; NULL if there is none such. */
const struct kernel_profile *kernel_profile_find(const char *name);

/* The @i-th, NULL past the last. */
const struct kernel_profile *kernel_profile_nth(unsigned int i);

#endif

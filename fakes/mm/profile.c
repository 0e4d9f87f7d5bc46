/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of modelled kernel versions.  "6.1" is Debian's 6.1.192 and "6.12"
 * its 6.12.117, as the contract read them: section L is this table in words.
 *
 * "5.17" is v5.17.0, the kernel that the RFC was written for: section 0 of the
 * contract.  Its rows are known from its time and were not read in a tree; those
 * that are less sure say (?).
 */
#include "fakes/mm/internal.h"

static const struct kernel_profile profiles[] = {
	{
		.name = "5.17",
		.version = 0x051100,
		.pagevec_size = 15,
		.anon_exclusive = false,
		.zero_page_pinned = true,
		.isolate_pinnable = true,
		.longterm_drains_off_lru = true,
		.longterm_pin_refs = 0,
		.longterm_drops_mmap_lock = false,
		.unshare_non_anon = false,
		.gup_lock_killable = false,
		.isolate_returns_bool = false,
		.migrate_batched = false,
		.migrate_async_passes = 0,
		.migrate_sync_passes = 10,
		.migrate_copy_before_freeze = false,
		.migrate_keeps_young = false,
		.move_drains_mapped = false,
		.move_adds_last = true,
		.move_puts_last = true,
		.wp_drains = false,
		.wp_moves_rmap = false,		/* (?) */
		.wp_puts_old_locked = true,
		.wp_changes_pte = true,
		.swapin_reuses_mapped = true,
		.swapin_writable = false,
		.pageout_minds_references = true,
		.reclaim_asks_again = false,
		.pin_invalid_returns_zero = false,
		.fast_overflow_is_error = false,
		.movable_skips_cma_pcp = true,
		.fast_tests_before_ref = true,
		.unpin_skips_null = false,
		.kvm_reclaim_flushes = false,
		.sev_mirrors_move = false,	/* (?) */
		.sev_region_locked = false,
		.kvm_prelock_retry = false,
		.kvm_retry_range_is_gfn = false,
		.kvm_eintr_is_sigpending = false,
		.kvm_roots_shared = false,
		.kvm_vm_types = false,
		.kvm_tells_write_protected = false,
		.kvm_tables_listed = true,
		.kvm_ages_by_change = true,
		.kvm_pre_fault = false,
		.kvm_apf_keeps_error = false,
		.kvm_apf_holds_mm = true,
		.kvm_zap_passes = 1,
		.vm_destroy_after_vcpus = false,
		.protnone_followed = false,
		.free_checks_always = true,	/* (?) by the per-CPU list, as in 6.1 */
		.dump_names_page = true,
		.exclusive_is_owner_2 = false,
		.mglru = false,
	},
	{
		.name = "6.1",
		.version = 0x060100,
		.pagevec_size = 15,
		.anon_exclusive = true,
		.zero_page_pinned = false,
		.isolate_pinnable = false,
		.longterm_drains_off_lru = false,
		.longterm_pin_refs = 1,
		.longterm_drops_mmap_lock = false,
		.unshare_non_anon = false,
		.gup_lock_killable = false,
		.isolate_returns_bool = false,
		.migrate_batched = false,
		.migrate_async_passes = 0,
		.migrate_sync_passes = 10,
		.migrate_copy_before_freeze = false,
		.migrate_keeps_young = true,
		.move_drains_mapped = true,
		.move_adds_last = false,
		.move_puts_last = true,
		.wp_drains = true,
		.wp_moves_rmap = true,
		.wp_puts_old_locked = true,
		.wp_changes_pte = true,
		.swapin_reuses_mapped = false,
		.swapin_writable = false,
		.pageout_minds_references = true,
		.reclaim_asks_again = true,
		.pin_invalid_returns_zero = false,
		.fast_overflow_is_error = false,
		.movable_skips_cma_pcp = true,
		.fast_tests_before_ref = true,
		.unpin_skips_null = false,
		.kvm_reclaim_flushes = true,
		.sev_mirrors_move = true,
		.sev_region_locked = true,
		.kvm_prelock_retry = false,
		.kvm_retry_range_is_gfn = false,
		.kvm_eintr_is_sigpending = false,
		.kvm_roots_shared = false,
		.kvm_vm_types = false,
		.kvm_tells_write_protected = false,
		.kvm_tables_listed = true,
		.kvm_ages_by_change = true,
		.kvm_pre_fault = false,
		.kvm_apf_keeps_error = false,
		.kvm_apf_holds_mm = true,
		.kvm_zap_passes = 2,
		.vm_destroy_after_vcpus = false,
		.protnone_followed = false,
		.free_checks_always = true,
		.dump_names_page = true,
		.exclusive_is_owner_2 = false,
		.mglru = false,
	},
	{
		.name = "6.12",
		.version = 0x060c00,
		.pagevec_size = 31,
		.anon_exclusive = true,
		.zero_page_pinned = false,
		.isolate_pinnable = false,
		.longterm_drains_off_lru = false,
		.longterm_pin_refs = GUP_PIN_COUNTING_BIAS,
		.longterm_drops_mmap_lock = true,
		.unshare_non_anon = true,
		.gup_lock_killable = true,
		.isolate_returns_bool = true,
		.migrate_batched = true,
		.migrate_async_passes = 3,
		.migrate_sync_passes = 7,
		.migrate_copy_before_freeze = true,
		.migrate_keeps_young = true,
		.move_drains_mapped = false,
		.move_adds_last = false,
		.move_puts_last = false,
		.wp_drains = true,
		.wp_moves_rmap = true,
		.wp_puts_old_locked = false,
		.wp_changes_pte = false,
		.swapin_reuses_mapped = false,
		.swapin_writable = true,
		.pageout_minds_references = false,
		.reclaim_asks_again = true,
		.pin_invalid_returns_zero = true,
		.fast_overflow_is_error = true,
		.movable_skips_cma_pcp = false,
		.fast_tests_before_ref = false,
		.unpin_skips_null = true,
		.kvm_reclaim_flushes = true,
		.sev_mirrors_move = true,
		.sev_region_locked = true,
		.kvm_prelock_retry = true,
		.kvm_retry_range_is_gfn = true,
		.kvm_eintr_is_sigpending = true,
		.kvm_roots_shared = true,
		.kvm_vm_types = true,
		.kvm_tells_write_protected = true,
		.kvm_tables_listed = false,
		.kvm_ages_by_change = false,
		.kvm_pre_fault = true,
		.kvm_apf_keeps_error = true,
		.kvm_apf_holds_mm = false,
		.kvm_zap_passes = 4,
		.vm_destroy_after_vcpus = true,
		.protnone_followed = true,
		/* Only with check_pages_enabled, which Debian's init_on_alloc=1 sets. */
		.free_checks_always = true,
		.dump_names_page = false,
		.exclusive_is_owner_2 = true,
		.mglru = true,
	},
};

/* Never changes. */
__no_kcsan const struct kernel_profile *kernel_profile(void)
{
	return mm_world()->profile;
}

const struct kernel_profile *kernel_profile_nth(unsigned int i)
{
	return i < ARRAY_SIZE(profiles) ? &profiles[i] : NULL;
}

static bool same_name(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return *a == *b;
}

const struct kernel_profile *kernel_profile_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(profiles); i++)
		if (same_name(profiles[i].name, name))
			return &profiles[i];
	return NULL;
}

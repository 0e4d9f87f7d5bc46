/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of modelled kernel versions.  "6.1" is Debian's 6.1.192 and "6.12"
 * its 6.12.117, as the contract read them: section L is this table in words.
 */
#include "fakes/mm/internal.h"

static const struct kernel_profile profiles[] = {
	{
		.name = "6.1",
		.version = 0x060100,
		.pagevec_size = 15,
		.longterm_pin_refs = 1,
		.longterm_drops_mmap_lock = false,
		.unshare_non_anon = false,
		.isolate_returns_bool = false,
		.migrate_batched = false,
		.migrate_async_passes = 0,
		.migrate_sync_passes = 10,
		.migrate_copy_before_freeze = false,
		.move_drains_mapped = true,
		.pin_invalid_returns_zero = false,
		.fast_overflow_is_error = false,
		.movable_skips_cma_pcp = true,
		.fast_tests_before_ref = true,
		.unpin_skips_null = false,
		.kvm_prelock_retry = false,
		.kvm_retry_range_is_gfn = false,
		.kvm_roots_shared = false,
		.vm_destroy_after_vcpus = false,
		.protnone_followed = false,
		.free_checks_always = true,
		.mglru = false,
	},
	{
		.name = "6.12",
		.version = 0x060c00,
		.pagevec_size = 31,
		.longterm_pin_refs = GUP_PIN_COUNTING_BIAS,
		.longterm_drops_mmap_lock = true,
		.unshare_non_anon = true,
		.isolate_returns_bool = true,
		.migrate_batched = true,
		.migrate_async_passes = 3,
		.migrate_sync_passes = 7,
		.migrate_copy_before_freeze = true,
		.move_drains_mapped = false,
		.pin_invalid_returns_zero = true,
		.fast_overflow_is_error = true,
		.movable_skips_cma_pcp = false,
		.fast_tests_before_ref = false,
		.unpin_skips_null = true,
		.kvm_prelock_retry = true,
		.kvm_retry_range_is_gfn = true,
		.kvm_roots_shared = true,
		.vm_destroy_after_vcpus = true,
		.protnone_followed = true,
		/* Only with check_pages_enabled, which Debian's init_on_alloc=1 sets. */
		.free_checks_always = true,
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

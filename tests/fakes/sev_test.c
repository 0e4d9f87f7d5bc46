/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents bound to their frame (I.12), dirty cache lines by key, and the flush
 * when guest memory is reclaimed (H.30, I.11).
 */
#include "fakes/sev/contents.h"
#include "fakes/sev/probe.h"
#include "tests/fakes/kvm_tests.h"

/* A slot whose first page is there. Return: its pfn. */
static uint64_t guest_page(bool sev)
{
	build_as(&(struct kw_machine){ .profile = "6.12", .sev = sev });
	assert_int_equal(kw_slot(0, KW_GFN, KW_PAGES, 0), 0);
	kw_touch(KW_ADDR, true);
	kw_drain();
	kw_forget();
	return kw_pfn(KW_ADDR);
}

static struct probe_sev_counts counts(void)
{
	struct probe_sev_counts c;

	probe_sev_counts(&c);
	return c;
}

static void guest_write_is_intact_at_its_frame(void **state)
{
	uint64_t pfn = guest_page(true);
	struct probe_contents c;

	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_UNTOUCHED);
	kw_guest_write(KW_GFN, pfn);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_INTACT);
	assert_int_equal(probe_guest(0, KW_GFN + 1), PROBE_GUEST_UNTOUCHED);
	probe_contents(pfn, &c);
	assert_int_equal(c.key, 1);
	assert_int_equal(c.value, 1);
	assert_int_equal(c.bound_pfn, pfn);
	assert_false(c.garbage);
	kw_guest_write(KW_GFN, pfn);
	assert_int_equal(kw_guest_read(KW_GFN, pfn), 2);
	assert_int_equal(kw_host_read(pfn), -1);
}

static void encrypted_page_moved_is_garbage(void **state)
{
	uint64_t pfn = guest_page(true), now;
	struct probe_contents c;

	kw_guest_write(KW_GFN, pfn);
	assert_int_equal(kw_migrate(KW_ADDR), 0);
	now = kw_pfn(KW_ADDR);
	assert_int_not_equal(now, pfn);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_GARBAGE);
	assert_int_equal(kw_guest_read(KW_GFN, now), -1);
	probe_contents(now, &c);
	assert_true(c.garbage);
	assert_int_equal(c.bound_pfn, pfn);
}

static void plain_page_moved_is_intact(void **state)
{
	uint64_t pfn = guest_page(false);

	kw_guest_write(KW_GFN, pfn);
	assert_int_equal(kw_host_read(pfn), 1);
	assert_int_equal(kw_migrate(KW_ADDR), 0);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_INTACT);
	assert_int_equal(kw_guest_read(KW_GFN, kw_pfn(KW_ADDR)), 1);
}

static void page_replaced_by_zeroes_is_lost(void **state)
{
	uint64_t pfn = guest_page(true), other;

	kw_touch(KW_AT(1), true);
	other = kw_pfn(KW_AT(1));
	/* The guest's access went to a frame that its address no longer has. */
	kw_guest_write(KW_GFN, other);
	kw_host_write(pfn, 3);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_UNTOUCHED);
	kw_guest_write(KW_GFN + 2, pfn);
	assert_int_equal(probe_guest(0, KW_GFN + 2), PROBE_GUEST_LOST);
	kw_guest_write(KW_GFN, other);
	kw_guest_write(KW_GFN + 3, pfn);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_LOST);
}

static void vmm_that_unmaps_or_overwrites_loses_nothing(void **state)
{
	uint64_t pfn = guest_page(true);

	kw_guest_write(KW_GFN, pfn);
	kw_host_write(pfn, 9);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_UNTOUCHED);
	kw_guest_write(KW_GFN, pfn);
	kw_munmap(KW_ADDR, 4096);
	assert_int_equal(probe_guest(0, KW_GFN), PROBE_GUEST_UNTOUCHED);
	kw_touch(KW_AT(1), true);
	kw_guest_write(KW_GFN + 1, kw_pfn(KW_AT(1)));
	assert_int_equal(probe_guest(0, KW_GFN + 1), PROBE_GUEST_INTACT);
	assert_int_equal(kw_slot_delete(0), 0);
	assert_int_equal(probe_guest(0, KW_GFN + 1), PROBE_GUEST_UNTOUCHED);
}

static void guest_writes_are_walked_in_order(void **state)
{
	uint64_t pfn = guest_page(true);
	static const uint64_t gfn[] = { 0x100, 0x101, 0x13f, 0x140, 0x4000, 0x100000 };
	unsigned int i;

	for (i = 0; i < 6; i++)
		kw_guest_write(gfn[(i * 5 + 2) % 6], pfn);
	for (i = 0; i < 5; i++)
		assert_int_equal(probe_guest_next(0, gfn[i] + 1), gfn[i + 1]);
	assert_int_equal(probe_guest_next(0, 0), gfn[0]);
	assert_true(probe_guest_next(0, gfn[5] + 1) == UINT64_MAX);
	assert_true(probe_guest_next(1, 0) == UINT64_MAX);
}

static void untouched_page_reads_zero_and_host_text_does_not(void **state)
{
	uint64_t pfn = guest_page(true);

	kw_touch(KW_AT(1), false);
	assert_int_equal(kw_host_read(kw_pfn(KW_AT(1))), 0);
	assert_int_equal(kw_guest_read(KW_GFN + 1, kw_pfn(KW_AT(1))), 0);
	kw_host_write(pfn, 5);
	assert_int_equal(kw_host_read(pfn), 5);
	assert_int_equal(kw_guest_read(KW_GFN, pfn), -1);
}

/* --- caches --- */

static void clflush_cleans_host_lines_only(void **state)
{
	uint64_t pfn = guest_page(true);

	kw_host_write(pfn, 1);
	kw_guest_write(KW_GFN, pfn);
	assert_true(probe_dirty_lines(pfn, 0));
	assert_true(probe_dirty_lines(pfn, 1));
	assert_false(probe_dirty_lines(pfn, 2));
	kw_clflush(pfn);
	assert_false(probe_dirty_lines(pfn, 0));
	assert_true(probe_dirty_lines(pfn, 1));
	kw_page_flush(pfn);
	assert_false(probe_dirty_lines(pfn, 1));
	assert_int_equal(counts().clflush, 1);
	assert_int_equal(counts().page_flush, 1);
}

static void wbinvd_cleans_everything(void **state)
{
	uint64_t pfn = guest_page(true);

	kw_host_write(pfn, 1);
	kw_guest_write(KW_GFN, pfn);
	kw_wbinvd();
	assert_false(probe_dirty_lines(pfn, 0));
	assert_false(probe_dirty_lines(pfn, 1));
	kw_guest_write(KW_GFN, pfn);
	assert_false(probe_dirty_lines(pfn, 0));
	assert_true(probe_dirty_lines(pfn, 1));
	assert_int_equal(counts().wbinvd, 1);
}

static void reclaim_flushes_all_caches_of_sev_guest_only(void **state)
{
	guest_page(true);
	kw_set_reclaim_flush(true);
	kw_window_open(KW_AT(0), KW_AT(1));
	kw_window_close(KW_AT(0), KW_AT(1));
	assert_int_equal(counts().wbinvd, 1);
	assert_int_equal(kw_slot_delete(0), 0);
	assert_int_equal(counts().wbinvd, 2);

	guest_page(false);
	kw_set_reclaim_flush(true);
	kw_window_open(KW_AT(0), KW_AT(1));
	kw_window_close(KW_AT(0), KW_AT(1));
	assert_int_equal(counts().wbinvd, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(guest_write_is_intact_at_its_frame),
		ROLLED(encrypted_page_moved_is_garbage),
		ROLLED(plain_page_moved_is_intact),
		ROLLED(page_replaced_by_zeroes_is_lost),
		ROLLED(vmm_that_unmaps_or_overwrites_loses_nothing),
		ROLLED(guest_writes_are_walked_in_order),
		ROLLED(untouched_page_reads_zero_and_host_text_does_not),
		ROLLED(clflush_cleans_host_lines_only),
		ROLLED(wbinvd_cleans_everything),
		ROLLED(reclaim_flushes_all_caches_of_sev_guest_only),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

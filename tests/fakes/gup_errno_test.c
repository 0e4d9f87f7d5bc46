/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pin_user_pages_fast() refuses, and with what, in every kernel: each bad
 * argument, each kind of mapping, each way in which a page is not to be had
 * (E.2, E.3, E.5, E.6, E.10, E.11, E.14, E.19, M.1). To each is added what would
 * be refused later, so that the order of the checks shows.
 */
#include <errno.h>

#include "tests/fakes/gup_tests.h"

#define USER_END	((1ULL << 47) - 4096)
#define HOLE		(GW_ADDR - 4096)
#define SHARED		(GW_ADDR + (1ULL << 30))

static const char *const profiles[] = { "5.17", "6.1", "6.12" };
#define NR_PROFILES	(sizeof(profiles) / sizeof(profiles[0]))

/* Results: of 5.17 and 6.1, and of 6.12. */
struct result {
	long old, new;
};
#define SAME(r)		{ r, r }

static long result_in(const struct result *r, unsigned int profile)
{
	return profile == NR_PROFILES - 1 ? r->new : r->old;
}

static void check(const char *what, unsigned int profile, long got, long want)
{
	if (got != want)
		print_error("%s, %s: %ld, expected %ld\n", profiles[profile], what, got, want);
	assert_int_equal(got, want);
}

/* Nothing is left behind: no pin, and no page where none was. */
static void assert_untouched(void)
{
	assert_int_equal(counts().foll_pin_acquired, counts().foll_pin_released);
	assert_int_equal(gw_pfn(GW_ADDR), GW_NO_PFN);
}

/* --- the arguments: whatever the range, whoever is being killed --- */

static const struct {
	const char *what;
	unsigned int flags;
	struct result result;
} bad_flags[] = {
	{ "GET", GW_GET, SAME(-EINVAL) },
	{ "GET and LONGTERM", GW_GET | LONGTERM, SAME(-EINVAL) },
	/* The old kernels' own flags are let through; it is the range that is bad. */
	{ "PIN", GW_PIN, { 0, -EINVAL } },
	{ "FAST_ONLY", GW_FAST_ONLY, { 0, -EINVAL } },
	{ "TOUCH", GW_TOUCH, SAME(-EINVAL) },
	{ "REMOTE", GW_REMOTE, SAME(-EINVAL) },
	{ "TRIED", GW_TRIED, SAME(-EINVAL) },
	{ "UNLOCKABLE", GW_UNLOCKABLE, SAME(-EINVAL) },
	/* What a caller may ask for elsewhere. */
	{ "NOWAIT", GW_NOWAIT, SAME(-EINVAL) },
	{ "HWPOISON", GW_HWPOISON, SAME(-EINVAL) },
	{ "DUMP", GW_DUMP, SAME(-EINVAL) },
	{ "ANON", GW_ANON, SAME(-EINVAL) },
	{ "SPLIT_PMD", GW_SPLIT_PMD, SAME(-EINVAL) },
	{ "INTERRUPTIBLE", GW_INTERRUPTIBLE, SAME(-EINVAL) },
	{ "good flags", GW_WRITE | GW_LONGTERM | GW_FORCE | GW_NOFAULT, { 0, -EOVERFLOW } },
};

static void bad_flags_come_before_a_bad_range(void **state)
{
	uint64_t got[GW_PAGES];
	unsigned int p, i;

	for (p = 0; p < NR_PROFILES; p++) {
		build(profiles[p], BUILD_ZONE_CMA);
		gw_kill(true);
		for (i = 0; i < sizeof(bad_flags) / sizeof(bad_flags[0]); i++)
			check(bad_flags[i].what, p,
			      gw_gup(GW_PIN_FAST, -4096ULL, 2, bad_flags[i].flags, got),
			      result_in(&bad_flags[i].result, p));
		check("no array", p, gw_gup_null(GW_PIN_FAST, 1ULL << 60, LONGTERM), -EINVAL);
		gw_kill(false);
		assert_untouched();
	}
}

/* E.3: of both there can be one; the old kernels do not know the second. */
static void longterm_pin_of_device_memory_is_refused(void **state)
{
	uint64_t got;

	build("6.12", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM | GW_P2PDMA, &got), -EINVAL);
	assert_untouched();
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE | GW_P2PDMA, &got), 1);
}

/* --- the range: whoever is being killed --- */

static const struct {
	const char *what;
	uint64_t addr;
	int nr;
	struct result result;
} ranges[] = {
	{ "wraps", -4096ULL, 2, { 0, -EOVERFLOW } },
	{ "-1 page", GW_ADDR, -1, { 0, -EOVERFLOW } },
	{ "the kernel's", 1ULL << 60, 1, SAME(-EFAULT) },
	{ "up to the kernel's", USER_END - 4096, 2, SAME(-EFAULT) },
	{ "-1 page from 0", 0, -1, SAME(-EFAULT) },
	{ "nothing of the kernel's", 1ULL << 60, 0, SAME(-EFAULT) },
	/* No page is no error, wherever it would be. */
	{ "nothing", GW_ADDR, 0, SAME(0) },
	{ "nothing of a hole", HOLE, 0, SAME(0) },
	{ "nothing at the end", USER_END, 0, SAME(0) },
};

static void bad_range_comes_before_a_signal(void **state)
{
	uint64_t got[GW_PAGES];
	unsigned int p, i;

	for (p = 0; p < NR_PROFILES; p++) {
		build(profiles[p], BUILD_ZONE_CMA);
		gw_kill(true);
		for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
			check(ranges[i].what, p,
			      gw_gup(GW_PIN_FAST, ranges[i].addr, ranges[i].nr, LONGTERM, got),
			      result_in(&ranges[i].result, p));
		gw_kill(false);
		assert_untouched();
	}
}

/* --- the mapping: before the signal, once 6.12 has the lock --- */

/* What is pinned of an absent page: read, write, and the same with FOLL_FORCE. */
static const struct {
	const char *what;
	enum vw_kind how;
	long read, write, read_force, write_force;
} mappings[] = {
	{ "VM_IO", VW_IO, -EFAULT, -EFAULT, -EFAULT, -EFAULT },
	{ "VM_PFNMAP", VW_PFNMAP, -EFAULT, -EFAULT, -EFAULT, -EFAULT },
	{ "read-only", VW_NO_WRITE, 1, -EFAULT, 1, 1 },
	{ "PROT_NONE", VW_NO_READ, -EFAULT, -EFAULT, 1, 1 },
	{ "write-only", VW_WRITE_ONLY, -EFAULT, 1, 1, 1 },
	{ "never writable", VW_NO_MAYWRITE, 1, -EFAULT, 1, -EFAULT },
	{ "never readable", VW_NO_MAYREAD, -EFAULT, -EFAULT, -EFAULT, 1 },
	{ "shared, read-only", VW_SHARED_NO_WRITE, 1, -EFAULT, 1, -EFAULT },
	{ "ordinary", VW_READ_WRITE, 1, 1, 1, 1 },
};

#define NR_MAPPINGS	(sizeof(mappings) / sizeof(mappings[0]))

/* In the order of the table's columns. */
static long mapping_gives(unsigned int i, unsigned int column)
{
	return column == 0 ? mappings[i].read : column == 1 ? mappings[i].write :
	       column == 2 ? mappings[i].read_force : mappings[i].write_force;
}

static unsigned int column_flags(unsigned int column)
{
	return (column & 1 ? GW_WRITE : 0) | (column & 2 ? GW_FORCE : 0);
}

static void try_mapping(unsigned int p, unsigned int i, unsigned int column, unsigned int more)
{
	uint64_t got;

	build(profiles[p], BUILD_ZONE_NORMAL);
	vw_change(GW_ADDR, mappings[i].how);
	check(mappings[i].what, p,
	      gw_gup(GW_PIN_FAST, GW_ADDR, 1, column_flags(column) | more, &got),
	      mapping_gives(i, column));
	if (mapping_gives(i, column) < 0)
		assert_untouched();
}

static void kind_of_mapping_decides(void **state)
{
	unsigned int p, i, column;

	for (p = 0; p < NR_PROFILES; p++)
		for (i = 0; i < NR_MAPPINGS; i++)
			for (column = 0; column < 4; column++) {
				try_mapping(p, i, column, 0);
				try_mapping(p, i, column, GW_LONGTERM);
			}
}

/* The same of shared memory, which no force writes to. */
static void kind_of_shared_mapping_decides(void **state)
{
	static const struct {
		const char *what;
		enum vw_kind how;
		long result[4];
	} is[] = {
		{ "shared", VW_READ_WRITE, { 1, 1, 1, 1 } },
		{ "shared, read-only", VW_NO_WRITE, { 1, -EFAULT, 1, -EFAULT } },
		{ "shared, PROT_NONE", VW_NO_READ, { -EFAULT, -EFAULT, 1, -EFAULT } },
		{ "shared, VM_IO", VW_IO, { -EFAULT, -EFAULT, -EFAULT, -EFAULT } },
	};
	unsigned int p, i, column;
	uint64_t got;

	for (p = 0; p < NR_PROFILES; p++)
		for (i = 0; i < 2 * sizeof(is) / sizeof(is[0]); i++)
			for (column = 0; column < 4; column++) {
				unsigned int more = i & 1 ? GW_LONGTERM : 0;

				build(profiles[p], BUILD_ZONE_NORMAL);
				assert_int_equal(build_map_shmem(0, SHARED, 4096,
								 BUILD_ZONE_NORMAL), 0);
				vw_change(SHARED, is[i / 2].how);
				check(is[i / 2].what, p,
				      gw_gup(GW_PIN_FAST, SHARED, 1, column_flags(column) | more,
					     &got), is[i / 2].result[column]);
				check("no anonymous memory", p,
				      gw_gup(GW_GET_LOCKED, SHARED, 1, GW_ANON, &got), -EFAULT);
			}
}

static void hole_is_efault_whatever_is_asked(void **state)
{
	unsigned int p, column;
	uint64_t got;

	for (p = 0; p < NR_PROFILES; p++) {
		build(profiles[p], BUILD_ZONE_NORMAL);
		for (column = 0; column < 4; column++)
			check("hole", p,
			      gw_gup(GW_PIN_FAST, HOLE, 1, column_flags(column), &got), -EFAULT);
		assert_untouched();
	}
}

/* The mapping is looked at before the signal; mmap_lock is free, so it asks nobody (E.11). */
static void killed_at(unsigned int nth, const struct result *of_hole,
		      const struct result *of_mapping)
{
	unsigned int p;
	uint64_t got;

	for (p = 0; p < NR_PROFILES; p++) {
		build(profiles[p], BUILD_ZONE_NORMAL);
		gw_kill_at(nth);
		check("hole", p, gw_gup(GW_PIN_FAST, HOLE, 1, LONGTERM, &got),
		      result_in(of_hole, p));
		gw_kill_at(nth);
		check("ordinary", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_NOFAULT, &got),
		      result_in(of_mapping, p));
		gw_kill(false);
		assert_untouched();
	}
}

static void mapping_comes_before_a_signal_and_that_before_the_page(void **state)
{
	killed_at(1, &(struct result)SAME(-EFAULT), &(struct result)SAME(-EINTR));
	killed_at(2, &(struct result)SAME(-EFAULT), &(struct result)SAME(-EFAULT));
}

/* --- the page --- */

static void absent_page_has_the_errno_of_what_failed(void **state)
{
	unsigned int p;
	uint64_t got;

	for (p = 0; p < NR_PROFILES; p++) {
		build(profiles[p], BUILD_ZONE_NORMAL);
		gw_fail_page_alloc();
		/* It is not asked for at all. */
		check("no fault", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM | GW_NOFAULT, &got),
		      -EFAULT);
		check("no memory", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), -ENOMEM);
		gw_kill(false);
		assert_untouched();
		gw_fail_grab();
		check("no reference", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), -ENOMEM);
		assert_int_equal(counts().foll_pin_acquired, 0);
		/* That one had been faulted in, and is now had without a fault. */
		gw_fail_page_alloc();
		check("present", p,
		      gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE | GW_NOFAULT, &got), 1);
		gw_kill(false);
	}
}

/* E.19: all that migration may say is one errno; a short pin does not ask. */
static void page_that_must_move_and_cannot_is_enomem(void **state)
{
	unsigned int p;
	uint64_t got;

	for (p = 0; p < NR_PROFILES; p++) {
		uint64_t pfn = settled_page(profiles[p], BUILD_ZONE_CMA);

		gw_fail_alloc_after(0);
		check("no target", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), -ENOMEM);
		gw_fail_alloc_after(-1);
		assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
		check("held", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), -ENOMEM);
		check("short", p, gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
		assert_int_equal(got, pfn);
	}
}

/* E.1: what only the slow functions let a caller ask for. */
static void slow_functions_take_flags_that_fast_ones_refuse(void **state)
{
	unsigned int p;
	uint64_t got;

	for (p = 0; p < NR_PROFILES; p++) {
		build(profiles[p], BUILD_ZONE_NORMAL);
		/* A core dump has no use for what is not there, nor for zeroes. */
		check("dump without a table", p, gw_gup(GW_GET_LOCKED, GW_ADDR, 1, GW_DUMP, &got),
		      -EFAULT);
		gw_read(GW_AT(1));
		check("dump of nothing", p, gw_gup(GW_GET_LOCKED, GW_ADDR, 1, GW_DUMP, &got),
		      -EFAULT);
		gw_read(GW_ADDR);
		check("dump of zeroes", p, gw_gup(GW_GET_LOCKED, GW_ADDR, 1, GW_DUMP, &got),
		      -EFAULT);
		gw_write(GW_ADDR);
		check("dump", p, gw_gup(GW_GET_LOCKED, GW_ADDR, 1, GW_DUMP, &got), 1);
		check("anonymous", p, gw_gup(GW_GET_LOCKED, GW_ADDR, 1, GW_ANON, &got), 1);
		gw_fail_page_alloc();
		check("no memory, poisoned or not", p,
		      gw_gup(GW_GET_LOCKED, GW_AT(2), 1, GW_WRITE | GW_HWPOISON, &got), -ENOMEM);
		gw_kill(false);
		check("no wait", p, gw_gup(GW_GET_UNLOCKED, GW_AT(1), 1, GW_NOWAIT, &got), 1);
	}
}

/* --- E.11, E.14: what was got before the error is kept, and no error told --- */

/* One page that both parts can have, then one of a mapping that refuses. */
static void short_before_mapping(unsigned int p, unsigned int i, bool present)
{
	uint64_t got[2];
	struct probe_page page;

	build(profiles[p], BUILD_ZONE_NORMAL);
	gw_munmap(GW_AT(1), 4096);
	assert_int_equal(build_map(0, GW_AT(1), 4096, BUILD_ZONE_NORMAL), 0);
	vw_change(GW_AT(1), mappings[i].how);
	if (present)
		gw_write(GW_ADDR);
	check(mappings[i].what, p, gw_gup(GW_PIN_FAST, GW_ADDR, 2, LONGTERM, got),
	      mappings[i].write < 0 ? 1 : 2);
	assert_true(probe_page(got[0], &page));
	assert_int_equal(page.pins, 1);
	assert_int_equal(got[0], gw_pfn(GW_ADDR));
}

static void error_of_a_later_page_is_a_short_count(void **state)
{
	unsigned int p, i;

	for (p = 0; p < NR_PROFILES; p++)
		for (i = 0; i < NR_MAPPINGS; i++) {
			short_before_mapping(p, i, false);
			short_before_mapping(p, i, true);
		}
}

/* Two questions for each page that is faulted in; none for a lock that is free. */
static void signal_at_a_later_page_is_a_short_count(void **state)
{
	unsigned int p, nth;

	for (p = 0; p < NR_PROFILES; p++) {
		for (nth = 1; nth <= 7; nth++) {
			long want = nth <= 2 ? -EINTR : nth <= 4 ? 1 : nth <= 6 ? 2 : 3;
			uint64_t got[3];

			build(profiles[p], BUILD_ZONE_NORMAL);
			gw_kill_at(nth);
			check("killed", p, gw_gup(GW_PIN_FAST, GW_ADDR, 3, LONGTERM, got), want);
			gw_kill(false);
			assert_int_equal(counts().foll_pin_acquired - counts().foll_pin_released,
					 want < 0 ? 0 : want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bad_flags_come_before_a_bad_range),
		TEST(longterm_pin_of_device_memory_is_refused),
		TEST(bad_range_comes_before_a_signal),
		TEST(kind_of_mapping_decides),
		TEST(kind_of_shared_mapping_decides),
		TEST(hole_is_efault_whatever_is_asked),
		TEST(mapping_comes_before_a_signal_and_that_before_the_page),
		TEST(absent_page_has_the_errno_of_what_failed),
		TEST(page_that_must_move_and_cannot_is_enomem),
		TEST(slow_functions_take_flags_that_fast_ones_refuse),
		TEST(error_of_a_later_page_is_a_short_count),
		TEST(signal_at_a_later_page_is_a_short_count),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

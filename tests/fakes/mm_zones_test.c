/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Zones, pageblocks and the allocator: the contract's section B. */
#include <errno.h>

#include "tests/fakes/mm_tests.h"

/* The kernel's numbers of migratetypes (B.2). */
enum { UNMOVABLE, MOVABLE, RECLAIMABLE, HIGHATOMIC, CMA, ISOLATE };

#define MIB	(1ULL << 20)

/* B.3, B.4 */
static void gfp_names_zone_and_type(void **state)
{
	static const struct {
		enum mw_gfp gfp;
		bool movable_zone;
		int type;
	} table[] = {
		{ MW_GFP_KERNEL, false, UNMOVABLE },
		{ MW_GFP_USER, false, UNMOVABLE },
		{ MW_GFP_HIGHUSER, false, UNMOVABLE },
		{ MW_GFP_MOVABLE, false, MOVABLE },
		{ MW_GFP_HIGHUSER_MOVABLE, true, MOVABLE },
		{ MW_GFP_RECLAIMABLE, false, RECLAIMABLE },
	};
	unsigned int i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(mw_gfp_zone(table[i].gfp), table[i].movable_zone);
		assert_int_equal(mw_gfp_type(table[i].gfp), table[i].type);
	}
}

/* B.3, B.4: that is zone and type of the block which the page is then taken from. */
static void type_of_block(void)
{
	static const int types[MW_NR_GFP] = {
		[MW_GFP_MOVABLE] = MOVABLE,
		[MW_GFP_HIGHUSER_MOVABLE] = MOVABLE,
		[MW_GFP_RECLAIMABLE] = RECLAIMABLE,
	};
	enum mw_gfp gfp;

	for (gfp = 0; gfp < MW_NR_GFP; gfp++) {
		uint64_t pfn = mw_alloc(gfp, false);

		assert_int_equal(mw_block_type(pfn), types[gfp]);
		assert_int_equal(page_at(pfn).zone == PROBE_ZONE_MOVABLE,
				 gfp == MW_GFP_HIGHUSER_MOVABLE);
	}
}

/* B.2: a page has the type of its block; who had it last does not matter. */
static void type_after_free(void)
{
	uint64_t pfn = mw_alloc(MW_GFP_USER, false);

	mw_free(pfn);
	assert_int_not_equal(mw_alloc(MW_GFP_MOVABLE, false), pfn);
	assert_int_equal(mw_alloc(MW_GFP_USER, false), pfn);
}

static void alloc_takes_a_block_of_its_type(void **state)
{
	on_both(type_of_block, BUILD_ZONE_NORMAL);
	on_both(type_after_free, BUILD_ZONE_NORMAL);
}

/* B.9, B.10 */
static void movability(void)
{
	uint64_t movable = mw_alloc(MW_GFP_HIGHUSER_MOVABLE, false);
	uint64_t pinned = mw_alloc(MW_GFP_HIGHUSER_MOVABLE, true);

	assert_int_equal(page_at(movable).zone, PROBE_ZONE_MOVABLE);
	assert_false(page_at(movable).pinnable);
	assert_int_equal(page_at(pinned).zone, PROBE_ZONE_NORMAL);
	assert_int_equal(mw_block_type(pinned), UNMOVABLE);
	assert_true(page_at(pinned).pinnable);
}

static void alloc_under_memalloc_pin_is_not_movable(void **state)
{
	on_both(movability, BUILD_ZONE_NORMAL);
}

/* Where a mapping says that its pages land. */
static void place_normal(void)
{
	uint64_t pfn = settled_page();

	assert_int_equal(page_at(pfn).zone, PROBE_ZONE_NORMAL);
	assert_int_equal(mw_block_type(pfn), MOVABLE);
}

static void place_movable(void)
{
	assert_int_equal(page_at(settled_page()).zone, PROBE_ZONE_MOVABLE);
}

static void place_cma(void)
{
	uint64_t pfn = settled_page();

	assert_true(page_at(pfn).cma);
	assert_int_equal(page_at(pfn).zone, PROBE_ZONE_NORMAL);
	/* B.7: a freed CMA page waits on the movable list, and is found there. */
	assert_int_equal(mw_munmap(MW_ADDR, 4096), 0);
	assert_true(page_at(pfn).free);
	assert_int_equal(mw_write(MW_AT(1), 1), 0);
	assert_int_equal(mw_pfn(MW_AT(1)), pfn);
}

static void alloc_follows_the_mappings_place(void **state)
{
	on_both(place_normal, BUILD_ZONE_NORMAL);
	on_both(place_movable, BUILD_ZONE_MOVABLE);
	on_both(place_cma, BUILD_ZONE_CMA);
}

/* B.5, B.17: CMA memory serves movable requests only. */
static void only_cma_left(void)
{
	uint64_t pfn;

	assert_int_equal(mw_fill(MW_GFP_USER), (4 + 4) * 256 - 2);
	assert_int_equal(mw_alloc(MW_GFP_USER, false), MW_NO_PFN);
	assert_int_equal(mw_alloc(MW_GFP_HIGHUSER_MOVABLE, true), MW_NO_PFN);
	pfn = mw_alloc(MW_GFP_HIGHUSER_MOVABLE, false);
	assert_true(page_at(pfn).cma);
	mw_free(pfn);
	mw_unfill();
}

static void alloc_unmovable_never_takes_cma(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.12", .normal = 12, .cma = 4 },
		   only_cma_left);
}

/* B.6: more than half of what is free is CMA, so movable requests go there. */
static void cma_first(void)
{
	assert_true(page_at(mw_alloc(MW_GFP_MOVABLE, false)).cma);
}

static void cma_not_first(void)
{
	assert_false(page_at(mw_alloc(MW_GFP_MOVABLE, false)).cma);
}

static void alloc_movable_prefers_cma_when_it_is_most_of_the_zone(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.12", .normal = 24, .cma = 16 }, cma_first);
	on_machine(&(struct mw_machine){ .profile = "6.12", .normal = 24, .cma = 8 },
		   cma_not_first);
}

/* B.6: with no block of its own type left, a whole movable one is claimed. */
static void claim(void)
{
	uint64_t pfn, n;

	for (n = 0; n < 1022; n++)
		assert_int_equal(mw_alloc(MW_GFP_USER, false) / 1024, 0);
	pfn = mw_alloc(MW_GFP_USER, false);
	assert_int_equal(pfn / 1024, 1);
	assert_int_equal(mw_block_type(pfn), UNMOVABLE);
	assert_int_equal(mw_block_type(pfn + 512), UNMOVABLE);
	assert_int_equal(mw_block_type(2048), MOVABLE);
}

static void alloc_fallback_claims_a_pageblock(void **state)
{
	on_both(claim, BUILD_ZONE_NORMAL);
}

/* B.6: of two others that have a whole block, the kernel's first choice is taken. */
static void fallback_order(void)
{
	uint64_t pfn = mw_alloc(MW_GFP_RECLAIMABLE, false), n;

	assert_int_equal(pfn / 1024, 1);
	mw_free(pfn);
	mw_drain_pcp();
	for (n = 0; n < 1022; n++)
		assert_int_equal(mw_alloc(MW_GFP_USER, false) / 1024, 0);
	assert_int_equal(mw_alloc(MW_GFP_USER, false) / 1024, 1);
	assert_int_equal(mw_block_type(2048), MOVABLE);
}

static void alloc_unmovable_borrows_reclaimable_before_movable(void **state)
{
	on_both(fallback_order, BUILD_ZONE_NORMAL);
}

/* B.12: in this order, so that the zero page in a bad block is not pinnable. */
static void pinnability(void)
{
	uint64_t normal = mw_alloc(MW_GFP_USER, false), zero = mw_zero_pfn();

	assert_true(mw_pinnable(normal));
	assert_true(mw_pinnable(zero));
	assert_false(mw_pinnable(mw_alloc(MW_GFP_HIGHUSER_MOVABLE, false)));
	assert_int_equal(mw_write(MW_ADDR, 1), 0);
	assert_false(mw_pinnable(mw_pfn(MW_ADDR)));
	mw_set_block_isolate(normal);
	assert_false(mw_pinnable(normal));
	assert_int_equal(zero / 512, normal / 512);
	assert_false(mw_pinnable(zero));
}

/* 5.17 asks for the zero page first, and for an isolated block not at all. */
static void pinnability_5_17(void)
{
	uint64_t normal = mw_alloc(MW_GFP_USER, false), zero = mw_zero_pfn();

	assert_false(mw_pinnable(mw_alloc(MW_GFP_HIGHUSER_MOVABLE, false)));
	mw_set_block_isolate(normal);
	assert_true(mw_pinnable(normal));
	assert_true(mw_pinnable(zero));
	mw_set_block_cma(normal);
	assert_false(mw_pinnable(normal));
	assert_true(mw_pinnable(zero));
}

static void page_pinnable_by_block_then_zero_then_zone(void **state)
{
	on_both(pinnability, BUILD_ZONE_CMA);
	on_machine(&(struct mw_machine){ .profile = "5.17", .place = BUILD_ZONE_CMA },
		   pinnability_5_17);
}

/* B.13: pages of an isolated block are neither given out nor on per-CPU lists. */
static void isolated(void)
{
	uint64_t pfn = mw_alloc(MW_GFP_USER, false), n;

	mw_set_block_isolate(pfn);
	mw_free(pfn);
	assert_true(page_at(pfn).free);
	for (n = 0; n < 600; n++)
		assert_int_not_equal(mw_alloc(MW_GFP_USER, false) / 512, pfn / 512);
}

static void alloc_skips_an_isolated_block(void **state)
{
	on_both(isolated, BUILD_ZONE_NORMAL);
}

/* Everything that was taken apart grows together again. */
static void merge(void)
{
	uint64_t before = counts().free_pages, n, again;

	n = mw_fill(MW_GFP_HIGHUSER_MOVABLE);
	assert_int_equal(counts().free_pages, 0);
	assert_int_equal(n, before);
	mw_unfill();
	mw_drain_pcp();
	assert_int_equal(counts().free_pages, before);
	again = mw_fill(MW_GFP_HIGHUSER_MOVABLE);
	assert_int_equal(again, n);
}

static void buddy_loses_no_page(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.12", .normal = 8, .movable = 8, .cma = 4,
					 .cma_in = BUILD_ZONE_MOVABLE }, merge);
}

static void next_allocated(void)
{
	uint64_t pfn = mw_alloc(MW_GFP_HIGHUSER_MOVABLE, false);

	assert_int_equal(probe_next_allocated(0), 0);
	assert_int_equal(probe_next_allocated(1), 1);
	assert_int_equal(probe_next_allocated(2), pfn);
	assert_int_equal(probe_next_allocated(pfn + 1), UINT64_MAX);
	assert_false(probe_page(probe_nr_pages(), &(struct probe_page){ 0 }));
}

static void probe_finds_the_allocated_pages(void **state)
{
	on_both(next_allocated, BUILD_ZONE_NORMAL);
}

static void machine_refuses_what_does_not_fit(void **state)
{
	static const struct {
		uint64_t normal, movable, cma;
		enum build_zone in;
	} bad[] = {
		{ 0, 64 * MIB, 0, BUILD_ZONE_NORMAL },
		{ 3 * MIB, 0, 0, BUILD_ZONE_NORMAL },
		{ 8 * MIB, 4096, 0, BUILD_ZONE_NORMAL },
		{ 8 * MIB, 0, 2 * MIB, BUILD_ZONE_NORMAL },
		{ 8 * MIB, 0, 8 * MIB, BUILD_ZONE_NORMAL },
		{ 8 * MIB, 4 * MIB, 8 * MIB, BUILD_ZONE_MOVABLE },
	};
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(rolled_build());
		assert_int_equal(mw_build_machine(bad[i].normal, bad[i].movable, bad[i].cma,
						  bad[i].in), -EINVAL);
	}
}

/* A guest of 1 TiB costs what is touched of it. */
static void machine_of_1_tib_is_built_at_once(void **state)
{
	uint64_t first;

	assert_true(rolled_build());
	assert_int_equal(mw_build_machine(1 << 20, 1024 * 1024 * MIB, 0, BUILD_ZONE_NORMAL),
			 -EINVAL);
	assert_true(rolled_build());
	assert_int_equal(mw_build_machine(64 * MIB, 1024 * 1024 * MIB, 0, BUILD_ZONE_NORMAL), 0);
	rolled_mark();
	first = mw_alloc(MW_GFP_HIGHUSER_MOVABLE, false);
	assert_int_equal(page_at(first).zone, PROBE_ZONE_MOVABLE);
	assert_int_equal(probe_nr_pages(), (64 + 1024 * 1024) * 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gfp_names_zone_and_type),
		ROLLED(alloc_takes_a_block_of_its_type),
		ROLLED(alloc_under_memalloc_pin_is_not_movable),
		ROLLED(alloc_follows_the_mappings_place),
		ROLLED(alloc_unmovable_never_takes_cma),
		ROLLED(alloc_movable_prefers_cma_when_it_is_most_of_the_zone),
		ROLLED(alloc_fallback_claims_a_pageblock),
		ROLLED(alloc_unmovable_borrows_reclaimable_before_movable),
		ROLLED(page_pinnable_by_block_then_zero_then_zone),
		ROLLED(alloc_skips_an_isolated_block),
		ROLLED(buddy_loses_no_page),
		ROLLED(probe_finds_the_allocated_pages),
		ROLLED(machine_refuses_what_does_not_fit),
		ROLLED(machine_of_1_tib_is_built_at_once),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reclaim while somebody pins, takes a reference, writes, reads, forks, migrates
 * or reclaims as well: every schedule of two tasks with three preemptions
 * at most (J.9, H-14). After
 * each the books must balance and what was written can be read.
 */
#include "tests/fakes/fork_tests.h"
#include "tests/fakes/gup_bounded.h"

struct race {
	struct bounded bounded;
	struct two_tasks seen;
	uint64_t lost;		/* a pin or reference is on another page than is mapped */
	uint64_t swapped;	/* it is swapped out in the end */
	uint64_t pinned_swapped; /* though it is pinned */
};

static void done(struct bounded *self, enum sim_end end)
{
	bool swapped = pte_of(FW_PARENT, FW_ADDR).kind == PROBE_PTE_SWAP;
	struct race *r = (struct race *)self;
	uint64_t pfn = two_tasks_ended(&r->seen, end);

	r->swapped += swapped;
	if (pfn == FW_NO_PFN)
		return;
	r->pinned_swapped += swapped && page_at(pfn).pins;
	r->lost += !swapped && pfn != fw_pfn(FW_PARENT, FW_ADDR);
}

static void explore(struct race *r, const char *profile, enum fw_op other)
{
	*r = (struct race){
		.bounded = { .preemptions = 3, .max_steps = 600, .done = done },
	};
	build(profile);
	settled(FW_ADDR);
	fw_task(0, FW_OP_PAGEOUT);
	fw_task(1, other);
	bounded_run(&r->bounded);
	assert_two_tasks(&r->seen, r->bounded.executions);
	assert_int_equal(r->lost, 0);
}

/* H-14: a pinned page has no swap entry, but in 5.17, where nobody asks twice (H-11). */
static void check_pin(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_PIN);
	assert_int_equal(r.seen.failed, 0);
	assert_int_equal(r.pinned_swapped > 0, is_5_17(profile));
	assert_int_equal(r.swapped, r.pinned_swapped);
}

static void race_pageout_and_pin_never_swaps_pinned_page(void **state)
{
	on_all(check_pin);
}

/* J.9: the reference comes before it is unmapped, and keeps it in the cache; or after. */
static void check_get(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_GET);
	assert_int_equal(r.seen.failed, 0);
	assert_true(r.swapped > 0 && r.swapped < r.bounded.executions);
}

static void race_pageout_and_get_keeps_the_page(void **state)
{
	on_all(check_get);
}

static void check_with(const char *profile, enum fw_op op)
{
	struct race r;

	explore(&r, profile, op);
	assert_int_equal(r.seen.failed, 0);
}

static void with_others(const char *profile)
{
	static const enum fw_op ops[] = { FW_OP_WRITE, FW_OP_READ, FW_OP_FORK, FW_OP_PAGEOUT };
	unsigned int i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		check_with(profile, ops[i]);
}

/* J.9, J.11: whatever comes between, what was written is there. */
static void race_pageout_and_others_balances(void **state)
{
	on_all(with_others);
}

/* C.9: a page has one isolation; a migration that finds it under way says so. */
static void check_migrate(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_MIGRATE);
	assert_true(r.seen.failed > 0 && r.seen.failed < r.bounded.executions);
}

static void race_pageout_and_migrate_take_turns(void **state)
{
	on_all(check_migrate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(race_pageout_and_pin_never_swaps_pinned_page),
		TEST(race_pageout_and_get_keeps_the_page),
		TEST(race_pageout_and_others_balances),
		TEST(race_pageout_and_migrate_take_turns),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

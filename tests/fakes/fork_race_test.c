/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork() while somebody pins, writes, migrates or moves the page: every schedule
 * of two tasks up to a bound (J.11, E.13, O.1). After each the books must balance,
 * and a pinned page is the pinner's alone.
 */
#include "sim/explore/dfs.h"
#include "tests/fakes/fork_tests.h"

struct race {
	struct sim_dfs dfs;
	struct two_tasks seen;
	uint64_t lost;		/* a pin is not on the pinner's page, or the child has it */
	uint64_t shared;	/* parent and child map one page at the end */
	uint64_t pinned_before, pinned_after;	/* the child has a copy; or had the old page */
};

static bool done(struct sim_dfs *self, enum sim_end end)
{
	uint64_t parents = fw_pfn(FW_PARENT, FW_ADDR), childs = fw_pfn(FW_CHILD, FW_ADDR);
	struct race *r = (struct race *)self;
	uint64_t pin = two_tasks_ended(&r->seen, end);

	r->shared += parents == childs;
	if (pin == FW_NO_PFN)
		return false;
	r->lost += pin != parents || pin == childs;
	if (page_at(childs).refcount > 1)
		r->pinned_before++;
	else
		r->pinned_after++;
	return false;
}

/* Every schedule of these two, after a fork if neither does it. */
static void explore_two(struct race *r, const char *profile, enum fw_op one, enum fw_op other)
{
	*r = (struct race){
		.dfs = {
			.done = done, .max_steps = 600, .max_executions = 30000,
			.verify_rollback = true, .verify_executions = 50,
		},
	};
	build(profile);
	settled(FW_ADDR);
	if (one != FW_OP_FORK)
		assert_int_equal(fw_fork(), 0);
	fw_task(0, one);
	fw_task(1, other);
	assert_int_equal(sim_dfs_run(&r->dfs), 0);
	assert_two_tasks(&r->seen, r->dfs.executions);
}

static void explore(struct race *r, const char *profile, enum fw_op other)
{
	explore_two(r, profile, FW_OP_FORK, other);
}

/*
 * E.13, H-18: whoever comes first: pinned, and the child has a copy of it; or
 * shared, and the pin is of a copy. Never a pin of a page that both map.
 */
static void check_pin(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_PIN);
	assert_int_equal(r.seen.failed, 0);
	assert_int_equal(r.lost, 0);
	assert_int_equal(r.shared, 0);
	assert_true(r.pinned_before + r.pinned_after == r.dfs.executions);
}

static void race_fork_and_pin_never_share_the_pinned_page(void **state)
{
	on_all(check_pin);
}

/* J.12: the write is to the page before it is shared, or to a copy after. */
static void check_write(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_WRITE);
	assert_int_equal(r.seen.failed, 0);
	assert_true(r.shared > 0);
	assert_true(r.shared < r.dfs.executions);
}

static void race_fork_and_write_shares_or_copies(void **state)
{
	on_all(check_write);
}

/*
 * D.9, J.11: a fork in the middle of a migration copies the entry, and both are
 * mapped anew; a fork's reference may also stop the migration.
 */
static void check_migrate(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_MIGRATE);
	assert_int_equal(r.shared, r.dfs.executions);
}

static void race_fork_and_migrate_share_one_page(void **state)
{
	on_all(check_migrate);
}

/* J.13: mmap_lock is one or the other's; the child has the page where it was then. */
static void check_mremap(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_MREMAP);
	assert_int_equal(r.seen.failed, 0);
}

static void race_fork_and_mremap_one_after_the_other(void **state)
{
	on_all(check_mremap);
}

/* K.26: the child's write and the parent's, in any order: one of them reuses. */
static void check_two_writers(const char *profile)
{
	struct race r;

	explore_two(&r, profile, FW_OP_WRITE, FW_OP_CHILD_WRITE);
	assert_int_equal(r.seen.failed, 0);
	assert_int_equal(r.shared, 0);
}

static void race_two_writers_never_share(void **state)
{
	on_all(check_two_writers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(race_fork_and_pin_never_share_the_pinned_page),
		TEST(race_fork_and_write_shares_or_copies),
		TEST(race_fork_and_migrate_share_one_page),
		TEST(race_fork_and_mremap_one_after_the_other),
		TEST(race_two_writers_never_share),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

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
	uint64_t odd;		/* executions that did not end as they must */
	uint64_t unbalanced;	/* pages whose count is not what the ledger knows */
	uint64_t failed;	/* a task was refused */
	uint64_t lost;		/* a pin is not on the pinner's page, or the child has it */
	uint64_t shared;	/* parent and child map one page at the end */
	uint64_t pinned_before, pinned_after;	/* the child has a copy; or had the old page */
};

static void count_pages(struct race *r)
{
	struct probe_page p;
	uint64_t pfn;

	for (pfn = probe_next_allocated(2); pfn != UINT64_MAX;
	     pfn = probe_next_allocated(pfn + 1)) {
		probe_page(pfn, &p);
		r->unbalanced += p.refcount != p.expected || p.refcount <= 0 || p.locked;
	}
}

static bool done(struct sim_dfs *self, enum sim_end end)
{
	uint64_t parents = fw_pfn(FW_PARENT, FW_ADDR), childs = fw_pfn(FW_CHILD, FW_ADDR), pin;
	struct race *r = (struct race *)self;

	r->odd += end != SIM_END_DONE;
	count_pages(r);
	r->failed += fw_result(0, NULL) != 0;
	r->failed += fw_result(1, &pin) != 0;
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

static void explore(struct race *r, const char *profile, enum fw_op other)
{
	*r = (struct race){
		.dfs = {
			.done = done, .max_steps = 600, .max_executions = 30000,
			.verify_rollback = true, .verify_executions = 50,
		},
	};
	build(profile);
	settled(FW_ADDR);
	fw_task(0, FW_OP_FORK);
	fw_task(1, other);
	assert_int_equal(sim_dfs_run(&r->dfs), 0);
	assert_true(r->dfs.executions > 1);
	assert_int_equal(r->odd, 0);
	assert_int_equal(r->unbalanced, 0);
}

/*
 * E.13, H-18: whoever comes first: pinned, and the child has a copy of it; or
 * shared, and the pin is of a copy. Never a pin of a page that both map.
 */
static void check_pin(const char *profile)
{
	struct race r;

	explore(&r, profile, FW_OP_PIN);
	assert_int_equal(r.failed, 0);
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
	assert_int_equal(r.failed, 0);
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
	assert_int_equal(r.failed, 0);
}

static void race_fork_and_mremap_one_after_the_other(void **state)
{
	on_all(check_mremap);
}

/* K.26: the child's write and the parent's, in any order: one of them reuses. */
static void check_two_writers(const char *profile)
{
	struct race r = { .dfs = { .done = done, .max_steps = 600, .max_executions = 30000,
				   .verify_rollback = true, .verify_executions = 50 } };

	build(profile);
	settled(FW_ADDR);
	assert_int_equal(fw_fork(), 0);
	fw_task(0, FW_OP_WRITE);
	fw_task(1, FW_OP_CHILD_WRITE);
	assert_int_equal(sim_dfs_run(&r.dfs), 0);
	assert_int_equal(r.odd, 0);
	assert_int_equal(r.unbalanced, 0);
	assert_int_equal(r.failed, 0);
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

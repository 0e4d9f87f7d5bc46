/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two tasks in the mm at once: every schedule, each rolled back and compared.
 * After each the books must balance: what the ledger knows of a page is its
 * count (O.1), what is mapped is in use (O.2), and nothing that nobody maps or
 * holds is.
 */
#include <errno.h>

#include "sim/explore/dfs.h"
#include "sim/explore/random.h"
#include "tests/fakes/balance.h"
#include "tests/fakes/mm_tests.h"

struct race {
	struct sim_dfs dfs;
	uint64_t odd;		/* executions that did not end as they must */
	uint64_t unbalanced;	/* pages whose count is not what the ledger knows */
	uint64_t ret[2][3];	/* results of the tasks: 0, above, below */
	uint64_t lost;		/* no page at the address at the end */
};

static void count_result(struct race *r, unsigned int i)
{
	long ret = mw_result(i);

	r->ret[i][ret > 0 ? 1 : ret < 0 ? 2 : 0]++;
}

static bool done(struct sim_dfs *self, enum sim_end end)
{
	struct race *r = (struct race *)self;
	uint64_t pfn;

	r->odd += end != SIM_END_DONE;
	r->unbalanced += unbalanced_pages();
	count_result(r, 0);
	count_result(r, 1);
	pfn = mw_pfn(MW_ADDR);
	r->lost += pfn == MW_NO_PFN;
	r->odd += pfn != MW_NO_PFN && page_at(pfn).free;
	return false;
}

static void explore(struct race *r, const char *profile, bool settled, enum mw_op a,
		    enum mw_op b)
{
	const struct mw_machine m = { .profile = profile, .place = BUILD_ZONE_MOVABLE };

	*r = (struct race){
		.dfs = {
			.done = done, .max_steps = 400, .max_executions = 100000,
			/* As many as a test has time for. */
			.verify_rollback = true, .verify_executions = 200,
		},
	};
	rebuild(&m);
	if (settled)
		settled_page();
	mw_task(0, 0, a);
	mw_task(1, 1, b);
	assert_int_equal(sim_dfs_run(&r->dfs), 0);
	assert_true(r->dfs.executions > 1);
	assert_int_equal(r->odd, 0);
	assert_int_equal(r->unbalanced, 0);
}

static void race_two_write_faults_map_one_page(void **state)
{
	struct race r;

	explore(&r, "6.12", false, MW_OP_WRITE, MW_OP_WRITE);
	assert_int_equal(r.lost, 0);
	assert_int_equal(r.ret[0][0], r.dfs.executions);
	assert_int_equal(r.ret[1][0], r.dfs.executions);
}

static void race_write_and_read_sees_nothing_or_the_value(void **state)
{
	struct race r;

	explore(&r, "6.12", false, MW_OP_WRITE, MW_OP_READ);
	assert_int_equal(r.lost, 0);
	assert_true(r.ret[1][0] > 0);
	assert_true(r.ret[1][1] > 0);
	assert_int_equal(r.ret[1][2], 0);
}

static void race_write_and_munmap_writes_or_faults(void **state)
{
	struct race r;

	explore(&r, "6.12", true, MW_OP_WRITE, MW_OP_MUNMAP);
	assert_int_equal(r.lost, r.dfs.executions);
	assert_true(r.ret[0][0] > 0);
	assert_true(r.ret[0][2] > 0);
}

static void race_write_and_zap_both_orders(void **state)
{
	struct race r;

	explore(&r, "6.1", true, MW_OP_WRITE, MW_OP_DONTNEED);
	assert_true(r.lost > 0);
	assert_true(r.lost < r.dfs.executions);
}

/* A freed page's last reference may be dropped by either task. */
static void race_reference_outlives_the_mapping(void **state)
{
	struct race r;

	explore(&r, "6.12", true, MW_OP_GET_PUT, MW_OP_DRAIN_ALL);
}

static void race_two_isolations_one_wins_at_a_time(void **state)
{
	struct race r;

	explore(&r, "6.12", true, MW_OP_ISOLATE, MW_OP_ISOLATE);
	assert_true(r.ret[0][0] > 0);
	assert_true(r.ret[1][0] > 0);
	assert_true(r.ret[0][1] > 0);
}

static void race_charges_meet_at_the_limit(void **state)
{
	const struct mw_machine m = { .profile = "6.12", .memlock = 4096 };
	struct race r = { .dfs = { .done = done, .max_steps = 400, .verify_rollback = true } };

	rebuild(&m);
	mw_task(0, 0, MW_OP_ACCOUNT);
	mw_task(1, 1, MW_OP_ACCOUNT);
	assert_int_equal(sim_dfs_run(&r.dfs), 0);
	assert_true(r.dfs.complete);
	assert_int_equal(r.odd, 0);
	/* One of the two gets the only page, whoever comes first. */
	assert_int_equal(r.ret[0][0] + r.ret[1][0], r.dfs.executions);
	assert_true(r.ret[0][0] > 0);
	assert_true(r.ret[1][0] > 0);
}

static int first_of(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
		    const char *tag)
{
	return 0;
}

/* C.7: lru_add_drain() is about the CPU that it runs on. */
static void drain_leaves_the_batches_of_other_cpus(void **state)
{
	struct sim_strategy first = { first_of };
	struct sim_exec exec = { .strategy = &first, .max_steps = 400, .last = -1 };
	static const char *const profiles[] = { "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		rebuild(&(struct mw_machine){ .profile = profiles[i] });
		assert_int_equal(mw_write(MW_AT(1), 1), 0);
		mw_task(0, 1, MW_OP_WRITE);
		assert_int_equal(sim_exec_start(&exec), SIM_END_DONE);
		assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
		assert_page(mw_pfn(MW_ADDR), 2, 1, false);
		assert_page(mw_pfn(MW_AT(1)), 2, 1, false);
		mw_drain();
		assert_page(mw_pfn(MW_ADDR), 2, 1, false);
		assert_page(mw_pfn(MW_AT(1)), 1, 1, true);
		mw_drain_all();
		assert_page(mw_pfn(MW_ADDR), 1, 1, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(drain_leaves_the_batches_of_other_cpus),
		ROLLED(race_two_write_faults_map_one_page),
		ROLLED(race_write_and_read_sees_nothing_or_the_value),
		ROLLED(race_write_and_munmap_writes_or_faults),
		ROLLED(race_write_and_zap_both_orders),
		ROLLED(race_reference_outlives_the_mapping),
		ROLLED(race_two_isolations_one_wins_at_a_time),
		ROLLED(race_charges_meet_at_the_limit),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

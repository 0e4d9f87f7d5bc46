/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The growing bound on the toy: over all bounds together each schedule is met
 * once, the same ones as by plain depth-first search, and none with another
 * number of preemptions than its bound says.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/explore/bounded.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

static void build(int retries, int vcpus, bool plant_bug)
{
	if (rolled_build()) {
		toy_build(retries, vcpus, plant_bug);
		rolled_mark();
	}
}

#define MAX_KEPT	400
#define MAX_CHOICES	128

struct kept {
	uint32_t choice[MAX_CHOICES];
	size_t nr;
	uint32_t preemptions;
};

struct count {
	struct sim_dfs dfs;
	uint64_t gave_up, pin_failed, violated, passed_by, sum;
	uint32_t first_violated;	/* preemptions of the first */
	bool stop;
	struct kept *kept;
	unsigned int nr_kept;
};

static void keep(struct count *c)
{
	struct kept *k = &c->kept[c->nr_kept++];

	assert_true(c->dfs.nr_choices <= MAX_CHOICES);
	memcpy(k->choice, c->dfs.choice, c->dfs.nr_choices * sizeof(k->choice[0]));
	k->nr = c->dfs.nr_choices;
	k->preemptions = c->dfs.preemptions;
}

static bool done(struct sim_dfs *self, enum sim_end end)
{
	struct count *c = (struct count *)self;
	struct toy_result r;
	uint64_t sum = 0;
	size_t i;

	toy_result(&r);
	c->gave_up += r.gave_up;
	c->pin_failed += r.pin_failed;
	if (r.violated && !c->violated++)
		c->first_violated = self->preemptions;
	for (i = 0; i < self->nr_choices; i++)
		sum = (sum ^ (self->choice[i] + 1)) * 0x100000001b3ULL;
	/* Order does not count, multiplicity does. */
	c->sum += sum * (sum >> 17 | 1);
	/* Some of each bound. */
	if (c->kept && c->nr_kept < MAX_KEPT && self->executions % 7 == 1)
		keep(c);
	return end != SIM_END_DONE || (c->stop && c->violated);
}

static void passed_by(struct sim_dfs *self)
{
	((struct count *)self)->passed_by++;
}

static void search(struct count *c, struct sim_bounded *b, uint32_t max)
{
	c->dfs.done = done;
	c->dfs.passed_by = passed_by;
	c->dfs.max_steps = 1000;
	*b = (struct sim_bounded){ .dfs = &c->dfs, .max = max };
	assert_int_equal(sim_bounded_run(b), 0);
}

static void bounded_to_the_end_is_the_whole_tree(void **state)
{
	struct count plain = { .dfs = { .done = done, .max_steps = 1000 } }, c = { 0 };
	struct sim_bounded b;
	uint64_t all = 0;
	char words[200];
	uint32_t k;

	build(1, 1, false);
	sim_dfs_run(&plain.dfs);
	assert_true(plain.dfs.complete);
	rolled_back();
	search(&c, &b, SIM_BOUNDED_MAX - 1);
	assert_true(b.complete);
	assert_true(c.dfs.complete);
	for (k = 0; k < b.nr_complete; k++)
		all += b.executions[k];
	assert_int_equal(all, 108861);
	assert_int_equal(c.dfs.executions, all);
	assert_true(c.sum == plain.sum);
	assert_int_equal(c.gave_up, 68081);
	assert_int_equal(c.pin_failed, 21544);
	assert_int_equal(c.passed_by, c.dfs.passed);
	/* Two tasks, run one after the other. */
	assert_int_equal(b.executions[0], 2);
	sim_bounded_words(&b, words, sizeof(words));
	assert_non_null(strstr(words, "108861 executions, all run; there are no others"));
}

/* Answers from a kept schedule, and counts what it does. */
struct follow {
	struct sim_strategy strategy;
	const struct sim_exec *exec;
	const struct kept *kept;
	size_t next;
	uint32_t preemptions;
};

static int follow_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct follow *f = (struct follow *)self;
	uint32_t pick = f->next < f->kept->nr ? f->kept->choice[f->next] : n;

	f->next++;
	if (tasks && tasks[0] == f->exec->last && pick)
		f->preemptions++;
	return pick < n ? (int)pick : -1;
}

static void each_bound_has_its_number_of_preemptions(void **state)
{
	struct sim_marked_world world;
	struct sim_bounded b;
	struct count c = { .kept = calloc(MAX_KEPT, sizeof(*c.kept)) };
	unsigned int i;

	assert_non_null(c.kept);
	build(2, 2, false);
	search(&c, &b, 2);
	assert_int_equal(b.nr_complete, 3);
	assert_false(b.complete);
	rolled_back();
	sim_marked_world_take(&world, false);
	assert_in_range(c.nr_kept, 100, MAX_KEPT);
	assert_int_equal(c.kept[c.nr_kept - 1].preemptions, 2);
	for (i = 0; i < c.nr_kept; i++) {
		struct follow f = { .strategy.choose = follow_choose, .kept = &c.kept[i] };
		struct sim_exec exec = { .strategy = &f.strategy, .max_steps = 1000, .last = -1 };

		f.exec = &exec;
		assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
		assert_int_equal(f.next, f.kept->nr);
		assert_int_equal(f.preemptions, f.kept->preemptions);
		sim_marked_world_return(&world);
	}
	sim_marked_world_free(&world);
	free(c.kept);
}

/* Another tool exhausted bound 2 without a hit, and hit with 3 (performance of peers). */
static void planted_bug_needs_three_preemptions(void **state)
{
	struct count c = { .stop = true };
	struct sim_bounded b;
	int vcpus;

	for (vcpus = 1; vcpus <= 2; vcpus++) {
		c.violated = 0;
		build(2, vcpus, true);
		search(&c, &b, 4);
		assert_int_equal(b.nr_complete, 3);
		assert_int_equal(c.violated, 1);
		assert_int_equal(c.first_violated, 3);
	}
}

static void limit_of_executions_is_over_all_bounds(void **state)
{
	struct count c = { .dfs.max_executions = 30 };
	struct sim_bounded b;
	char words[200];

	build(1, 1, false);
	search(&c, &b, 9);
	assert_int_equal(c.dfs.executions, 30);
	assert_int_equal(b.nr_complete, 1);
	assert_int_equal(b.executions[0] + b.executions[1], 30);
	sim_bounded_words(&b, words, sizeof(words));
	assert_string_equal(words,
			    "0 to 0 preemptions: 2 executions, all run; 1 preemption: 28, cut");
}

static void bound_goes_back_exactly(void **state)
{
	struct count c = { .dfs = { .verify_rollback = true, .max_executions = 150 } };
	struct sim_bounded b;

	build(2, 1, false);
	search(&c, &b, 2);
	assert_int_equal(c.dfs.executions, 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(bounded_to_the_end_is_the_whole_tree),
		ROLLED(each_bound_has_its_number_of_preemptions),
		ROLLED(planted_bug_needs_three_preemptions),
		ROLLED(limit_of_executions_is_over_all_bounds),
		ROLLED(bound_goes_back_exactly),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

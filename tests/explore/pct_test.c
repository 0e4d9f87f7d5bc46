/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCT on the toy: it finds the planted bug in few executions, each of which
 * replays; its guarantee is for the n, k and d that were used and void where
 * an execution was longer.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/explore/pct.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

#define SEEDS		100
#define DEPTH		4	/* three preemptions */
#define MEDIAN_MAX	2500	/* executions; 4 us each make 10 ms */

static void build(int retries, int vcpus, bool plant_bug)
{
	if (rolled_build()) {
		toy_build(retries, vcpus, plant_bug);
		rolled_mark();
	}
}

/* Return: did the execution end as the toy's always do? */
static bool run(struct sim_pct *p, struct sim_strategy *strategy, uint64_t *ret_choices)
{
	struct sim_exec exec = { .strategy = strategy, .max_steps = 1000, .last = -1 };
	enum sim_end end;

	sim_pct_begin(p);
	end = sim_exec_run(&exec);
	sim_pct_end(p);
	if (ret_choices)
		*ret_choices = exec.choices;
	return end == SIM_END_DONE;
}

static bool violated(void)
{
	struct toy_result r;

	toy_result(&r);
	return r.violated;
}

static bool replays(const struct sim_recorder *rec)
{
	struct sim_replay replay;
	struct sim_exec exec = { .max_steps = 1000, .last = -1 };

	sim_replay_init(&replay, rec->choice, rec->of, rec->nr);
	exec.strategy = &replay.strategy;
	return sim_exec_run(&exec) == SIM_END_DONE && replay.next == rec->nr && violated();
}

/* Return: executions to the first hit with a seed; its schedule is run again. */
static unsigned int first_hit(struct sim_marked_world *world, uint64_t seed)
{
	struct sim_recorder rec;
	struct sim_pct pct;
	unsigned int n = 0;
	bool hit = false;

	sim_pct_init(&pct, seed, DEPTH, 0);
	sim_recorder_init(&rec, &pct.strategy);
	while (!hit && n < 60000) {
		sim_recorder_clear(&rec);
		assert_true(run(&pct, &rec.strategy, NULL));
		hit = violated();
		sim_marked_world_return(world);
		n++;
	}
	assert_true(hit);
	assert_true(replays(&rec));
	sim_marked_world_return(world);
	sim_recorder_free(&rec);
	return n;
}

static int compare(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

static void planted_bug_is_found_soon(int vcpus)
{
	struct sim_marked_world world;
	unsigned int hits[SEEDS], i;

	build(2, vcpus, true);
	sim_marked_world_take(&world, false);
	for (i = 0; i < SEEDS; i++)
		hits[i] = first_hit(&world, i + 1);
	sim_marked_world_free(&world);
	qsort(hits, SEEDS, sizeof(hits[0]), compare);
	assert_in_range(hits[SEEDS / 2], 1, MEDIAN_MAX);
}

static void planted_bug_at_one_vcpu_is_found_soon(void **state)
{
	planted_bug_is_found_soon(1);
}

static void planted_bug_at_two_vcpus_is_found_soon(void **state)
{
	planted_bug_is_found_soon(2);
}

static void run_many(struct sim_pct *p, unsigned int n)
{
	struct sim_marked_world world;

	sim_marked_world_take(&world, false);
	while (n--) {
		assert_true(run(p, &p->strategy, NULL));
		sim_marked_world_return(&world);
	}
	sim_marked_world_free(&world);
}

static void guarantee_is_for_what_was_used(void **state)
{
	struct sim_pct pct;
	char words[240];

	build(1, 1, false);
	sim_pct_init(&pct, 1, 3, 50);
	assert_true(sim_pct_guarantee(&pct) == 0);
	/* The first ones, and every fourth of the others. */
	run_many(&pct, SIM_PCT_MEASURE + 16);
	assert_int_equal(pct.executions, SIM_PCT_MEASURE + 4);
	assert_true(sim_pct_guarantee(&pct) == 1.0 / 50 / 50 / 2);
	sim_pct_words(&pct, words, sizeof(words));
	assert_string_equal(words, "pct: a bug of depth 3 is met by an execution with probability "
			    "1/(n k^2) = 0.0002 or more, by one of 20 with 0.004 (n = 2, k = 50)");
}

static void guarantee_is_void_when_an_execution_was_longer(void **state)
{
	struct sim_pct pct;
	char words[240];

	build(1, 1, false);
	sim_pct_init(&pct, 1, 2, 3);
	run_many(&pct, 10);
	assert_int_equal(pct.exceeded, 10);
	assert_true(sim_pct_guarantee(&pct) == 0);
	sim_pct_words(&pct, words, sizeof(words));
	assert_non_null(strstr(words, "no guarantee: 10 of 10 executions"));
}

static void measured_k_is_the_longest_of_the_first_and_more(void **state)
{
	struct sim_pct pct;
	char words[240];

	build(2, 1, false);
	sim_pct_init(&pct, 1, 2, 0);
	run_many(&pct, SIM_PCT_MEASURE);
	assert_int_equal(pct.executions, 0);
	assert_true(pct.k > 10);
	assert_int_equal(pct.k, pct.longest + (pct.longest + 3) / 4);
	sim_pct_words(&pct, words, sizeof(words));
	assert_non_null(strstr(words, "no execution beyond the 16 that measured k"));
}

/* With d = 1 nothing is preempted: only who goes first is drawn, and both do. */
static void depth_one_runs_each_task_to_its_end(void **state)
{
	struct sim_marked_world world;
	unsigned int first[2] = { 0, 0 }, i;
	struct sim_recorder rec;
	struct sim_pct pct;
	size_t k;

	build(1, 1, false);
	sim_pct_init(&pct, 5, 1, 0);
	sim_recorder_init(&rec, &pct.strategy);
	sim_marked_world_take(&world, false);
	for (i = 0; i < 40; i++) {
		sim_recorder_clear(&rec);
		assert_true(run(&pct, &rec.strategy, NULL));
		first[rec.choice[0]]++;
		for (k = 1; k < rec.nr; k++)
			assert_int_equal(rec.choice[k], 0);
		sim_marked_world_return(&world);
	}
	sim_marked_world_free(&world);
	sim_recorder_free(&rec);
	assert_in_range(first[0], 8, 32);
}

static int ask(struct sim_pct *p, uint8_t a, uint8_t b)
{
	const uint8_t tasks[] = { a, b };
	int pick = p->strategy.choose(&p->strategy, 2, tasks, "task");

	return tasks[pick];
}

static void demoted_task_waits_for_all_others(void **state)
{
	struct sim_pct pct;
	int high, low;

	build(1, 2, false);
	sim_pct_init(&pct, 3, 1, 100);
	sim_pct_begin(&pct);
	high = ask(&pct, 0, 1);
	low = !high;
	assert_int_equal(ask(&pct, 0, 1), high);
	sim_pct_demote(&pct, high);
	assert_int_equal(ask(&pct, 0, 1), low);
	assert_int_equal(ask(&pct, high, 2), 2);
	/* The other retries as well: the two take turns. */
	sim_pct_demote(&pct, low);
	assert_int_equal(ask(&pct, 0, 1), high);
	assert_int_equal(pct.demoted, 2);
}

static void same_seed_same_executions(void **state)
{
	struct sim_pct a, b;

	build(2, 2, false);
	sim_pct_init(&a, 9, 3, 0);
	sim_pct_init(&b, 9, 3, 0);
	run_many(&a, 50);
	run_many(&b, 50);
	assert_int_equal(sim_rng_next(&a.rng), sim_rng_next(&b.rng));
	assert_int_equal(a.k, b.k);
	assert_int_equal(a.longest, b.longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(planted_bug_at_one_vcpu_is_found_soon),
		ROLLED(planted_bug_at_two_vcpus_is_found_soon),
		ROLLED(guarantee_is_for_what_was_used),
		ROLLED(guarantee_is_void_when_an_execution_was_longer),
		ROLLED(measured_k_is_the_longest_of_the_first_and_more),
		ROLLED(depth_one_runs_each_task_to_its_end),
		ROLLED(demoted_task_waits_for_all_others),
		ROLLED(same_seed_same_executions),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy's traces, counted: chance comes to as many as partial-order reduction
 * runs executions for, and not to one more.
 */
#include "sim/engine/footprint.h"
#include "sim/explore/dpor.h"
#include "sim/explore/estimate.h"
#include "sim/explore/random.h"
#include "sim/explore/traces.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

/* An execution with its trace. */
struct traced {
	struct sim_exec exec;
	struct traces *traces;
};

static void stepped(struct sim_exec *exec, unsigned int task)
{
	traces_step(((struct traced *)exec)->traces, task);
}

static void build(int retries, int vcpus)
{
	if (rolled_build()) {
		toy_build(retries, vcpus, false);
		rolled_mark();
	}
}

/* Each execution draws how often it leaves a task: all of the tree is met. */
struct walk {
	struct sim_strategy strategy;
	struct sim_rng rng;
	uint32_t stay;
};

static int walk_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
		       const char *tag)
{
	struct walk *w = (struct walk *)self;

	if (sim_rng_below(&w->rng, w->stay))
		return 0;
	return sim_rng_below(&w->rng, n);
}

static void sample(struct sim_estimate *e, unsigned int n)
{
	struct walk walk = { .strategy.choose = walk_choose };
	struct sim_marked_world world;
	struct traces traces;

	sim_rng_seed(&walk.rng, 1);
	traces_init(&traces);
	sim_estimate_init(e);
	sim_marked_world_take(&world, false);
	sim_footprint_on(true);
	while (n--) {
		struct traced t = {
			.exec = {
				.strategy = &walk.strategy, .stepped = stepped,
				.max_steps = 1000, .last = -1,
			},
			.traces = &traces,
		};

		walk.stay = 1 + sim_rng_below(&walk.rng, 12);
		traces_begin(&traces);
		assert_int_equal(sim_exec_run(&t.exec), SIM_END_DONE);
		sim_estimate_add(e, traces.sum);
		sim_marked_world_return(&world);
	}
	sim_footprint_on(false);
	sim_marked_world_free(&world);
	traces_free(&traces);
}

/* So many may be @missed by chance. */
static void traces_are_as_many_as_reduced_executions(int retries, unsigned int n,
						     uint64_t missed)
{
	struct sim_dpor dpor = { .max_steps = 1000, .reduce = true };
	struct sim_estimate e;

	build(retries, 1);
	sample(&e, n);
	rolled_back();
	assert_int_equal(sim_dpor_run(&dpor), 0);
	assert_int_equal(dpor.blocked, 0);
	assert_in_range(e.distinct, dpor.executions - missed, dpor.executions);
	sim_estimate_free(&e);
}

static void traces_of_the_toy_with_one_try(void **state)
{
	traces_are_as_many_as_reduced_executions(1, 20000, 0);
}

static void traces_of_the_toy_with_two_tries(void **state)
{
	traces_are_as_many_as_reduced_executions(2, 60000, 2);
}

/* Tasks 0 and 1 write some bytes of one word, in this order or the other one. */
static uint64_t two_writes(uint64_t bytes0, uint64_t bytes1, bool other)
{
	const uint64_t bytes[2] = { bytes0, bytes1 };
	struct traces traces;
	uint64_t sum;
	int i;

	traces_init(&traces);
	sim_footprint_on(true);
	traces_begin(&traces);
	/* Both halves were written as one before. */
	sim_touch(SIM_NOWHERE(64, 0), SIM_ACCESS_WRITE);
	traces_step(&traces, 2);
	for (i = 0; i < 2; i++) {
		sim_touch_bytes(SIM_NOWHERE(64, 0), bytes[i ^ other], SIM_ACCESS_WRITE);
		traces_step(&traces, i ^ other);
	}
	sim_footprint_on(false);
	sum = traces.sum;
	traces_free(&traces);
	return sum;
}

static void bytes_of_one_word_are_apart(void **state)
{
	assert_int_equal(two_writes(0x0f, 0xf0, false), two_writes(0x0f, 0xf0, true));
	assert_int_equal(two_writes(0x01, 0x54, false), two_writes(0x01, 0x54, true));
	assert_int_not_equal(two_writes(0x0f, 0xf8, false), two_writes(0x0f, 0xf8, true));
	assert_int_not_equal(two_writes(0xff, 0x10, false), two_writes(0xff, 0x10, true));
}

/* More words in one step than the table has room for at first. */
static void a_step_of_many_words_is_one_step(void **state)
{
	struct traces traces;
	uint64_t sum[2];
	uint64_t run, i;

	traces_init(&traces);
	sim_footprint_on(true);
	/* The table of the second execution has grown already. */
	for (run = 0; run < 2; run++) {
		traces_begin(&traces);
		for (i = 0; i < 5000; i++)
			sim_touch_half(SIM_NOWHERE(64 * (1 + i / 128), i % 128),
				       SIM_ACCESS_WRITE);
		traces_step(&traces, 0);
		sim_touch(SIM_NOWHERE(64, 0), SIM_ACCESS_READ);
		traces_step(&traces, 1);
		sum[run] = traces.sum;
	}
	sim_footprint_on(false);
	traces_free(&traces);
	assert_int_equal(sum[0], sum[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(traces_of_the_toy_with_one_try),
		ROLLED(traces_of_the_toy_with_two_tries),
		cmocka_unit_test(bytes_of_one_word_are_apart),
		cmocka_unit_test(a_step_of_many_words_is_one_step),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same schedules give the same traces, byte for byte, whatever compiler,
 * optimisation or task switch the program is built with: the sum of their text
 * is written down here.  Built twice, once for each kind of switch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "sim/core/step.h"
#include "sim/engine/pulse.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

/* Raise only together with SIM_STEP_MODEL or a change of the toy. */
#define SUM_OF_TRACES	0x17d5fe9e0c94fbf5ULL

static const char *const words[] = {
#define VERB(name, word, meaning) word,
#include "sim/core/verbs.def"
#undef VERB
};

static uint64_t add_text(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * 1099511628211ULL;
	return sum;
}

static uint64_t run(uint64_t seed, uint64_t sum, bool print)
{
	const struct sim_record *recs;
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 1000,
		.last = -1,
	};
	char line[200];
	size_t n, i;

	rolled_back();
	sim_random_init(&r, seed);
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	recs = sim_pulse_all(&n);
	for (i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%llu %d %s %llx %lld %lld %s %d\n",
			 (unsigned long long)recs[i].time, recs[i].task,
			 words[recs[i].verb], (unsigned long long)recs[i].obj,
			 (long long)recs[i].a, (long long)recs[i].b, recs[i].site,
			 recs[i].is_step);
		if (print)
			fputs(line, stdout);
		sum = add_text(sum, line);
	}
	return sum;
}

static void trace_text_is_the_same_in_every_build(void **state)
{
	uint64_t sum = 14695981039346656037ULL, seed;

	if (rolled_build()) {
		toy_build(2, 2, true);
		rolled_mark();
	}
	sim_pulse_trace(true);
	for (seed = 0; seed < 50; seed++)
		sum = run(seed, sum, false);
	if (sum != SUM_OF_TRACES)
		run(0, sum, true);
	assert_int_equal(sum, SUM_OF_TRACES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(trace_text_is_the_same_in_every_build),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an exhaustive search of the toy takes, as JSON: at one to four vCPUs and
 * one or two retries, by every mode of search; from process start, so each is a
 * process of its own.  Next to it Spin on the same model, where it is installed
 * (and gcc; making its verifier is left out); re-execution against roll-back on
 * longer toys; the cost of the world's hash; the planted bug by PCT.
 *
 *	bench_dpor [--tiny | --long]
 *
 * --long waits for four vCPUs with two retries, minutes for some.  A search
 * that was cut has "complete": false, and tells a rate, not a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/child.h"
#include "bench/measure.h"
#include "bench/spin.h"
#include "bench/toy.h"
#include "sim/engine/arena.h"

#define SEEDS		100
#define LONG_RETRIES	12		/* makes executions of more than 100 steps */
#define LONG_EXECUTIONS	20000
#define RANDOMS		50000
#define ENOUGH		400000		/* executions */
#define LONGISH		1.0		/* seconds: what takes longer is run once more, */
#define LONG		4.0		/* and what takes longer than that is not */

/**
 * struct limits - how far this goes
 * @vcpus: at most
 * @vcpus_twice: at most, with two retries
 * @seconds: for one process
 * @executions: of one search
 * @seeds: of PCT
 * @longs: executions of long toys
 * @randoms: executions for the hash
 */
static const struct limits {
	int vcpus, vcpus_twice;
	unsigned int seconds;
	uint64_t executions;
	unsigned int seeds;
	uint64_t longs, randoms;
} full = {
	4, 3, 20, 1000000, SEEDS, LONG_EXECUTIONS, RANDOMS,
}, longer = {
	4, 4, 600, 100000000, SEEDS, LONG_EXECUTIONS, RANDOMS,
}, tiny = {
	1, 1, 20, 1000, 2, 20, 50,
};

/* ---- in a process of its own ---- */

static json_t *tell_search(const struct bench_toy *t)
{
	double n = t->dpor.executions ? t->dpor.executions : 1;

	return json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:f}",
			 "complete", bench_toy_complete(t),
			 "executions", (json_int_t)t->dpor.executions,
			 "violations", (json_int_t)t->violated,
			 "blocked", (json_int_t)t->dpor.blocked,
			 "pruned", (json_int_t)t->dpor.pruned,
			 "states", (json_int_t)t->dpor.nr_states,
			 "steps", (json_int_t)t->dpor.steps,
			 "memory_bytes", (json_int_t)t->dpor.memory,
			 "steps_per_execution", t->time / n,
			 "search_seconds", t->seconds);
}

/* MODE VCPUS RETRIES EXECUTIONS */
static int child_search(char **argv)
{
	struct bench_toy t = {
		.mode = argv[0],
		.vcpus = atoi(argv[1]),
		.retries = atoi(argv[2]),
		.max_executions = strtoull(argv[3], NULL, 10),
	};

	if (bench_toy_search(&t))
		return 2;
	bench_print(tell_search(&t));
	return 0;
}

/* VCPUS SEED */
static int child_pct(char **argv)
{
	double seconds;
	bool replays;
	uint64_t n;

	n = bench_toy_pct(atoi(argv[0]), strtoull(argv[1], NULL, 10), &seconds, &replays);
	bench_print(json_pack("{s:I, s:f, s:b}", "executions", (json_int_t)n,
			      "search_seconds", seconds, "replays", replays));
	return n ? 0 : 1;
}

static int child(int argc, char **argv)
{
	if (argc == 4 + 2 && !strcmp(argv[1], "search"))
		return child_search(argv + 2);
	if (argc == 2 + 2 && !strcmp(argv[1], "pct"))
		return child_pct(argv + 2);
	return argc == 2 && !strcmp(argv[1], "nothing") ? 0 : 2;
}

/* ---- the process that starts them ---- */

/* Return: what a child printed, to be given up; NULL if it has failed. */
static json_t *run(struct bench_child *c)
{
	int err = bench_child(c);

	if (!err)
		return json_loads(c->out, 0, NULL);
	if (err == 2)
		return json_pack("{s:b, s:i}", "complete", false, "killed_after", c->limit);
	fprintf(stderr, "dpor: %s %s has failed\n", c->argv[1], c->argv[2]);
	return NULL;
}

struct search {
	const char *mode;
	char vcpus[12], retries[12], executions[24];
	struct bench_child child;
};

static void search_init(struct search *s, const char *mode, int vcpus, int retries,
			const struct limits *l)
{
	s->mode = mode;
	snprintf(s->vcpus, sizeof(s->vcpus), "%d", vcpus);
	snprintf(s->retries, sizeof(s->retries), "%d", retries);
	snprintf(s->executions, sizeof(s->executions), "%llu",
		 (unsigned long long)l->executions);
	s->child = (struct bench_child){
		.argv = { "/proc/self/exe", "search", mode, s->vcpus, s->retries,
			  s->executions },
		.limit = l->seconds,
	};
}

/* What takes long is steady. */
static unsigned int rounds(double seconds)
{
	return seconds > LONG ? 0 : seconds > LONGISH ? 1 : BENCH_ROUNDS;
}

static bool is_killed(const json_t *j)
{
	return json_object_get(j, "killed_after");
}

/* "states_per_second" from "states". */
static void per_second(json_t *j, const char *what, double seconds)
{
	char name[40];

	snprintf(name, sizeof(name), "%s_per_second", what);
	json_object_set_new(j, name,
			    json_real(json_integer_value(json_object_get(j, what)) / seconds));
}

/* One mode: what it counts, and the median of its times. */
static json_t *measure_mode(const char *mode, int vcpus, int retries, const struct limits *l)
{
	double seconds[BENCH_ROUNDS], inside[BENCH_ROUNDS];
	struct search s;
	double median;
	json_t *j, *again;
	unsigned int i, n;

	search_init(&s, mode, vcpus, retries, l);
	j = run(&s.child);
	if (!j || is_killed(j))
		return j;
	n = rounds(s.child.seconds);
	seconds[0] = s.child.seconds;
	inside[0] = json_real_value(json_object_get(j, "search_seconds"));
	for (i = 0; i < n; i++) {
		again = run(&s.child);
		seconds[i] = s.child.seconds;
		inside[i] = json_real_value(json_object_get(again, "search_seconds"));
		json_decref(again);
	}
	n += !n;
	json_object_set_new(j, "rounds", json_integer(n));
	json_object_set_new(j, "seconds", json_real(bench_median(seconds, n)));
	median = bench_median(inside, n);
	json_object_set_new(j, "search_seconds", json_real(median));
	per_second(j, "executions", median);
	per_second(j, "states", median);
	json_object_set_new(j, "resident_kib", json_integer(s.child.resident_kib));
	return j;
}

/*
 * Spin, and the default search turn by turn with it.  Return: NULL if it is not
 * installed or takes too long.
 */
static json_t *measure_spin(int vcpus, int retries, const struct limits *l)
{
	double ours[BENCH_ROUNDS], usual[BENCH_ROUNDS], fitting[BENCH_ROUNDS];
	double ratio[BENCH_ROUNDS], ratio_fitting[BENCH_ROUNDS];
	struct bench_spin spin = { .vcpus = vcpus, .retries = retries, .limit = l->seconds };
	unsigned int i, n = BENCH_ROUNDS;
	struct search s;
	json_t *j = NULL;

	search_init(&s, "both", vcpus, retries, l);
	if (bench_spin_make(&spin, BENCH_MODEL))
		goto out;
	for (i = 0; i < n; i++) {
		json_t *one = run(&s.child);

		json_decref(one);
		if (!one || is_killed(one))
			goto out;
		ours[i] = s.child.seconds;
		usual[i] = bench_spin_run(&spin, false);
		fitting[i] = bench_spin_run(&spin, true);
		ratio[i] = ours[i] / usual[i];
		ratio_fitting[i] = ours[i] / fitting[i];
		if (usual[i] > LONGISH)
			n = i + 1;
	}
	j = json_pack("{s:I, s:i, s:f, s:f, s:i, s:f, s:f, s:f}",
		      "states", (json_int_t)spin.states, "rounds", n,
		      "seconds", bench_median(usual, n),
		      "seconds_with_fitting_table", bench_median(fitting, n),
		      "fitting_table_log2", spin.table,
		      "pinsim_seconds", bench_median(ours, n),
		      "pinsim_to_spin", bench_median(ratio, n),
		      "pinsim_to_spin_with_fitting_table", bench_median(ratio_fitting, n));
out:
	bench_spin_free(&spin);
	return j;
}

static json_t *measure_setting(int vcpus, int retries, const struct limits *l)
{
	static const char *const modes[] = {
		"dpor", "states", "both", "brute", "dpor-rerun", "both-rerun", "brute-rerun",
	};
	json_t *j = json_pack("{s:i, s:i}", "vcpus", vcpus, "retries", retries);
	struct limits limits = *l;
	unsigned int i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		bool rerun = strstr(modes[i], "-rerun");
		json_t *one;

		if (rerun && vcpus > 2)
			continue;
		/* Many of these have no end; so many are enough for a rate. */
		limits.executions = l->executions;
		if ((rerun || vcpus > 1) && l == &full)
			limits.executions = ENOUGH;
		one = measure_mode(modes[i], vcpus, retries, &limits);
		if (one)
			json_object_set_new(j, modes[i], one);
	}
	if (l != &tiny) {
		json_t *spin = measure_spin(vcpus, retries, l);

		json_object_set_new(j, "spin", spin ? spin : json_null());
	}
	return j;
}

/* What a process takes that does nothing. */
static double measure_startup(void)
{
	struct bench_child c = { .argv = { "/proc/self/exe", "nothing" }, .limit = 20 };
	double seconds[BENCH_ROUNDS];
	int i;

	for (i = -1; i < BENCH_ROUNDS; i++) {
		bench_child(&c);
		if (i >= 0)
			seconds[i] = c.seconds;
	}
	return bench_median(seconds, BENCH_ROUNDS);
}

/* ---- in this process ---- */

/* Seconds, less what it takes to the end of the first execution: learning. */
static double beyond_first(struct bench_toy *t)
{
	struct bench_toy first = *t;

	first.max_executions = 1;
	bench_toy_search(&first);
	bench_toy_search(t);
	return t->seconds - first.seconds;
}

/* Re-execution against roll-back, turn by turn, on executions of many steps. */
static json_t *measure_rollback(const char *mode, const char *rerun, int vcpus,
				const struct limits *l)
{
	struct bench_toy back = {
		.mode = mode, .vcpus = vcpus, .retries = LONG_RETRIES, .max_executions = l->longs,
	};
	struct bench_toy again = back;
	double rollback[BENCH_ROUNDS], rerunning[BENCH_ROUNDS], ratio[BENCH_ROUNDS];
	int i;

	again.mode = rerun;
	for (i = -1; i < BENCH_ROUNDS; i++) {
		double one = beyond_first(&back), other = beyond_first(&again);

		if (i < 0)
			continue;
		rollback[i] = one;
		rerunning[i] = other;
		ratio[i] = other / one;
	}
	return json_pack("{s:s, s:i, s:I, s:b, s:f, s:f, s:f, s:f, s:f, s:f}",
			 "mode", mode, "vcpus", vcpus,
			 "executions", (json_int_t)back.dpor.executions,
			 "same_executions", back.dpor.executions == again.dpor.executions,
			 "steps_per_execution", (double)back.time / back.dpor.executions,
			 "new_steps_per_execution", (double)back.dpor.steps / back.dpor.executions,
			 "all_steps_to_new",
			 (double)back.dpor.path_steps / back.dpor.steps,
			 "rollback_seconds", bench_median(rollback, BENCH_ROUNDS),
			 "rerun_seconds", bench_median(rerunning, BENCH_ROUNDS),
			 "rerun_to_rollback", bench_median(ratio, BENCH_ROUNDS));
}

static json_t *measure_hash(const struct limits *l)
{
	double choice[BENCH_ROUNDS], step[BENCH_ROUNDS];
	uint64_t steps, choices;
	int i;

	for (i = -1; i < BENCH_ROUNDS; i++) {
		double plain = bench_toy_random(l->randoms, false, &steps, &choices);
		double hashed = bench_toy_random(l->randoms, true, &steps, &choices);

		if (i < 0)
			continue;
		choice[i] = (hashed - plain) / choices * 1e9;
		step[i] = (hashed - plain) / steps * 1e9;
	}
	return json_pack("{s:f, s:f}", "ns_per_hash", bench_median(choice, BENCH_ROUNDS),
			 "ns_per_step", bench_median(step, BENCH_ROUNDS));
}

/* ---- the planted bug ---- */

static json_t *measure_pct(int vcpus, const struct limits *l)
{
	double seconds[SEEDS], inside[SEEDS], executions[SEEDS];
	char nr_vcpus[12], seed[12];
	struct bench_child c = {
		.argv = { "/proc/self/exe", "pct", nr_vcpus, seed }, .limit = l->seconds,
	};
	bool replays = true;
	unsigned int i;

	snprintf(nr_vcpus, sizeof(nr_vcpus), "%d", vcpus);
	for (i = 0; i < l->seeds; i++) {
		json_t *j;

		snprintf(seed, sizeof(seed), "%u", i + 1);
		j = run(&c);
		seconds[i] = c.seconds;
		inside[i] = json_real_value(json_object_get(j, "search_seconds"));
		executions[i] = json_integer_value(json_object_get(j, "executions"));
		replays = replays && json_is_true(json_object_get(j, "replays"));
		json_decref(j);
	}
	return json_pack("{s:i, s:i, s:f, s:f, s:f, s:b}", "vcpus", vcpus, "seeds", l->seeds,
			 "executions", bench_median(executions, l->seeds),
			 "seconds", bench_median(seconds, l->seeds),
			 "search_seconds", bench_median(inside, l->seeds),
			 "each_replays", replays);
}

static void bench(json_t *j, const struct limits *l)
{
	json_t *settings = json_array(), *rollback = json_array(), *pct = json_array();
	int retries, vcpus;

	json_object_set_new(j, "machine", bench_machine());
	json_object_set_new(j, "startup_seconds", json_real(measure_startup()));
	for (retries = 1; retries <= 2; retries++) {
		for (vcpus = 1; vcpus <= (retries > 1 ? l->vcpus_twice : l->vcpus); vcpus++)
			json_array_append_new(settings, measure_setting(vcpus, retries, l));
	}
	json_object_set_new(j, "settings", settings);
	for (vcpus = 1; vcpus <= 2; vcpus++) {
		json_array_append_new(rollback,
				      measure_rollback("dpor", "dpor-rerun", vcpus, l));
		json_array_append_new(rollback,
				      measure_rollback("both", "both-rerun", vcpus, l));
		json_array_append_new(rollback,
				      measure_rollback("brute", "brute-rerun", vcpus, l));
		json_array_append_new(pct, measure_pct(vcpus, l));
	}
	json_object_set_new(j, "long", rollback);
	json_object_set_new(j, "hash", measure_hash(l));
	json_object_set_new(j, "planted_bug_by_pct", pct);
}

int main(int argc, char **argv)
{
	const struct limits *l = bench_tiny(&argc, argv) ? &tiny : &full;
	json_t *j;
	int status;

	if (argc > 1 && !strcmp(argv[1], "--long")) {
		l = &longer;
		argc--;
	} else if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "usage: %s [--tiny | --long]\n", argv[0]);
		return 2;
	}
	if (sim_arena_map()) {
		fprintf(stderr, "dpor: cannot map the arena\n");
		return 3;
	}
	if (argc > 1) {
		status = child(argc, argv);
		sim_arena_unmap();
		return status;
	}
	bench_stay_on_core();
	j = json_object();
	bench(j, l);
	sim_arena_unmap();
	bench_print(j);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches of the toy, timed.
 */
#include "bench/toy.h"

#include <string.h>

#include "bench/measure.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/bug.h"
#include "sim/engine/hash.h"
#include "sim/engine/undo.h"
#include "sim/explore/dfs.h"
#include "sim/explore/pct.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"

#define MAX_STEPS	1000
#define PCT_DEPTH	4		/* three preemptions */
#define PCT_LIMIT	1000000

static bool violated(void)
{
	struct toy_result r;

	toy_result(&r);
	return r.violated;
}

/* ---- exhaustive ---- */

static void count(struct bench_toy *t, enum sim_end end)
{
	SIM_BUG_ON(end != SIM_END_DONE);
	t->time += sim_now();
	if (sim_now() > t->longest)
		t->longest = sim_now();
	t->violated += violated();
}

static bool dpor_done(struct sim_dpor *self, enum sim_end end)
{
	count((struct bench_toy *)((char *)self - offsetof(struct bench_toy, dpor)), end);
	return false;
}

static bool dpor_poll(struct sim_dpor *self)
{
	struct bench_toy *t = (struct bench_toy *)((char *)self - offsetof(struct bench_toy, dpor));

	return self->nr_states >= t->max_states;
}

/* The search begins anew, knowing more. */
static void dpor_again(struct sim_dpor *self)
{
	struct bench_toy *t = (struct bench_toy *)((char *)self - offsetof(struct bench_toy, dpor));

	t->time = 0;
	t->violated = 0;
}

struct brute {
	struct sim_dfs dfs;
	struct bench_toy *toy;
};

static bool dfs_done(struct sim_dfs *self, enum sim_end end)
{
	count(((struct brute *)self)->toy, end);
	return false;
}

/* The plain search has no more in it than it needs. */
static void search_brute(struct bench_toy *t)
{
	struct brute b = {
		.dfs = {
			.done = dfs_done,
			.max_steps = MAX_STEPS,
			.max_executions = t->max_executions,
		},
		.toy = t,
	};

	sim_dfs_run(&b.dfs);
	t->dpor.executions = b.dfs.executions;
	t->dpor.steps = b.dfs.steps;
	t->dpor.end = b.dfs.complete ? SIM_DPOR_COMPLETE : SIM_DPOR_STOPPED;
}

int bench_toy_search(struct bench_toy *t)
{
	const char *rerun = strstr(t->mode, "-rerun");
	size_t len = rerun ? (size_t)(rerun - t->mode) : strlen(t->mode);
	bool brute = len == 5 && !strncmp(t->mode, "brute", len);
	bool dpor = len == 4 && !strncmp(t->mode, "dpor", len);
	bool states = len == 6 && !strncmp(t->mode, "states", len);
	bool both = len == 4 && !strncmp(t->mode, "both", len);
	double start;

	if (!brute && !dpor && !states && !both)
		return -1;
	t->dpor = (struct sim_dpor){
		.done = dpor_done,
		.again = dpor_again,
		.poll = t->max_states ? dpor_poll : NULL,
		.max_steps = MAX_STEPS,
		.max_executions = t->max_executions,
		.reduce = dpor || both,
		.states = states || both,
		.rerun = rerun,
	};
	t->time = 0;
	t->longest = 0;
	t->violated = 0;
	sim_arena_reset();
	start = bench_now();
	toy_build(t->retries, t->vcpus, false);
	sim_undo_on(true);
	if (brute && !rerun)
		search_brute(t);
	else
		sim_dpor_run(&t->dpor);
	t->seconds = bench_now() - start;
	return 0;
}

bool bench_toy_complete(const struct bench_toy *t)
{
	return t->dpor.end == SIM_DPOR_COMPLETE;
}

/* ---- by chance ---- */

static bool replays(const struct sim_recorder *rec)
{
	struct sim_replay replay;
	struct sim_exec exec = { .strategy = &replay.strategy, .max_steps = MAX_STEPS, .last = -1 };

	sim_replay_init(&replay, rec->choice, rec->of, rec->nr);
	return sim_exec_run(&exec) == SIM_END_DONE && replay.next == rec->nr && violated();
}

uint64_t bench_toy_pct(int vcpus, uint64_t seed, double *ret_seconds, bool *ret_replays)
{
	struct sim_marked_world world;
	struct sim_recorder rec;
	struct sim_pct pct;
	double start = bench_now();
	uint64_t n = 0;
	bool hit = false;

	sim_arena_reset();
	toy_build(2, vcpus, true);
	sim_marked_world_take(&world, false);
	sim_pct_init(&pct, seed, PCT_DEPTH, 0);
	sim_recorder_init(&rec, &pct.strategy);
	while (!hit && n < PCT_LIMIT) {
		struct sim_exec exec = {
			.strategy = &rec.strategy, .max_steps = MAX_STEPS, .last = -1,
		};

		sim_recorder_clear(&rec);
		sim_pct_begin(&pct);
		SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
		sim_pct_end(&pct);
		hit = violated();
		sim_marked_world_return(&world);
		n++;
	}
	*ret_seconds = bench_now() - start;
	*ret_replays = hit && replays(&rec);
	sim_marked_world_free(&world);
	sim_recorder_free(&rec);
	return hit ? n : 0;
}

/* Random, and the hash is taken wherever there is something to choose. */
struct hashing {
	struct sim_strategy strategy;
	struct sim_random random;
	bool hashed;
	uint64_t choices, sum;
};

static int hashing_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			  const char *tag)
{
	struct hashing *h = (struct hashing *)self;

	h->choices++;
	if (h->hashed)
		h->sum += sim_hash_now(sim_tasks_alive()).lo;
	return h->random.strategy.choose(&h->random.strategy, n, tasks, tag);
}

double bench_toy_random(uint64_t executions, bool hashed, uint64_t *ret_steps,
			uint64_t *ret_choices)
{
	struct hashing h = { .strategy.choose = hashing_choose, .hashed = hashed };
	struct sim_exec exec = { .strategy = &h.strategy, .last = -1 };
	struct sim_marked_world world;
	double start;

	sim_arena_reset();
	toy_build(2, 2, false);
	sim_random_init(&h.random, 1);
	SIM_BUG_ON(sim_exec_start(&exec) != SIM_END_DONE);
	sim_undo_on(true);
	sim_hash_on(hashed);
	sim_marked_world_take(&world, false);
	*ret_steps = 0;
	start = bench_now();
	while (executions--) {
		exec.last = -1;
		exec.steps = 0;
		exec.max_steps = MAX_STEPS;
		SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
		*ret_steps += exec.steps;
		sim_marked_world_return(&world);
	}
	start = bench_now() - start;
	*ret_choices = h.choices;
	sim_hash_on(false);
	sim_marked_world_free(&world);
	return start;
}

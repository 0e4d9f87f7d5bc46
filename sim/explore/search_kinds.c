/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches that run one execution after the other: a single schedule, told
 * with its whole trace, and seeded random ones.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/core/step.h"
#include "sim/explore/random.h"
#include "sim/explore/search_private.h"

/* Answers from a schedule's departures; everything else is the default order. */
struct follow {
	struct sim_strategy strategy;
	const struct schedule *schedule;
	size_t cursor;
	uint32_t asked;
	bool departed;
};

static int follow_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct follow *f = (struct follow *)self;
	uint32_t take = f->schedule ? schedule_at(f->schedule, f->asked, &f->cursor) : 0;

	(void)tasks;
	(void)tag;
	f->asked++;
	if (take < n)
		return take;
	f->departed = true;
	return -1;
}

/* FNV-1a over what each step is, by whom and about what. */
uint64_t search_checksum(void)
{
	const struct sim_record *recs;
	uint64_t sum = 0xcbf29ce484222325ULL;
	size_t n, i, k;

	recs = sim_pulse_all(&n);
	for (i = 0; i < n; i++) {
		uint64_t words[] = { recs[i].verb | (uint64_t)(uint16_t)recs[i].task << 16,
				     recs[i].obj };

		if (!recs[i].is_step)
			continue;
		for (k = 0; k < 16; k++)
			sum = (sum ^ (words[k / 8] >> (k % 8 * 8) & 0xff)) * 0x100000001b3ULL;
	}
	return sum;
}

/**
 * search_one() - run one schedule and keep its trace.
 *
 * Return: 0 or -ENOMEM. A schedule that does not fit the run sets
 * result->diverged.
 */
int search_one(struct search *s)
{
	struct follow follow = {
		.strategy.choose = follow_choose,
		.schedule = s->config->replay,
	};
	struct sim_recorder rec;
	struct sim_exec exec = {
		.watcher = &s->watcher,
		.max_steps = s->config->max_steps,
		.last = -1,
	};
	enum sim_end end;
	size_t n;

	sim_recorder_init(&rec, &follow.strategy);
	exec.strategy = &rec.strategy;
	sim_pulse_trace(s->config->trace);
	end = sim_exec_run(&exec);
	s->result->steps += exec.steps;
	search_finish(s, end, rec.choice, rec.nr);
	n = s->config->replay ? s->config->replay->nr : 0;
	s->result->diverged = follow.departed ||
			      (n && s->config->replay->choice[n - 1].at >= follow.asked);
	if (schedule_from(&s->result->last, rec.choice, rec.nr))
		s->err = -ENOMEM;
	s->result->checksum = search_checksum();
	sim_recorder_free(&rec);
	return s->err;
}

/*
 * Random schedules with a taste for staying: each execution draws how likely a
 * preemption is, from one in two to one in 2^DRIFT_MAX, so that long stretches
 * of one task against a short one of another are met as well as a fine mix.
 * Uniform choices never let one task sleep through a hundred steps of another.
 */
#define DRIFT_MAX	8

struct drift {
	struct sim_strategy strategy;
	struct sim_rng rng;
	uint32_t stay;		/* a preemption happens once in 2^stay choices */
};

static int drift_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			const char *tag)
{
	struct drift *d = (struct drift *)self;

	(void)tag;
	if (!tasks)
		return sim_rng_below(&d->rng, n);
	if (sim_rng_below(&d->rng, 1u << d->stay))
		return 0;
	return n == 1 ? 0 : 1 + sim_rng_below(&d->rng, n - 1);
}

/**
 * search_random() - many random executions, each from the same built world.
 *
 * Return: 0 or -ENOMEM.
 */
int search_random(struct search *s)
{
	struct sim_marked_world world = { .nr = 0 };
	struct drift drift = { .strategy.choose = drift_choose };
	struct sim_recorder rec;
	bool stop = false;

	sim_rng_seed(&drift.rng, s->config->seed);
	sim_recorder_init(&rec, &drift.strategy);
	sim_marked_world_take(&world, s->config->verify_rollback);
	while (!stop && s->result->executions < s->config->executions) {
		struct sim_exec exec = {
			.strategy = &rec.strategy,
			.watcher = &s->watcher,
			.max_steps = s->config->max_steps,
			.last = -1,
		};
		enum sim_end end;

		drift.stay = 1 + sim_rng_below(&drift.rng, DRIFT_MAX);
		sim_recorder_clear(&rec);
		check_watch_start(&s->checks);
		end = sim_exec_run(&exec);
		s->result->steps += exec.steps;
		stop = search_finish(s, end, rec.choice, rec.nr);
		sim_marked_world_return(&world);
	}
	if (s->config->keep_last && schedule_from(&s->result->last, rec.choice, rec.nr))
		s->err = -ENOMEM;
	sim_marked_world_free(&world);
	sim_recorder_free(&rec);
	return s->err;
}

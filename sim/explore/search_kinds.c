/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches that run one execution after the other: a single schedule, told
 * with its whole trace, and seeded random ones.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/core/step.h"
#include "sim/engine/undo.h"
#include "sim/explore/cycles.h"
#include "sim/explore/random.h"
#include "sim/explore/search_private.h"

/* Answers from a schedule's departures; everything else is the default order. */
struct follow {
	struct sim_strategy strategy;
	const struct sim_exec *exec;
	const struct schedule *schedule;
	size_t cursor;
	uint32_t asked;
	uint32_t preemptions;
	bool departed;
};

static int follow_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct follow *f = (struct follow *)self;
	uint32_t take = f->schedule ? schedule_at(f->schedule, f->asked, &f->cursor) : 0;

	(void)tag;
	f->asked++;
	/* The task that ran last comes first, if it can go on. */
	if (tasks && take && tasks[0] == f->exec->last)
		f->preemptions++;
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
	struct sim_cycles cycles = { .nr = 0 };
	struct sim_recorder rec;
	struct sim_exec exec = {
		.watcher = &s->watcher,
		.max_steps = s->config->max_steps,
		.cycles = s->config->cycles ? &cycles : NULL,
		.last = -1,
	};
	enum sim_end end;
	size_t n;

	sim_undo_on(true);
	sim_hash_on(true);
	follow.exec = &exec;
	sim_recorder_init(&rec, &follow.strategy);
	exec.strategy = &rec.strategy;
	sim_pulse_trace(s->config->trace);
	end = sim_exec_run(&exec);
	s->result->steps += exec.steps;
	s->result->preemptions = follow.preemptions;
	search_finish(s, end, rec.choice, rec.nr);
	n = s->config->replay ? s->config->replay->nr : 0;
	s->result->diverged = follow.departed ||
			      (n && s->config->replay->choice[n - 1].at >= follow.asked);
	if (schedule_from(&s->result->last, rec.choice, rec.nr))
		s->err = -ENOMEM;
	s->result->checksum = search_checksum();
	sim_cycles_free(&cycles);
	sim_recorder_free(&rec);
	return s->err;
}

/* One execution that may end where its rest is known. */
struct random_exec {
	struct sim_exec exec;
	struct search *search;
	struct traces *traces;	/* NULL: not wanted */
	uint64_t asked;		/* choices before its last task ran alone */
};

static bool random_alone(struct sim_exec *exec)
{
	struct random_exec *r = (struct random_exec *)exec;

	r->asked = exec->choices;
	return search_knows(r->search, exec->steps, exec->steps);
}

static void random_stepped(struct sim_exec *exec, unsigned int task)
{
	traces_step(((struct random_exec *)exec)->traces, task);
}

static enum sim_end random_run(struct search *s, struct sim_strategy *strategy,
			       struct sim_cycles *cycles, struct traces *traces)
{
	struct random_exec r = {
		.exec = {
			.strategy = strategy,
			.watcher = &s->watcher,
			.alone = search_keeps_tails(s) && !traces ? random_alone : NULL,
			.stepped = traces ? random_stepped : NULL,
			.max_steps = s->config->max_steps,
			/* Who wants the schedule wants the same one of every build. */
			.cycles = s->config->keep_last ? NULL : cycles,
			.cycles_from = SIM_CYCLES_FROM,
			.last = -1,
		},
		.search = s,
		.traces = traces,
	};
	enum sim_end end = sim_exec_run(&r.exec);

	s->result->steps += r.exec.steps;
	/* What was asked for on the way may be answered otherwise next time. */
	if (r.exec.choices != r.asked)
		s->in_tail = false;
	return end;
}

/**
 * search_random() - many random executions, each from the same built world.
 *
 * Return: 0 or -ENOMEM.
 */
int search_random(struct search *s)
{
	struct sim_marked_world world = { .nr = 0 };
	struct sim_cycles cycles = { .nr = 0 };
	struct sim_recorder rec;
	bool stop = false;

	s->sampler = sampler_new(s->config);
	if (!s->sampler)
		return -ENOMEM;
	sim_recorder_init(&rec, sampler_strategy(s->sampler));
	sim_undo_on(true);
	sim_hash_on(true);
	sim_marked_world_take(&world, s->config->verify_rollback);
	while (!stop && s->result->executions < s->config->executions) {
		struct traces *traces = sampler_begin(s->sampler);
		enum sim_end end;

		sim_recorder_clear(&rec);
		check_watch_start(&s->checks);
		end = random_run(s, &rec.strategy, &cycles, traces);
		sim_cycles_cut(&cycles, (struct sim_cycles_mark){ 0 });
		sampler_end(s->sampler, rec.choice, rec.nr);
		stop = search_finish(s, end, rec.choice, rec.nr);
		sim_marked_world_return(&world);
	}
	if (s->config->keep_last && schedule_from(&s->result->last, rec.choice, rec.nr))
		s->err = -ENOMEM;
	sampler_words(s->sampler, s->result->covered, sizeof(s->result->covered));
	sampler_free(s->sampler);
	s->sampler = NULL;
	sim_marked_world_free(&world);
	sim_cycles_free(&cycles);
	sim_recorder_free(&rec);
	return s->err;
}

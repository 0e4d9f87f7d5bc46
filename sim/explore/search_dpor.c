/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exhaustive search with partial-order reduction, with states that were met, or
 * with both; see dpor.h.
 *
 * What is counted of executions counts those that were run to their end: one of
 * each class of executions that differ only in the order of independent steps,
 * or fewer.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/explore/cycles.h"
#include "sim/explore/dpor.h"
#include "sim/explore/search_private.h"

struct by_dpor {
	struct sim_dpor dpor;
	struct search *search;
};

static struct search *search_of(struct sim_dpor *dpor)
{
	return ((struct by_dpor *)dpor)->search;
}

static bool done(struct sim_dpor *self, enum sim_end end)
{
	struct search *s = search_of(self);
	bool stop;

	/* Where all tasks are done the tear-down is what follows. */
	if (self->hash && end == SIM_END_DONE && search_knows(s, 0, 0, s->config->max_steps))
		end = SIM_END_KNOWN;
	stop = search_finish(s, end, self->choice, self->nr_choices);
	check_watch_start(&s->checks);
	return stop;
}

static void tried(struct sim_dpor *self)
{
	check_watch_start(&search_of(self)->checks);
}

/* Forget what was counted; conditions stay in their places. */
void search_forget(struct search *s)
{
	struct search_result *r = s->result;
	unsigned int i;

	/* What is known is not looked at again, and so would not be counted. */
	tails_free(&s->tails);
	memset(&s->tails, 0, sizeof(s->tails));
	r->executions = 0;
	r->known = 0;
	r->steps = 0;
	r->length = 0;
	r->violated = 0;
	r->bounded = 0;
	r->unexpected = 0;
	r->nr_choices_max = 0;
	for (i = 0; i < r->nr_found; i++)
		schedule_free(&r->found[i].schedule);
	memset(r->found, 0, sizeof(r->found));
	r->nr_found = 0;
	for (i = 0; i < r->nr_conds; i++) {
		r->conds[i].positive = 0;
		r->conds[i].negative = 0;
	}
	finals_free(&r->finals);
	memset(&r->finals, 0, sizeof(r->finals));
}

static void again(struct sim_dpor *self)
{
	search_forget(search_of(self));
}

static bool poll(struct sim_dpor *self)
{
	return search_over(search_of(self));
}

static void say_covered(const struct sim_dpor *d, struct search_result *r)
{
	size_t n = search_say_executions(r, d->executions, d->reduce, d->blocked);

	if (d->states)
		snprintf(r->covered + n, sizeof(r->covered) - n,
			 "; %" PRIu64 " at one of %" PRIu64
			 " states that had been met (no collision of 128 bits assumed)",
			 d->pruned, d->nr_states);
	else if (d->pruned)
		snprintf(r->covered + n, sizeof(r->covered) - n,
			 "; %" PRIu64 " where they came back to a state of theirs", d->pruned);
}

/**
 * search_dpor() - as run_dfs(), by config->reduce, states and rerun.
 *
 * An expectation that asks what happened, not what is, cannot be judged by
 * states: then states that were met do not end an execution.
 *
 * Return: 0 or -ENOMEM.
 */
int search_dpor(struct search *s)
{
	const struct search_config *c = s->config;
	bool history = search_asks_history(s);
	struct by_dpor by = {
		.dpor = {
			.done = done, .tried = tried, .again = again, .poll = poll,
			.watcher = &s->watcher,
			.max_steps = c->max_steps,
			.max_executions = c->executions,
			.max_memory = c->memory,
			.reduce = c->reduce,
			.states = c->states && !history,
			.cycles = !history,
			.cycles_from = s->dfs.suspected ? 0 : SIM_CYCLES_FROM,
			.hash = search_keeps_tails(s),
			.rerun = c->rerun,
			.clock = c->clock,
			/* Running again leaves other dead bytes on stacks. */
			.verify_rollback = c->verify_rollback && !c->rerun,
			.prefix = c->prefix,
			.nr_prefix = c->nr_prefix,
		},
		.search = s,
	};
	struct search_result *r = s->result;
	int err;

	sim_undo_on(true);
	err = sim_dpor_run(&by.dpor);
	r->steps += by.dpor.steps;
	r->path_steps = by.dpor.path_steps;
	r->new_steps = by.dpor.steps;
	r->back_seconds = by.dpor.back_seconds;
	r->complete = by.dpor.end == SIM_DPOR_COMPLETE;
	r->over_memory |= by.dpor.end == SIM_DPOR_MEMORY;
	r->diverged = by.dpor.end == SIM_DPOR_DEPARTED;
	r->blocked = by.dpor.blocked;
	r->pruned = by.dpor.pruned;
	r->states = by.dpor.nr_states;
	say_covered(&by.dpor, r);
	return err ? err : s->err;
}

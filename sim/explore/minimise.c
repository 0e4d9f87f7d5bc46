/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Minimising, in two ways, of which the smaller result counts.
 *
 * Delta debugging: drop chunks of departures, from half of them down to single
 * ones, and keep what still violates the check; then move each departure that
 * is left to the lowest task that will do.  It stays near where it began.
 *
 * Searching: every execution with 0, 1, ... preemptions, as many as are cheap,
 * up to what delta debugging came down to.  It finds what is far from there.
 *
 * Every try is a run of its own, so the result is true by construction.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/explore/bounded.h"
#include "sim/explore/minimise.h"
#include "sim/race/actor.h"

#define CHEAP	20000	/* executions that a search may cost */
#define DETOUR	1000	/* more steps than the best one has, before one of them is cut */

/**
 * struct minimiser - at work
 * @config: of its runs
 * @result: of the running one
 * @check: what has to be violated
 * @hit: the running one has violated it
 * @have: something has, so far:
 * @best: the smallest schedule that did
 * @size: of that
 */
struct minimiser {
	struct search_config config;
	struct search_result result;
	const char *check;
	bool hit, have;
	struct schedule best;
	struct minimise_size size;
	struct minimise_stats *stats;
	char *error;
	size_t error_size;
	int err;
};

/* Of the execution that has just ended: the world stands as it was then. */
static void measure(const struct minimiser *m, const uint32_t *choices, size_t n,
		    struct minimise_size *ret)
{
	struct minimise_size size = { .preemptions = m->result.preemptions, .steps = sim_now() };
	struct sim_task_info info;
	struct actor_result stmt;
	uint32_t t, i;

	for (t = 0; t < m->config.race->nr_tasks; t++) {
		if (!sim_task_info(t, &info) || !info.steps)
			continue;
		size.tasks++;
		for (i = 0; actor_result(t, i, &stmt); i++) {
			size.statements++;
			if (!stmt.done)
				break;
		}
	}
	while (n--)
		size.departures += choices[n] != 0;
	*ret = size;
}

bool minimise_smaller(const struct minimise_size *a, const struct minimise_size *b)
{
	if (a->preemptions != b->preemptions)
		return a->preemptions < b->preemptions;
	if (a->tasks != b->tasks)
		return a->tasks < b->tasks;
	if (a->statements != b->statements)
		return a->statements < b->statements;
	if (a->steps != b->steps)
		return a->steps < b->steps;
	return a->departures < b->departures;
}

/* An execution violates something. Return: has the search gone far enough? */
static bool violated(void *arg, const struct check_watch *checks, const uint32_t *choices,
		     size_t n)
{
	struct minimiser *m = arg;
	struct minimise_size size;
	struct schedule schedule;
	unsigned int i;

	for (i = 0; i < checks->nr_found; i++)
		if (!strcmp(checks->found[i].check, m->check))
			break;
	if (i == checks->nr_found)
		return false;
	m->hit = true;
	measure(m, choices, n, &size);
	if (m->have && !minimise_smaller(&size, &m->size))
		return size.preemptions > m->size.preemptions;
	if (schedule_from(&schedule, choices, n)) {
		m->err = -ENOMEM;
		return true;
	}
	schedule_free(&m->best);
	m->best = schedule;
	m->size = size;
	m->have = true;
	return false;
}

static int run(struct minimiser *m)
{
	int err;

	m->hit = false;
	err = search_run(&m->config, &m->result, m->error, m->error_size);
	m->stats->tries += m->result.executions;
	return err ? err : m->err;
}

/* Return: 1 if @s violates the check, 0 if not, or -errno. */
static int violates(struct minimiser *m, const struct schedule *s)
{
	const uint64_t all_steps = m->config.max_steps;
	int err;

	m->config.kind = SEARCH_ONE;
	m->config.replay = s;
	/* Some wait in a loop for who is not let run. */
	if (m->have && m->size.steps + DETOUR < all_steps)
		m->config.max_steps = m->size.steps + DETOUR;
	err = run(m);
	m->config.max_steps = all_steps;
	/*
	 * A schedule that the run does not follow to its end is another one; but who
	 * looks for a cycle from the beginning may see it before a search does.
	 */
	m->hit &= !m->result.diverged || m->config.cycles;
	search_result_free(&m->result);
	return err ? err : m->hit;
}

/* All executions with as few preemptions as the best one has, if they are few. */
static int search(struct minimiser *m)
{
	const uint64_t all_steps = m->config.max_steps;
	uint32_t most = m->size.preemptions;
	int err;

	m->config.kind = SEARCH_BOUNDED;
	m->config.replay = NULL;
	m->config.executions = CHEAP;
	m->config.preemptions = most < SIM_BOUNDED_MAX ? most : SIM_BOUNDED_MAX - 1;
	/* A task that waits for another in a loop, and may not be preempted. */
	if (m->size.steps + DETOUR < all_steps)
		m->config.max_steps = m->size.steps + DETOUR;
	err = run(m);
	m->config.max_steps = all_steps;
	search_result_free(&m->result);
	return err;
}

/* @s without @n departures from @at on. */
static int without(struct schedule *ret, const struct schedule *s, size_t at, size_t n)
{
	int err = schedule_copy(ret, s);

	if (err)
		return err;
	memmove(&ret->choice[at], &ret->choice[at + n],
		(s->nr - at - n) * sizeof(*ret->choice));
	ret->nr -= n;
	return 0;
}

/* Replace @s by @try if that still fails. Return: as violates(). */
static int keep_if_failing(struct minimiser *m, struct schedule *s, struct schedule *try)
{
	int hit = violates(m, try);

	if (hit > 0) {
		schedule_free(s);
		*s = *try;
	} else {
		schedule_free(try);
	}
	return hit;
}

/* Try to drop each chunk of @size. Return: how many were dropped, or -errno. */
static int drop_chunks(struct minimiser *m, struct schedule *s, size_t size)
{
	struct schedule try;
	size_t at = 0;
	int dropped = 0, hit;

	while (at < s->nr) {
		size_t n = s->nr - at < size ? s->nr - at : size;

		hit = without(&try, s, at, n);
		if (!hit)
			hit = keep_if_failing(m, s, &try);
		if (hit < 0)
			return hit;
		dropped += hit;
		if (!hit)
			at += n;
	}
	return dropped;
}

/* The lowest task that will do, at departure @i. Return: was one lower, or -errno. */
static int lower_value(struct minimiser *m, struct schedule *s, size_t i)
{
	struct schedule try;
	uint32_t take;
	int hit;

	for (take = 1; take < s->choice[i].take; take++) {
		if (schedule_copy(&try, s))
			return -ENOMEM;
		try.choice[i].take = take;
		hit = keep_if_failing(m, s, &try);
		if (hit)
			return hit;
	}
	return 0;
}

/* Return: how many values were lowered, or -errno. */
static int lower_values(struct minimiser *m, struct schedule *s)
{
	int lowered = 0, hit;
	size_t i;

	for (i = 0; i < s->nr; i++) {
		hit = lower_value(m, s, i);
		if (hit < 0)
			return hit;
		lowered += hit;
	}
	return lowered;
}

/* Return: 0 when no single departure can go any more, or -errno. */
static int drop_departures(struct minimiser *m, struct schedule *s)
{
	size_t size = s->nr;
	int n;

	while (size) {
		n = drop_chunks(m, s, size);
		if (n < 0)
			return n;
		if (size > 1)
			size = (size + 1) / 2;
		else if (!n)
			break;
	}
	return 0;
}

/* Another task at one departure may make another one needless. */
static int shrink(struct minimiser *m, struct schedule *s)
{
	int n;

	do {
		n = drop_departures(m, s);
		if (!n)
			n = lower_values(m, s);
	} while (n > 0);
	return n;
}

/* The smallest that delta debugging and searching find, from @s on. */
static int find_smallest(struct minimiser *m, const struct schedule *s)
{
	struct minimise_size before;
	struct schedule copy;
	int err = schedule_copy(&copy, s);

	if (!err)
		err = shrink(m, &copy);
	before = m->size;
	if (!err)
		err = search(m);
	if (!err && minimise_smaller(&m->size, &before)) {
		schedule_free(&copy);
		err = schedule_copy(&copy, &m->best);
		if (!err)
			err = shrink(m, &copy);
	}
	schedule_free(&copy);
	return err;
}

int minimise(const struct search_config *config, const char *check, struct schedule *schedule,
	     struct minimise_stats *ret_stats, char *ret_error, size_t size)
{
	struct minimiser m = {
		.config = *config,
		.check = check,
		.stats = ret_stats,
		.error = ret_error,
		.error_size = size,
	};
	int err;

	*ret_stats = (struct minimise_stats){ .tries = 0 };
	m.config.trace = false;
	m.config.cycles = !strcmp(check, "livelock");
	m.config.progress = NULL;
	m.config.seconds = 0;
	m.config.stop_at_violation = false;
	m.config.verify_rollback = false;
	m.config.violated = violated;
	m.config.violated_arg = &m;
	err = violates(&m, schedule);
	ret_stats->from = m.size;
	if (err >= 0)
		err = err ? find_smallest(&m, schedule) : -ENOENT;
	if (!err) {
		schedule_free(schedule);
		*schedule = m.best;
		ret_stats->to = m.size;
	} else {
		schedule_free(&m.best);
	}
	return err;
}

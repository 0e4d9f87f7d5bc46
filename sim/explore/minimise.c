/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Minimising by delta debugging: drop chunks of departures, from half of them
 * down to single ones, and keep what still violates the check; then move each
 * departure that is left to the lowest task that will do.  Every try is a run
 * of its own, so the result is true by construction.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/minimise.h"

struct minimiser {
	struct search_config config;
	const char *check;
	struct minimise_stats *stats;
	char *error;
	size_t error_size;
};

/* Return: 1 if @s violates the check, 0 if not, or -errno. */
static int violates(struct minimiser *m, const struct schedule *s)
{
	struct search_result result;
	unsigned int i;
	int err, hit = 0;

	m->config.replay = s;
	m->stats->tries++;
	err = search_run(&m->config, &result, m->error, m->error_size);
	for (i = 0; !err && i < result.nr_found; i++)
		hit |= !strcmp(result.found[i].violation.check, m->check);
	/* A schedule that the run does not follow to its end is another one. */
	hit &= !result.diverged;
	search_result_free(&result);
	return err ? err : hit;
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

int minimise(const struct search_config *config, const char *check, struct schedule *schedule,
	     struct minimise_stats *ret_stats, char *ret_error, size_t size)
{
	struct minimise_stats stats = { .from = schedule->nr };
	struct minimiser m = {
		.config = *config,
		.check = check,
		.stats = &stats,
		.error = ret_error,
		.error_size = size,
	};
	int err;

	m.config.kind = SEARCH_ONE;
	m.config.trace = false;
	m.config.progress = NULL;
	err = violates(&m, schedule);
	if (err >= 0)
		err = err ? shrink(&m, schedule) : -ENOENT;
	stats.to = schedule->nr;
	*ret_stats = stats;
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The growing bound: one depth-first search after the other, each from the
 * same world.
 *
 * Walking once more through the smaller bounds' executions costs a fraction,
 * as each bound has some ten times the executions of the one before it; a
 * queue of prefixes would save that and cost their memory and their steps.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/engine/bug.h"
#include "sim/explore/bounded.h"
#include "sim/explore/random.h"

struct sums {
	uint64_t executions, steps, bounded, passed;
};

static void add(struct sums *sum, const struct sim_dfs *dfs)
{
	sum->executions += dfs->executions;
	sum->steps += dfs->steps;
	sum->bounded += dfs->bounded;
	sum->passed += dfs->passed;
}

/* The limit is on all bounds together. Return: false if nothing is left of it. */
static bool set_limit(struct sim_dfs *dfs, uint64_t max, uint64_t used)
{
	dfs->max_executions = max ? max - used : 0;
	return !max || used < max;
}

int sim_bounded_run(struct sim_bounded *b)
{
	uint64_t max_executions = b->dfs->max_executions;
	struct sim_marked_world world = { .nr = 0 };
	struct sim_dfs *dfs = b->dfs;
	struct sums sum = { 0 };
	uint32_t k;

	SIM_BUG_ON(b->max >= SIM_BOUNDED_MAX);
	b->nr_complete = 0;
	b->complete = false;
	dfs->bound_preemptions = true;
	sim_marked_world_take(&world, false);
	for (k = 0; k <= b->max; k++) {
		b->executions[k] = 0;
		if (!set_limit(dfs, max_executions, sum.executions))
			break;
		if (k)
			sim_marked_world_return(&world);
		dfs->preemptions = k;
		sim_dfs_run(dfs);
		add(&sum, dfs);
		b->executions[k] = dfs->executions;
		if (!dfs->complete)
			break;
		b->nr_complete++;
		b->complete = !dfs->more_preemptions;
		if (b->complete)
			break;
	}
	sim_marked_world_free(&world);
	dfs->max_executions = max_executions;
	dfs->executions = sum.executions;
	dfs->steps = sum.steps;
	dfs->bounded = sum.bounded;
	dfs->passed = sum.passed;
	dfs->complete = b->complete;
	return 0;
}

#define WORDS_MAX	8	/* bounds told one by one */

static size_t append(char *buf, size_t size, size_t len, const char *format, ...)
{
	va_list ap;

	if (len >= size)
		return len;
	va_start(ap, format);
	len += vsnprintf(buf + len, size - len, format, ap);
	va_end(ap);
	return len;
}

/* "2, 35, 431", or their sum if they are too many to be told. */
static size_t complete_words(const struct sim_bounded *b, char *buf, size_t size)
{
	bool each = b->nr_complete <= WORDS_MAX;
	uint64_t sum = 0;
	size_t len;
	uint32_t k;

	len = append(buf, size, 0, "0 to %" PRIu32 " preemptions: ", b->nr_complete - 1);
	for (k = 0; k < b->nr_complete; k++) {
		sum += b->executions[k];
		if (each)
			len = append(buf, size, len, "%s%" PRIu64, k ? " + " : "",
				     b->executions[k]);
	}
	if (!each)
		len = append(buf, size, len, "%" PRIu64, sum);
	return append(buf, size, len, " executions, all run");
}

void sim_bounded_words(const struct sim_bounded *b, char *buf, size_t size)
{
	uint32_t k = b->nr_complete;
	size_t len = 0;

	if (k)
		len = complete_words(b, buf, size);
	if (b->complete)
		append(buf, size, len, "; there are no others");
	else if (k <= b->max)
		append(buf, size, len, "%s%" PRIu32 " preemption%s: %" PRIu64 ", cut",
		       k ? "; " : "", k, k == 1 ? "" : "s", b->executions[k]);
	else
		append(buf, size, len, "; with more: none run");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strategies that sample: see samplers.h.
 *
 * Drift, what "random" means here, is a random walk with a taste for staying:
 * each execution draws how likely a preemption is, from one in two to one in
 * 2^DRIFT_MAX, so that long stretches of one task against a short one of
 * another are met as well as a fine mix.  Uniform choices never let one task
 * sleep through a hundred steps of another.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/core/step.h"
#include "sim/engine/footprint.h"
#include "sim/explore/samplers.h"

#define DRIFT_MAX	8

struct drift {
	struct sim_strategy strategy;
	struct sim_rng rng;
	uint32_t stay;		/* a preemption happens once in 2^stay choices */
	uint32_t left;		/* bits of @bits not used yet */
	uint64_t bits;
};

/**
 * struct sampler - one of the strategies, and what all of them count
 * @kind: which
 * @drift: SEARCH_RANDOM
 * @pct: SEARCH_PCT
 * @coverage: SEARCH_COVERAGE
 * @nr_traced: executions to trace, the first ones
 * @tracing: the running one
 * @trace: of the running one
 * @traces: of those that were traced
 * @schedules: those that were run
 * @states: those that executions ended in
 */
struct sampler {
	enum search_kind kind;
	union {
		struct drift drift;
		struct sim_pct pct;
		struct sim_coverage coverage;
	};
	uint64_t nr_traced;
	bool tracing;
	struct traces trace;
	struct sim_estimate traces, schedules, states;
};

/* True once in 2^stay times. One number serves for several answers. */
static bool drift_leaves(struct drift *d)
{
	bool leave;

	if (d->left < d->stay) {
		d->bits = sim_rng_next(&d->rng);
		d->left = 64;
	}
	leave = !(d->bits & ((1u << d->stay) - 1));
	d->bits >>= d->stay;
	d->left -= d->stay;
	return leave;
}

static int drift_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			const char *tag)
{
	struct drift *d = (struct drift *)self;

	(void)tag;
	if (!tasks)
		return sim_rng_below(&d->rng, n);
	if (!drift_leaves(d))
		return 0;
	return n == 2 ? 1 : 1 + sim_rng_below(&d->rng, n - 1);
}

struct sampler *sampler_new(const struct search_config *config)
{
	struct sampler *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->kind = config->kind;
	s->nr_traced = config->traces;
	traces_init(&s->trace);
	sim_estimate_init(&s->traces);
	sim_estimate_init(&s->schedules);
	sim_estimate_init(&s->states);
	switch (config->kind) {
	case SEARCH_PCT:
		sim_pct_init(&s->pct, config->seed, config->depth, config->k);
		s->pct.hashing = true;
		break;
	case SEARCH_COVERAGE:
		sim_coverage_init(&s->coverage, config->seed);
		break;
	default:
		s->drift.strategy.choose = drift_choose;
		sim_rng_seed(&s->drift.rng, config->seed);
		break;
	}
	return s;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	if (s->kind == SEARCH_COVERAGE)
		sim_coverage_free(&s->coverage);
	traces_free(&s->trace);
	sim_estimate_free(&s->traces);
	sim_estimate_free(&s->schedules);
	sim_estimate_free(&s->states);
	free(s);
}

struct sim_strategy *sampler_strategy(struct sampler *s)
{
	switch (s->kind) {
	case SEARCH_PCT:
		return &s->pct.strategy;
	case SEARCH_COVERAGE:
		return &s->coverage.strategy;
	default:
		return &s->drift.strategy;
	}
}

struct traces *sampler_begin(struct sampler *s)
{
	switch (s->kind) {
	case SEARCH_PCT:
		sim_pct_begin(&s->pct);
		break;
	case SEARCH_COVERAGE:
		sim_coverage_begin(&s->coverage);
		break;
	default:
		s->drift.stay = 1 + sim_rng_below(&s->drift.rng, DRIFT_MAX);
		break;
	}
	s->tracing = s->traces.samples < s->nr_traced;
	if (!s->tracing)
		return NULL;
	sim_footprint_on(true);
	traces_begin(&s->trace);
	return &s->trace;
}

void sampler_again(struct sampler *s)
{
	if (!s->tracing)
		return;
	sim_footprint_on(false);
	s->tracing = false;
	s->nr_traced--;
}

void sampler_end(struct sampler *s, const uint32_t *choices, size_t n)
{
	if (s->kind == SEARCH_PCT)
		sim_pct_end(&s->pct);
	if (s->tracing) {
		sim_footprint_on(false);
		sim_estimate_add(&s->traces, s->trace.sum);
	}
	sim_estimate_add(&s->schedules, sim_estimate_hash(choices, n));
}

void sampler_final(struct sampler *s, uint64_t state)
{
	sim_estimate_add(&s->states, state);
}

void sampler_look(struct sampler *s, const struct sim_record *recs, size_t n)
{
	size_t i;

	if (s->kind != SEARCH_PCT)
		return;
	for (i = 0; i < n; i++)
		if (recs[i].verb == SIM_RETRY && recs[i].task >= 0 &&
		    recs[i].task < SIM_MAX_TASKS)
			sim_pct_demote(&s->pct, recs[i].task);
}

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

/*
 * "9012 schedules in 10000 executions, chance of a new one 0.87". That is for
 * independent samples: the greedy one's are not. What was met twice at least
 * every time is no proof that there is nothing else.
 */
static size_t kinds(const struct sampler *s, const struct sim_estimate *e, const char *what,
		    bool first, char *buf, size_t size, size_t len)
{
	if (!e->samples)
		return len;
	len = append(buf, size, len, "%s%" PRIu64 " %s%s in %s%" PRIu64 " executions",
		     len ? "; " : "", e->distinct, what, e->distinct == 1 ? "" : "s",
		     e->full || first ? "the first " : "", e->samples);
	if (s->kind == SEARCH_COVERAGE)
		return len;
	if (!e->single)
		return append(buf, size, len, ", chance of a new one below %.2g",
			      1.0 / e->samples);
	return append(buf, size, len, ", chance of a new one %.2g", sim_estimate_unseen(e));
}

void sampler_words(const struct sampler *s, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	len = kinds(s, &s->schedules, "schedule", false, buf, size, len);
	len = kinds(s, &s->traces, "trace", s->schedules.samples > s->traces.samples, buf, size,
		    len);
	len = kinds(s, &s->states, "final state", false, buf, size, len);
	if (s->kind == SEARCH_COVERAGE)
		append(buf, size, len, "; %" PRIu64 " turns at objects",
		       sim_coverage_turns(&s->coverage));
	if (s->kind == SEARCH_PCT) {
		len = append(buf, size, len, "; ");
		if (len < size)
			sim_pct_words(&s->pct, buf + len, size - len);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strategies that sample, behind one face: what search_random() runs, and
 * what is said afterwards about what it has covered.
 */
#ifndef SIM_EXPLORE_SAMPLERS_H
#define SIM_EXPLORE_SAMPLERS_H

#include "sim/core/step.h"
#include "sim/explore/coverage.h"
#include "sim/explore/estimate.h"
#include "sim/explore/pct.h"
#include "sim/explore/search.h"
#include "sim/explore/traces.h"

struct sampler;

/**
 * sampler_new() - the strategy of a search's kind
 * @config: kind, seed and what the kind asks for
 *
 * Context: hashing will be on in its executions.
 * Return: to be freed; NULL if there is no memory.
 */
struct sampler *sampler_new(const struct search_config *config);
void sampler_free(struct sampler *s);

/* Answers the choices of the executions. */
struct sim_strategy *sampler_strategy(struct sampler *s);

/*
 * Before each execution. If its trace is wanted, its steps are to be told to
 * what is returned, and it is to be run to its end; else that is NULL.
 */
struct traces *sampler_begin(struct sampler *s);

/* The execution is run again from its beginning, and not traced. */
void sampler_again(struct sampler *s);

/**
 * sampler_end() - after each execution.
 * @s: the sampler
 * @choices: what was chosen, @n of them
 */
void sampler_end(struct sampler *s, const uint32_t *choices, size_t n);

/* An execution has come to an end; @state stands for how the world was then. */
void sampler_final(struct sampler *s, uint64_t state);

/* Records have come: a task that starts over may have to wait. */
void sampler_look(struct sampler *s, const struct sim_record *recs, size_t n);

/* Verbs that sampler_look() wants to see, a bit each. */
#define SAMPLER_VERBS	(1ULL << SIM_RETRY)

/* One line: what was covered, and no more. */
void sampler_words(const struct sampler *s, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage-greedy: see coverage.h. */
#include <string.h>

#include "sim/core/task.h"
#include "sim/explore/coverage.h"

#define GREED_MAX	3
#define STAY_MAX	8

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
	return sum ^ sum >> 29;
}

/* The names of functions, not where a linker put them: else no two builds agree. */
static uint64_t mix_text(uint64_t sum, const char *text)
{
	while (text && *text)
		sum = (sum ^ (unsigned char)*text++) * 0x100000001b3ULL;
	return sum;
}

/* A task's next step, as a number, and what it would make of its object. */
struct candidate {
	struct sim_coverage_object *object;	/* NULL: one too many to follow */
	uint64_t step;
	uint64_t turn;				/* 0: none, no other task was there */
};

static struct sim_coverage_object *find_object(struct sim_coverage *c, sim_obj_t obj)
{
	uint32_t at = mix(0, obj) >> 32, tries;

	for (tries = 0; tries < SIM_COVERAGE_OBJECTS; tries++) {
		struct sim_coverage_object *o = &c->object[(at + tries) % SIM_COVERAGE_OBJECTS];

		if (o->execution != c->executions) {
			*o = (struct sim_coverage_object){
				.obj = obj, .execution = c->executions, .task = -1,
			};
			return o;
		}
		if (o->obj == obj)
			return o;
	}
	return NULL;
}

static void look_at(struct sim_coverage *c, unsigned int task, struct candidate *ret)
{
	struct sim_coverage_object *o;
	const char *site;
	uint16_t verb;
	sim_obj_t obj = sim_task_next(task, &verb, &site);

	ret->step = mix(mix_text(0xcbf29ce484222325ULL, site), (uint64_t)task << 16 | verb);
	ret->turn = 0;
	ret->object = o = find_object(c, obj);
	if (!o || o->task < 0)
		return;
	/* Two of one task, unless another came before them, are no turn. */
	if (o->task != (int)task || o->before)
		ret->turn = mix(mix(mix(o->before, o->last), ret->step), obj) | 1;
}

static void take(struct sim_coverage *c, unsigned int task, const struct candidate *it)
{
	struct sim_coverage_object *o = it->object;

	if (it->turn)
		sim_estimate_add(&c->turns, it->turn);
	if (!o)
		return;
	/* Kept while tasks alternate: what a task does alone is one step for it. */
	o->before = o->task >= 0 && o->task != (int)task ? o->last : 0;
	o->last = it->step;
	o->task = task;
}

static bool is_new(const struct sim_coverage *c, const struct candidate *it)
{
	return it->turn && !sim_estimate_has(&c->turns, it->turn);
}

static uint32_t stay_or_leave(struct sim_coverage *c, uint32_t n)
{
	if (sim_rng_below(&c->rng, 1u << c->stay))
		return 0;
	return 1 + sim_rng_below(&c->rng, n - 1);
}

static int coverage_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			   const char *tag)
{
	struct sim_coverage *c = (struct sim_coverage *)self;
	struct candidate it[SIM_MAX_TASKS];
	uint32_t fresh[SIM_MAX_TASKS], nr_fresh = 0, pick, i;

	(void)tag;
	if (!tasks)
		return sim_rng_below(&c->rng, n);
	for (i = 0; i < n; i++) {
		look_at(c, tasks[i], &it[i]);
		if (is_new(c, &it[i]))
			fresh[nr_fresh++] = i;
	}
	if (nr_fresh && (!c->greed || !sim_rng_below(&c->rng, 1u << c->greed)))
		pick = fresh[sim_rng_below(&c->rng, nr_fresh)];
	else
		pick = stay_or_leave(c, n);
	take(c, tasks[pick], &it[pick]);
	return pick;
}

void sim_coverage_init(struct sim_coverage *c, uint64_t seed)
{
	memset(c, 0, sizeof(*c));
	c->strategy.choose = coverage_choose;
	sim_rng_seed(&c->rng, seed);
	sim_estimate_init(&c->turns);
}

void sim_coverage_free(struct sim_coverage *c)
{
	sim_estimate_free(&c->turns);
}

void sim_coverage_begin(struct sim_coverage *c)
{
	c->executions++;
	c->greed = sim_rng_below(&c->rng, GREED_MAX + 1);
	c->stay = 1 + sim_rng_below(&c->rng, STAY_MAX);
}

uint64_t sim_coverage_turns(const struct sim_coverage *c)
{
	return c->turns.distinct;
}

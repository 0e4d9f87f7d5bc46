/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strategies: random, recorded, replayed; and the marked world.
 */
#include <stdlib.h>

#include "sim/core/task.h"
#include "sim/engine/bug.h"
#include "sim/engine/fiber.h"
#include "sim/engine/verify.h"
#include "sim/explore/random.h"

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

_Static_assert(SIM_MAX_TASKS <= 32, "struct sim_marked_world is too small");

/* ---- numbers ---- */

/* splitmix64: spreads a seed, so that small seeds are as good as any. */
static uint64_t spread(uint64_t *x)
{
	uint64_t z = *x += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

void sim_rng_seed(struct sim_rng *rng, uint64_t seed)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		rng->s[i] = spread(&seed);
}

static uint64_t rotl(uint64_t x, unsigned int k)
{
	return x << k | x >> (64 - k);
}

uint64_t sim_rng_next(struct sim_rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

uint32_t sim_rng_below(struct sim_rng *rng, uint32_t n)
{
	/* Scaling instead of a remainder; the few that would favour low
	 * numbers are drawn again. */
	uint64_t product;

	SIM_BUG_ON(!n);
	do {
		product = (sim_rng_next(rng) >> 32) * n;
		/* The limit is below n: nearly never is it worth a division. */
	} while ((uint32_t)product < n && (uint32_t)product < (uint32_t)-n % n);
	return product >> 32;
}

/* ---- strategies ---- */

static int random_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct sim_random *r = container_of(self, struct sim_random, strategy);

	return sim_rng_below(&r->rng, n);
}

void sim_random_init(struct sim_random *r, uint64_t seed)
{
	r->strategy.choose = random_choose;
	sim_rng_seed(&r->rng, seed);
}

static int recorder_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			   const char *tag)
{
	struct sim_recorder *r = container_of(self, struct sim_recorder, strategy);
	int answer = 0;

	if (r->inner)
		answer = r->inner->choose(r->inner, n, tasks, tag);
	if (answer < 0)
		return answer;
	if (r->nr == r->max) {
		r->max = r->max ? 2 * r->max : 256;
		r->choice = reallocarray(r->choice, r->max, sizeof(*r->choice));
		r->of = reallocarray(r->of, r->max, sizeof(*r->of));
		if (!r->choice || !r->of)
			SIM_BUG("out of memory");
	}
	r->choice[r->nr] = answer;
	r->of[r->nr] = n;
	r->nr++;
	return answer;
}

void sim_recorder_init(struct sim_recorder *r, struct sim_strategy *inner)
{
	*r = (struct sim_recorder){
		.strategy.choose = recorder_choose,
		.inner = inner,
	};
}

void sim_recorder_clear(struct sim_recorder *r)
{
	r->nr = 0;
}

void sim_recorder_free(struct sim_recorder *r)
{
	free(r->choice);
	free(r->of);
	sim_recorder_init(r, NULL);
}

static int replay_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
			 const char *tag)
{
	struct sim_replay *r = container_of(self, struct sim_replay, strategy);
	size_t at = r->next++;

	if (at >= r->nr)
		return 0;
	if (r->choice[at] >= n || (r->of && r->of[at] != n)) {
		r->departed = true;
		r->departed_at = at;
		return -1;
	}
	return r->choice[at];
}

void sim_replay_init(struct sim_replay *r, const uint32_t *choice, const uint32_t *of, size_t nr)
{
	*r = (struct sim_replay){
		.strategy.choose = replay_choose,
		.choice = choice,
		.of = of,
		.nr = nr,
	};
}

/* ---- the marked world ---- */

void sim_marked_world_take(struct sim_marked_world *m, bool verify)
{
	size_t size = 0;
	unsigned int i;

	m->nr = sim_nr_tasks();
	for (i = 0; i < m->nr; i++) {
		m->offset[i] = size;
		size += sim_fiber_save_size(i);
	}
	m->buf = malloc(size + 1);
	if (!m->buf)
		SIM_BUG("out of memory");
	for (i = 0; i < m->nr; i++)
		sim_fiber_save(i, m->buf + m->offset[i]);
	sim_undo_on(true);
	m->mark = sim_undo_mark();
	m->verify = verify ? sim_verify_take() : NULL;
}

void sim_marked_world_return(struct sim_marked_world *m)
{
	unsigned int i;

	/* The log first: it may hold words of stacks, the copies are newer. */
	sim_undo_to(m->mark);
	for (i = 0; i < m->nr; i++)
		sim_fiber_restore(i, m->buf + m->offset[i]);
	if (m->verify)
		sim_verify_check(m->verify);
}

void sim_marked_world_free(struct sim_marked_world *m)
{
	free(m->buf);
	m->buf = NULL;
	sim_verify_free(m->verify);
	m->verify = NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States that come again on one path: see cycles.h. */
#include <stdlib.h>

#include "sim/engine/bug.h"
#include "sim/explore/cycles.h"

#define SAME_MAX	4

static bool same(struct sim_hash a, struct sim_hash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/* The slot of a state, or the one where it would be. */
static uint32_t *slot_of(const struct sim_cycles *c, struct sim_hash state)
{
	uint32_t at;

	for (at = state.lo; ; at++) {
		uint32_t *slot = &c->slot[at & (c->size - 1)];

		if (!*slot || same(c->point[*slot - 1].state, state))
			return slot;
	}
}

static void grow(struct sim_cycles *c)
{
	uint32_t i;

	c->max = c->max ? 2 * c->max : 256;
	c->size = 2 * c->max;
	c->point = reallocarray(c->point, c->max, sizeof(*c->point));
	free(c->slot);
	c->slot = calloc(c->size, sizeof(*c->slot));
	if (!c->point || !c->slot)
		SIM_BUG("out of memory");
	for (i = 0; i < c->nr; i++)
		*slot_of(c, c->point[i].state) = i + 1;
}

uint32_t sim_cycles_find(const struct sim_cycles *c, struct sim_hash state)
{
	return c->nr ? *slot_of(c, state) - 1 : SIM_CYCLES_NONE;
}

void sim_cycles_add(struct sim_cycles *c, struct sim_hash state, uint64_t tag, uint64_t steps)
{
	uint32_t *slot;

	if (c->nr == c->max)
		grow(c);
	slot = slot_of(c, state);
	c->point[c->nr] = (struct sim_cycle_point){
		.state = state,
		.tag = tag,
		.steps = steps,
		.before = *slot - 1,
		.ran = c->ran,
		.could = c->could,
	};
	*slot = ++c->nr;
	c->ran = 0;
	c->could = 0;
}

struct sim_cycles_mark sim_cycles_mark(const struct sim_cycles *c)
{
	return (struct sim_cycles_mark){ c->nr, c->ran, c->could, c->enabled };
}

/* The last that came is the first that goes: no other was put aside for it. */
void sim_cycles_cut(struct sim_cycles *c, struct sim_cycles_mark mark)
{
	while (c->nr > mark.nr) {
		const struct sim_cycle_point *p = &c->point[--c->nr];

		*slot_of(c, p->state) = p->before + 1;
	}
	c->ran = mark.ran;
	c->could = mark.could;
	c->enabled = mark.enabled;
	c->alone.row = 0;
}

void sim_cycles_free(struct sim_cycles *c)
{
	free(c->point);
	free(c->slot);
	*c = (struct sim_cycles){ .nr = 0 };
}

/*
 * From any of the earlier times that this state was there; but who comes back all
 * the time in the same way need not be asked about all of them.
 */
static bool fair_since(struct sim_cycles *c, struct sim_hash state, uint64_t tag, uint64_t steps)
{
	uint32_t ran = c->ran, could = c->could, at = sim_cycles_find(c, state), i = c->nr;
	uint32_t had = 0, same = 0;

	for (; at != SIM_CYCLES_NONE && same < SAME_MAX; at = c->point[at].before) {
		while (i > at + 1) {
			i--;
			ran |= c->point[i].ran;
			could |= c->point[i].could;
		}
		c->again += c->point[at].tag == tag;
		same = ran == had ? same + 1 : 0;
		had = ran;
		if (!sim_cycle_is_fair(ran, could))
			continue;
		c->cycle_ran = ran;
		c->cycle_steps = steps - c->point[at].steps;
		return true;
	}
	return false;
}

bool sim_cycles_look(struct sim_cycles *c, uint32_t enabled, int last, uint64_t tag,
		     uint64_t steps)
{
	struct sim_hash state;

	if (c->enabled) {
		c->ran |= 1u << last;
		c->could |= c->enabled;
	}
	c->enabled = enabled;
	c->again = 0;
	if (!(enabled & (enabled - 1)))
		return sim_cycles_alone(c, last);
	c->alone.row = 0;
	state = sim_hash_now(sim_tasks_alive());
	if (fair_since(c, state, tag, steps))
		return true;
	sim_cycles_add(c, state, tag, steps);
	return false;
}

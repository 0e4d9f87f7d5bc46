/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All orders: the search that leaves out orders of steps that have nothing to
 * do with one another (sim/explore/dpor.h), told that a step with a milestone
 * has to do with every other such step, and that the order so far is part of the
 * state. So it takes none for another that differs in the order of milestones.
 * Of those with one order the first is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/core/world.h"
#include "sim/engine/bug.h"
#include "sim/engine/footprint.h"
#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
#include "tests/real/orders_all.h"
#include "tests/real/side.h"

/**
 * struct finding - a search under way
 * @dpor: the search
 * @watcher: sees its records
 * @verbs: milestones
 * @order: stands for those so far; part of the world's state
 * @known: a set of such, of @size places of which 0 are empty
 * @ret: filled
 * @room: entries that ret->execution has room for
 * @nr_choices: of ret->choice, which has room for @choice_room
 */
struct finding {
	struct sim_dpor dpor;
	struct sim_watcher watcher;
	uint64_t verbs, *order, *known;
	size_t size;
	struct executions *ret;
	size_t room, nr_choices, choice_room;
};

#define finding_of(ptr, member)						\
	((struct finding *)((char *)(ptr) - offsetof(struct finding, member)))

/* Nowhere else, and of no object's: every milestone writes it. */
static const void *order_word(void)
{
	return SIM_NOWHERE(0, 0);
}

static uint64_t order_after(uint64_t order, const struct sim_record *rec)
{
	uint64_t what = rec->obj ^ (uint64_t)rec->verb << 8 ^ rec->task;

	order = (order ^ what) * 0x9e3779b97f4a7c15ULL;
	return (order ^ order >> 29) * 0xbf58476d1ce4e5b9ULL;
}

static bool look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct finding *f = finding_of(self, watcher);
	size_t i;

	for (i = 0; i < n; i++) {
		if (recs[i].task < 0 || !(f->verbs >> recs[i].verb & 1))
			continue;
		sim_touch(order_word(), SIM_ACCESS_WRITE);
		sim_set(*f->order, order_after(*f->order, &recs[i]));
	}
	return false;
}

static uint64_t *place_of(uint64_t *known, size_t size, uint64_t order)
{
	size_t at = order >> 20;

	while (known[at & (size - 1)] && known[at & (size - 1)] != order)
		at++;
	return &known[at & (size - 1)];
}

/* Twice the places as there are orders, at least. */
static void make_room(struct finding *f)
{
	size_t size = f->size ? 2 * f->size : 1024, i;
	uint64_t *known;

	if (f->size >= 2 * (f->ret->nr + 1))
		return;
	known = calloc(size, sizeof(*known));
	if (!known)
		SIM_BUG("out of memory");
	for (i = 0; i < f->size; i++)
		if (f->known[i])
			*place_of(known, size, f->known[i]) = f->known[i];
	free(f->known);
	f->known = known;
	f->size = size;
}

/* Was this order met before? If not, it is now. */
static bool is_known(struct finding *f)
{
	uint64_t order = *f->order | 1, *place;

	make_room(f);
	place = place_of(f->known, f->size, order);
	if (*place)
		return true;
	*place = order;
	return false;
}

static bool done(struct sim_dpor *dpor, enum sim_end end)
{
	struct finding *f = finding_of(dpor, dpor);
	struct executions *ret = f->ret;
	size_t n = dpor->nr_choices;

	(void)end;
	if (is_known(f))
		return false;
	ret->execution = side_grow(ret->execution, &f->room, ret->nr + 1,
				   sizeof(*ret->execution));
	ret->choice = side_grow(ret->choice, &f->choice_room, f->nr_choices + n,
				sizeof(*ret->choice));
	ret->execution[ret->nr].at = f->nr_choices;
	ret->execution[ret->nr].nr = n;
	ret->nr++;
	memcpy(ret->choice + f->nr_choices, dpor->choice, n * sizeof(*dpor->choice));
	f->nr_choices += n;
	return false;
}

static void again(struct sim_dpor *dpor)
{
	struct finding *f = finding_of(dpor, dpor);

	f->ret->nr = f->nr_choices = 0;
	if (f->known)
		memset(f->known, 0, f->size * sizeof(*f->known));
}

bool find_all(struct executions *ret, uint64_t milestones)
{
	struct finding f = {
		.dpor = {
			.done = done, .again = again,
			.watcher = &f.watcher,
			.max_steps = SIDE_MAX_STEPS,
			.max_executions = ret->max,
			.reduce = true,
			.states = true,
		},
		.watcher.look = look,
		.verbs = milestones,
		.order = sim_room_create(SIM_ROOM_TEST, sizeof(*f.order)),
		.ret = ret,
	};
	int err;

	sim_undo_on(true);
	err = sim_dpor_run(&f.dpor);
	free(f.known);
	return !err && f.dpor.end == SIM_DPOR_COMPLETE;
}

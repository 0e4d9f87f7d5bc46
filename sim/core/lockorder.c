/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock classes and their order.  Stands for kernel/locking/lockdep.c.
 *
 * The order is a relation "comes after" on classes, closed under transitivity.
 * A context that waits for a lock while it holds others adds a pair for each;
 * where the opposite pair is known already, X_ORDER is noted.  As in the
 * kernel this is judged when the lock is asked for, before it is had, and a
 * trylock is not judged, because it cannot wait.
 *
 * Simpler than the kernel: no interrupt states, and readers count as writers.
 */
#include "sim/core/world_private.h"

static bool same(const char *a, const char *b)
{
	if (a == b)
		return true;
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

unsigned int sim_lock_class(const char *name)
{
	struct sim_lock_classes *cs = &the_world->classes;
	unsigned int i;

	for (i = 0; i < cs->nr; i++) {
		if (same(cs->name[i], name))
			return i;
	}
	if (cs->nr == SIM_MAX_CLASSES)
		SIM_BUG("too many lock classes");
	cs->name[cs->nr] = name;
	return cs->nr++;
}

SIM_QUIET const char *sim_lock_class_name(unsigned int class)
{
	SIM_BUG_ON(class >= the_world->classes.nr);
	return the_world->classes.name[class];
}

/* Add outer -> inner, and what follows from it. */
static SIM_QUIET void add_pair(unsigned int outer, unsigned int inner)
{
	struct sim_lock_classes *cs = &the_world->classes;
	uint64_t gained = cs->after[inner] | sim_bit(inner);
	unsigned int i;

	if ((cs->after[outer] & gained) == gained)
		return;
	for (i = 0; i < cs->nr; i++) {
		if (i == outer || (cs->after[i] & sim_bit(outer)))
			sim_set(cs->after[i], cs->after[i] | gained);
	}
}

void sim_lock_order(const char *outer, const char *inner)
{
	unsigned int o = sim_lock_class(outer);
	unsigned int i = sim_lock_class(inner);

	/* A contradiction between two declarations is the caller's mistake. */
	SIM_BUG_ON(o == i);
	SIM_BUG_ON(the_world->classes.after[i] & sim_bit(o));
	add_pair(o, i);
}

/* @l is asked for while @held, of class @outer, is; that is not known to be right. */
static __attribute__((noinline)) SIM_QUIET void judge(const struct sim_lock *held,
						      unsigned int outer,
						      const struct sim_lock *l, const char *site)
{
	struct sim_lock_classes *cs = &the_world->classes;
	bool wrong;

	/* Taking what one holds is a deadlock, not a wrong order. */
	if (held == l)
		return;
	if (outer == l->class)
		/* Two folios at once: their users order them. */
		wrong = l->type != SIM_BITLOCK && l->subclass <= held->subclass;
	else
		wrong = cs->after[l->class] & sim_bit(outer);
	if (wrong)
		sim_note(SIM_X_ORDER, l->obj, outer, l->class, site);
	else if (outer != l->class)
		add_pair(outer, l->class);
}

SIM_QUIET void sim_lock_check_order(const struct sim_lock *l, const char *site)
{
	const struct sim_lock_classes *cs = &the_world->classes;
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);
	unsigned int i;

	for (i = 0; i < c->nr_held; i++) {
		uint64_t what = i < SIM_NEAR_HELD ? c->held[i].what :
						    the_world->context[id].held[i].what;

		/* As ever. What is known is closed, so there is nothing to add. */
		if (cs->after[SIM_HELD_CLASS(what)] >> l->class & 1)
			continue;
		judge(SIM_HELD_LOCK(what), SIM_HELD_CLASS(what), l, site);
	}
}

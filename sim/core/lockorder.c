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

static SIM_QUIET bool same(const char *a, const char *b)
{
	if (a == b)
		return true;
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Number of a class, or how many there are if none is called so. */
static SIM_QUIET unsigned int find_class(const char *name)
{
	const struct sim_lock_classes *cs = &the_world->classes;
	unsigned int i;

	for (i = 0; i < cs->nr; i++) {
		if (same(cs->name[i], name))
			break;
	}
	return i;
}

unsigned int sim_lock_class(const char *name)
{
	struct sim_lock_classes *cs = &the_world->classes;
	unsigned int i = find_class(name);

	if (i < cs->nr)
		return i;
	if (i == SIM_MAX_CLASSES)
		SIM_BUG("too many lock classes");
	cs->name[i] = name;
	cs->nr = i + 1;
	return i;
}

SIM_QUIET void sim_lock_tell_unlocks(const char *class)
{
	struct sim_lock_classes *cs = &the_world->classes;
	unsigned int i = find_class(class);
	uint64_t untold = i < cs->nr ? ~sim_bit(i) : 0;

	if (cs->untold != untold)
		sim_set(cs->untold, untold);
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

SIM_QUIET void sim_lock_judge(const struct sim_lock *held, unsigned int outer,
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

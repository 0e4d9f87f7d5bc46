/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recording orders: first those of random executions, then, if these have not as
 * many as are asked for, others that a search finds. The text of an order is
 * told in orders.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "tests/real/orders.h"
#include "tests/real/orders_all.h"

/* A number that stands for an order. */
static uint64_t hash_of(const struct order *o)
{
	uint64_t sum = 0xcbf29ce484222325ULL;
	size_t i;

	for (i = 0; i < o->nr; i++) {
		const struct milestone *m = &o->milestone[i];

		sum = (sum ^ m->task ^ (uint64_t)m->verb << 8 ^ m->obj) * 0x100000001b3ULL;
	}
	return sum;
}

/* Orders that were printed. */
struct known {
	uint64_t *hash;
	size_t nr, max;
};

/* Was an order like this printed before? If not, it is now. */
static bool is_known(struct known *known, uint64_t hash)
{
	size_t i;

	for (i = 0; i < known->nr; i++)
		if (known->hash[i] == hash)
			return true;
	known->hash = side_grow(known->hash, &known->max, known->nr + 1, sizeof(hash));
	known->hash[known->nr++] = hash;
	return false;
}

static int print_order(const struct side *side, const struct order *o, enum sim_end end, FILE *out)
{
	char *text = side_final_text(side->race);
	size_t i;

	if (!text)
		return -ENOMEM;
	fprintf(out, "%d\t", end);
	turns_print(&o->turns, out);
	fputc('\t', out);
	for (i = 0; i < o->nr; i++)
		fprintf(out, "%d:%d:%" PRIx64 " ", o->milestone[i].task, o->milestone[i].verb,
			o->milestone[i].obj);
	fprintf(out, "\t%s\n", text);
	free(text);
	return 0;
}

/* Run once as @s says, print what comes of it if it is new. */
static int record_one(const struct side *side, struct steer *s, struct sim_marked_world *world,
		      struct known *known, FILE *out)
{
	enum sim_end end = order_run(s);
	int err = 0;

	order_drop_halves(&s->seen);
	if (!is_known(known, hash_of(&s->seen)))
		err = print_order(side, &s->seen, end, out);
	sim_marked_world_return(world);
	return err;
}

/* The rest of what is asked for, from all over what a search finds. */
static int record_rest(const struct side *side, struct steer *s, struct sim_marked_world *world,
		       struct known *known, FILE *out)
{
	struct executions found = { .max = side->executions };
	bool all = find_all(&found, MILESTONES);
	/* Some of them are known; with luck these are not all in one place. */
	size_t i, n, rest = side->orders - known->nr;
	int err = 0;

	sim_marked_world_return(world);
	all = all && found.nr <= side->orders;
	n = all || 2 * rest > found.nr ? found.nr : 2 * rest;
	for (i = 0; !err && i < n && known->nr < side->orders; i++) {
		size_t at = n < found.nr ? i * found.nr / n : i;

		s->given = found.choice + found.execution[at].at;
		s->nr_given = found.execution[at].nr;
		err = record_one(side, s, world, known, out);
	}
	s->given = NULL;
	fprintf(out, all ? "#all\n" : "#some\n");
	free(found.choice);
	free(found.execution);
	return err;
}

/**
 * side_record() - print orders, no two alike.
 * @side: what is run, and how many orders; if four times as many random
 *	executions do not have so many, a search of side->executions looks for
 *	more
 * @out: where to
 *
 * Return: 0 or -errno.
 */
int side_record(const struct side *side, FILE *out)
{
	struct sim_marked_world world = { .nr = 0 };
	struct known known = { .nr = 0 };
	struct steer s = { .v61 = !strcmp(side->setup.profile->name, "6.1") };
	uint64_t i;
	int err;

	err = order_build(side, &world);
	sim_rng_seed(&s.rng, side->seed);
	for (i = 0; !err && known.nr < side->orders && i < 4 * side->orders; i++) {
		s.stay = 2U << sim_rng_below(&s.rng, 7);
		err = record_one(side, &s, &world, &known, out);
	}
	if (!err && known.nr < side->orders)
		err = record_rest(side, &s, &world, &known, out);
	else
		fprintf(out, "#some\n");
	free(known.hash);
	free(s.seen.milestone);
	free(s.seen.turns.turn);
	sim_marked_world_free(&world);
	return err;
}

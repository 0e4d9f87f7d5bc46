/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hold and pin statements: references of an actor that is neither KVM nor the
 * guest.  "hold" is the transient plain reference of the contract's J.16: what
 * GUP-fast or a page-cache look-up has between taking and dropping it, held for
 * as long as the race says.  "pin" is another driver's pin_user_pages_fast(),
 * charged to nobody.
 */
#include <linux/errno.h>
#include <linux/slab.h>

#include "fakes/mm/page_ref_many.h"
#include "sim/core/alloc.h"
#include "sim/race/actor_private.h"

static struct actor_grip *free_place(struct actor_state *a)
{
	unsigned int i;

	for (i = 0; i < ACTOR_MAX_GRIPS; i++)
		if (!a->grips[i].npages)
			return &a->grips[i];
	return NULL;
}

static void drop(struct actor_state *a, struct actor_grip *g)
{
	u64 i;

	if (g->pin)
		unpin_user_pages(g->pages, g->npages);
	else
		for (i = 0; i < g->npages; i++)
			put_page(g->pages[i]);
	for (i = 0; g->more && i < g->npages; i++)
		if (g->more[i])
			page_ref_put_many(g->pages[i], g->more[i]);
	sim_free(g->pages);
	if (g->more)
		sim_free(g->more);
	g->more = NULL;
	g->addr = 0;
	g->npages = 0;
	g->pin = false;
	g->pages = NULL;
	a->nr_grips--;
}

static unsigned int foll_flags(const struct actor_op *op)
{
	return (op->write ? FOLL_WRITE : 0) | (op->longterm ? FOLL_LONGTERM : 0);
}

/*
 * Take as many more as the statement says, of each page. Who is refused keeps what
 * it has. Return: 0 or -ENOMEM.
 */
static long take_more(struct actor_grip *g, const struct actor_op *op)
{
	long err = 0;
	u64 i;

	if (!op->more)
		return 0;
	g->more = sim_alloc(sizeof(*g->more) * g->npages);
	for (i = 0; i < g->npages; i++) {
		g->more[i] = page_ref_take_many(g->pages[i], op->more, !op->unchecked);
		if (g->more[i] < op->more)
			err = -ENOMEM;
	}
	return err;
}

static sim_owner_t owner_of(const struct actor_state *a)
{
	return SIM_OWNER(OWNER_ACTOR, a->id + 1);
}

/**
 * actor_grip() - hold or pin the pages of @op.
 *
 * Return: 0; a negative errno with nothing held, but for -ENOMEM of a hold with
 * times: the page has so many references that no more are given out. A short count
 * is dropped again and is -EFAULT, as most callers in the kernel have it.
 */
long actor_grip(struct actor_state *a, const struct actor_op *op)
{
	struct actor_grip *g = free_place(a);
	struct page **pages;
	long got, err = 0;

	if (!g)
		return -ENOMEM;
	pages = sim_alloc(sizeof(*pages) * op->npages);
	sim_scope_open(owner_of(a), false);
	if (op->kind == ACTOR_PIN)
		got = pin_user_pages_fast(op->addr, op->npages, foll_flags(op), pages);
	else
		got = get_user_pages_fast_only(op->addr, op->npages, 0, pages);
	if (got > 0) {
		g->addr = op->addr;
		g->pin = op->kind == ACTOR_PIN;
		g->pages = pages;
		g->npages = got;
		a->nr_grips++;
		if ((u64)got < op->npages)
			drop(a, g);
		else
			err = take_more(g, op);
	} else {
		sim_free(pages);
	}
	sim_scope_close();
	if (got < 0)
		return got;
	return (u64)got == op->npages ? err : -EFAULT;
}

/**
 * actor_let_go() - drop what the same task's hold (pin) of this range took.
 *
 * Return: 0; -EINVAL if it failed then, so that there is nothing to drop.
 */
long actor_let_go(struct actor_state *a, const struct actor_op *op)
{
	bool pin = op->kind == ACTOR_UNPIN;
	unsigned int i;

	for (i = 0; i < ACTOR_MAX_GRIPS; i++) {
		struct actor_grip *g = &a->grips[i];

		if (g->npages != op->npages || g->addr != op->addr || g->pin != pin)
			continue;
		sim_scope_open(owner_of(a), false);
		drop(a, g);
		sim_scope_close();
		return 0;
	}
	return -EINVAL;
}

void actor_let_go_all(struct actor_state *a)
{
	struct actor_grip *g;

	if (!a->nr_grips)
		return;
	sim_scope_open(owner_of(a), false);
	for (g = a->grips; a->nr_grips; g++)
		if (g->npages)
			drop(a, g);
	sim_scope_close();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy on pinsim's tasks: world side.
 *
 * Page 0 is the old page, page 1 the new one.  Each load, store, exchange,
 * lock and unlock is one step, and nothing else is.
 */
#include "sim/core/lock.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "sim/engine/footprint.h"
#include "tests/explore/toy.h"

#define MIG	(-1)		/* a migration entry stands in the PTE */
#define NONE	(-2)
#define FROZEN	(-1000)
#define NR_SPTES 2		/* one for the first vCPU, one for the others */

struct toy {
	int seq, inprog, pte, lru;
	int ref[2];
	int spte[NR_SPTES];
	struct sim_lock lock;
	int retries, vcpus;
	bool plant_bug;
	bool gave_up, pin_failed, violated;
};

static struct toy *toy(void)
{
	return sim_room(SIM_ROOM_TEST);
}

static sim_obj_t name(const int *p)
{
	return SIM_OBJ(SIM_CLASS_ROOMS, p - &toy()->seq);
}

static int ld(const int *p)
{
	sim_step(SIM_READ, name(p), __func__);
	return *p;
}

static void st(int *p, int v)
{
	sim_step(SIM_WRITE, name(p), __func__);
	*p = v;
}

static int faa(int *p, int v)
{
	int old;

	sim_step(SIM_WRITE, name(p), __func__);
	old = *p;
	*p = old + v;
	return old;
}

/* The same for who does not look: two of these may come in any order. */
static void add(int *p, int v)
{
	const void *words[] = { p };

	sim_step(SIM_WRITE, name(p), __func__);
	sim_declare_begin(words, 1);
	*p += v;
	sim_declare_end();
}

static bool cas(int *p, int old, int new)
{
	sim_step(SIM_CMPXCHG, name(p), __func__);
	if (*p != old)
		return false;
	*p = new;
	return true;
}

static bool map_page(struct toy *t, int me)
{
	int s = ld(&t->seq);
	int p = ld(&t->pte);
	int busy, s2;

	if (p == MIG)
		return false;
	if (faa(&t->ref[p], 1) < 0) {
		add(&t->ref[p], -1);
		return false;
	}
	if (ld(&t->pte) != p) {
		add(&t->ref[p], -1);
		return false;
	}
	sim_lock(&t->lock, __func__);
	busy = ld(&t->inprog);
	s2 = ld(&t->seq);
	if (busy || s2 != s) {
		sim_unlock(&t->lock, __func__);
		add(&t->ref[p], -1);
		return false;
	}
	st(&t->spte[me], p);
	sim_unlock(&t->lock, __func__);
	add(&t->ref[p], -1);
	return true;
}

static void give_back(struct toy *t)
{
	st(&t->pte, 0);
	st(&t->lru, 1);
	t->pin_failed = true;
}

static void late_pin(struct toy *t)
{
	int q = ld(&t->pte);

	if (q == MIG) {
		t->pin_failed = true;
		return;
	}
	if (q == 1) {
		add(&t->ref[1], 1);
		return;
	}
	if (!cas(&t->lru, 1, 0)) {
		t->pin_failed = true;
		return;
	}
	st(&t->pte, MIG);
	if (t->plant_bug) {
		if (ld(&t->ref[0]) != 1) {
			give_back(t);
			return;
		}
		if (ld(&t->ref[0]) != 1)
			t->violated = true;
	} else if (!cas(&t->ref[0], 1, FROZEN)) {
		give_back(t);
		return;
	}
	st(&t->ref[1], 2);
	st(&t->pte, 1);
}

static void vcpu(void *arg)
{
	int me = arg ? 1 : 0;

	if (map_page(toy(), me) && me == 0)
		late_pin(toy());
}

static void invalidate(struct toy *t)
{
	int i, v;

	sim_lock(&t->lock, __func__);
	v = ld(&t->inprog);
	st(&t->inprog, v + 1);
	for (i = 0; i < NR_SPTES && i < t->vcpus; i++)
		st(&t->spte[i], NONE);
	sim_unlock(&t->lock, __func__);
	st(&t->pte, MIG);
	sim_lock(&t->lock, __func__);
	v = ld(&t->seq);
	st(&t->seq, v + 1);
	v = ld(&t->inprog);
	st(&t->inprog, v - 1);
	sim_unlock(&t->lock, __func__);
}

static bool freeze(struct toy *t)
{
	bool ok;

	if (!t->plant_bug)
		return cas(&t->ref[0], 2, FROZEN);
	ok = ld(&t->ref[0]) == 2;
	if (ok && ld(&t->ref[0]) != 2)
		t->violated = true;
	return ok;
}

static void migrator(void *arg)
{
	struct toy *t = toy();
	int try;

	if (!cas(&t->lru, 1, 0))
		return;
	add(&t->ref[0], 1);
	for (try = 0; try < t->retries; try++) {
		invalidate(t);
		if (freeze(t)) {
			st(&t->ref[1], 1);
			st(&t->pte, 1);
			return;
		}
		st(&t->pte, 0);
	}
	add(&t->ref[0], -1);
	st(&t->lru, 1);
	t->gave_up = true;
}

void toy_build(int retries, int vcpus, bool plant_bug)
{
	struct sim_params params = { .nr_cpus = vcpus + 1 };
	struct toy *t;
	int i;

	sim_world_init(&params);
	t = sim_room_create(SIM_ROOM_TEST, sizeof(*t));
	t->retries = retries;
	t->vcpus = vcpus;
	t->plant_bug = plant_bug;
	t->lru = 1;
	t->ref[0] = 1;
	for (i = 0; i < NR_SPTES; i++)
		t->spte[i] = NONE;
	sim_lock_init(&t->lock, SIM_SPINLOCK, "toy", SIM_OBJ(SIM_CLASS_LOCK, 1));
	for (i = 0; i < vcpus; i++)
		sim_task_create("vcpu", i, vcpu, (void *)(long)i);
	sim_task_create("migrator", vcpus, migrator, NULL);
}

void toy_result(struct toy_result *ret)
{
	struct toy *t = toy();

	ret->gave_up = t->gave_up;
	ret->pin_failed = t->pin_failed;
	ret->violated = t->violated;
	ret->pte = t->pte;
	ret->ref[0] = t->ref[0];
	ret->ref[1] = t->ref[1];
}

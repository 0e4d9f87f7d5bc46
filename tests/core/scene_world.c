/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World side of core's tests: see scene.h.
 */
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "tests/core/scene.h"

#define OBJ(n)	SIM_OBJ(SIM_CLASS_ROOMS, n)

struct scene *scene(void)
{
	return sim_room(SIM_ROOM_TEST);
}

struct scene *scene_build(unsigned int cpus, enum sim_lock_type type)
{
	struct sim_params params = { .nr_cpus = cpus, .check_addresses = true };
	struct scene *s;

	sim_world_init(&params);
	s = sim_room_create(SIM_ROOM_TEST, sizeof(*s));
	sim_lock_init(&s->a, type, "a", SIM_OBJ(SIM_CLASS_LOCK, 1));
	sim_lock_init(&s->b, type, "b", SIM_OBJ(SIM_CLASS_LOCK, 2));
	sim_waitq_init(&s->waitq, SIM_OBJ(SIM_CLASS_WAITQ, 1));
	sim_srcu_init(&s->srcu, SIM_OBJ(SIM_CLASS_LOCK, 3));
	return s;
}

static void enter(void)
{
	struct scene *s = scene();

	s->inside++;
	if (s->inside > s->inside_max)
		s->inside_max = s->inside;
	s->order[s->nr_order++ % 8] = sim_task_id();
}

static void leave(void)
{
	scene()->inside--;
}

void scene_lock_a(void *unused)
{
	struct scene *s = scene();

	sim_lock(&s->a, __func__);
	enter();
	if (!sim_lock_held(&s->a) || !sim_lock_held_any(&s->a))
		s->wrong = true;
	sim_step(SIM_WRITE, OBJ(1), __func__);
	if (s->inside != 1)
		s->wrong = true;
	leave();
	sim_unlock(&s->a, __func__);
	if (sim_lock_held(&s->a))
		s->wrong = true;
	s->done++;
}

void scene_share_a(void *unused)
{
	struct scene *s = scene();

	sim_lock_shared(&s->a, __func__);
	if (sim_lock_is_locked(&s->a) || sim_lock_held(&s->a) || !sim_lock_held_any(&s->a))
		s->wrong = true;
	s->readers_max += s->inside == 1;
	enter();
	sim_step(SIM_READ, OBJ(1), __func__);
	leave();
	sim_unlock_shared(&s->a, __func__);
	s->done++;
}

/* @how: NULL exclusively, else shared. */
void scene_look_a(void *how)
{
	struct scene *s = scene();

	if (how)
		sim_lock_shared(&s->a, __func__);
	else
		sim_lock(&s->a, __func__);
	sim_step(SIM_READ, OBJ(1), __func__);
	s->seen = sim_lock_contended(&s->a) ? 2 : 1;
	if (how)
		sim_unlock_shared(&s->a, __func__);
	else
		sim_unlock(&s->a, __func__);
}

void scene_late_a(void *unused)
{
	struct scene *s = scene();

	/* What follows the step, standing before the lock, belongs to it. */
	sim_step(SIM_WRITE, OBJ(2), __func__);
	sim_lock(&s->a, __func__);
	sim_unlock(&s->a, __func__);
}

void scene_trylock_a(void *unused)
{
	struct scene *s = scene();

	if (!sim_trylock(&s->a, __func__))
		return;
	s->got++;
	enter();
	sim_step(SIM_WRITE, OBJ(1), __func__);
	leave();
	sim_unlock(&s->a, __func__);
}

void scene_unless_a(void *how)
{
	struct scene *s = scene();
	bool shared = (uintptr_t)how & SIM_LOCK_SHARED;

	if (!sim_lock_unless(&s->a, (uintptr_t)how, &s->stop, __func__)) {
		/* In the same step, so it must still be so. */
		if (!s->stop || !sim_lock_is_locked(&s->a))
			s->wrong = true;
		return;
	}
	s->got++;
	sim_step(SIM_WRITE, OBJ(1), __func__);
	if (shared)
		sim_unlock_shared(&s->a, __func__);
	else
		sim_unlock(&s->a, __func__);
}

void scene_wait_unless(void *unused)
{
	struct scene *s = scene();

	while (!s->flag && !s->stop)
		sim_wait_unless(&s->waitq, &s->stop, __func__);
	s->got += s->flag;
}

void scene_stop(void *unused)
{
	sim_step(SIM_WRITE, OBJ(3), __func__);
	scene()->stop = true;
	sim_wait_stop(1);
	sim_wait_stop(-1);
	sim_wait_stop(SIM_MAX_TASKS);
}

static void both(struct sim_lock *first, struct sim_lock *second)
{
	sim_lock(first, __func__);
	sim_lock(second, __func__);
	sim_unlock(second, __func__);
	sim_unlock(first, __func__);
	scene()->done++;
}

void scene_lock_ab(void *unused)
{
	both(&scene()->a, &scene()->b);
}

void scene_lock_ba(void *unused)
{
	both(&scene()->b, &scene()->a);
}

void scene_lock_aa(void *unused)
{
	both(&scene()->a, &scene()->a);
}

void scene_share_aa(void *unused)
{
	struct scene *s = scene();

	sim_lock_shared(&s->a, __func__);
	sim_lock_shared(&s->a, __func__);
	sim_unlock_shared(&s->a, __func__);
	if (!sim_lock_held_any(&s->a))
		s->wrong = true;
	sim_unlock_shared(&s->a, __func__);
	if (sim_lock_held_any(&s->a))
		s->wrong = true;
	s->done++;
}

void scene_unlock_a_unheld(void *unused)
{
	sim_unlock(&scene()->a, __func__);
}

void scene_keep_a(void *unused)
{
	sim_lock(&scene()->a, __func__);
}

void scene_keep_for_other(void *unused)
{
	sim_lock(&scene()->a, __func__);
	scene()->flag = true;
	sim_wake_all(&scene()->waitq, __func__);
}

void scene_unlock_a_for_other(void *unused)
{
	while (!scene()->flag)
		sim_wait(&scene()->waitq, __func__);
	sim_unlock(&scene()->a, __func__);
	scene()->done++;
}

/* ---- atomic context ---- */

void scene_atomic_steps(void *unused)
{
	int i;

	sim_preempt_disable();
	enter();
	for (i = 0; i < 3; i++)
		sim_step(SIM_WRITE, OBJ(1), __func__);
	leave();
	sim_preempt_enable();
	sim_step(SIM_WRITE, OBJ(1), __func__);
}

void scene_count_steps(void *unused)
{
	struct scene *s = scene();
	int i;

	for (i = 0; i < 3; i++) {
		sim_step(SIM_READ, OBJ(1), __func__);
		s->seen += s->inside;
	}
}

/* Nobody but these tasks has any: as many as were taken and not dropped. */
static void look_at_run(struct scene *s)
{
	uint32_t i, n = 0;

	for (i = 0; i < SCENE_RUN; i++)
		n += sim_ref_count(&s->object[i].refs, 1);
	if (n != s->value - s->seen)
		s->wrong = true;
}

void scene_take_run(void *unused)
{
	struct scene *s = scene();

	sim_step(SIM_GET, OBJ(1), __func__);
	sim_ref_take_run(&s->object[0].refs, OBJ(10), SCENE_RUN, 1, 1, __func__);
	s->value += SCENE_RUN;
	look_at_run(s);
}

void scene_drop_one(void *which)
{
	struct scene *s = scene();
	uint64_t i = (uint64_t)which;

	sim_step(SIM_PUT, OBJ(1), __func__);
	s->seen += sim_ref_drop(&s->object[i].refs, OBJ(10 + i), 1, 1, __func__);
	look_at_run(s);
}

void scene_take_one(void *which)
{
	struct scene *s = scene();
	uint64_t i = (uint64_t)which;

	sim_step(SIM_GET, OBJ(1), __func__);
	sim_ref_take(&s->object[i].refs, OBJ(10 + i), 1, 1, __func__);
	s->value++;
	look_at_run(s);
	scene_drop_one(which);
}

void scene_mutex_in_atomic(void *unused)
{
	sim_preempt_disable();
	sim_lock(&scene()->a, __func__);
	sim_unlock(&scene()->a, __func__);
	sim_preempt_enable();
	scene()->done++;
}

void scene_wait_in_atomic(void *unused)
{
	sim_preempt_disable();
	while (!scene()->flag)
		sim_wait(&scene()->waitq, __func__);
	if (!sim_in_atomic())
		scene()->wrong = true;
	sim_preempt_enable();
	scene()->done++;
}

/* ---- waiting ---- */

void scene_wait_for_flag(void *unused)
{
	struct scene *s = scene();

	sim_step(SIM_TEST, OBJ(2), __func__);
	while (!s->flag)
		sim_wait(&s->waitq, __func__);
	s->done++;
}

void scene_set_flag(void *unused)
{
	struct scene *s = scene();

	sim_step(SIM_WRITE, OBJ(2), __func__);
	s->flag = true;
	sim_wake_all(&s->waitq, __func__);
}

/* ---- SRCU: what is published in value is freed by writing 0xdead ---- */

void scene_srcu_reader(void *unused)
{
	struct scene *s = scene();
	uint32_t *p;
	int idx;

	idx = sim_srcu_read_lock(&s->srcu, __func__);
	sim_step(SIM_READ, OBJ(3), __func__);
	p = s->flag ? &s->seen : &s->value;
	sim_step(SIM_READ, OBJ(4), __func__);
	if (*p == 0xdead || !sim_srcu_read_held(&s->srcu))
		s->wrong = true;
	sim_srcu_read_unlock(&s->srcu, idx, __func__);
	if (sim_srcu_read_held(&s->srcu))
		s->wrong = true;
}

void scene_srcu_nested(void *unused)
{
	struct scene *s = scene();
	int outer, inner;

	outer = sim_srcu_read_lock(&s->srcu, __func__);
	inner = sim_srcu_read_lock(&s->srcu, __func__);
	sim_srcu_read_unlock(&s->srcu, inner, __func__);
	if (!sim_srcu_read_held(&s->srcu))
		s->wrong = true;
	sim_srcu_read_unlock(&s->srcu, outer, __func__);
}

void scene_srcu_updater(void *unused)
{
	struct scene *s = scene();

	sim_step(SIM_WRITE, OBJ(3), __func__);
	s->flag = true;
	sim_srcu_synchronize(&s->srcu, __func__);
	sim_step(SIM_WRITE, OBJ(4), __func__);
	s->value = 0xdead;
	s->done++;
}

void scene_srcu_suicide(void *unused)
{
	struct scene *s = scene();
	int idx = sim_srcu_read_lock(&s->srcu, __func__);

	sim_srcu_synchronize(&s->srcu, __func__);
	sim_srcu_read_unlock(&s->srcu, idx, __func__);
	s->done++;
}

/* ---- the rest ---- */

void scene_choose(void *unused)
{
	struct scene *s = scene();
	uint32_t x = sim_choose(3, "first");
	uint32_t y;

	if (sim_choose(1, "no choice"))
		s->wrong = true;
	sim_step(SIM_WRITE, OBJ(5), __func__);
	y = sim_choose(2, "second");
	s->value = 10 * x + y;
	s->done++;
}

void scene_steps(void *n)
{
	long i;

	for (i = 0; i < (long)n; i++)
		sim_step(SIM_READ, OBJ(6), __func__);
}

void scene_bug(void *unused)
{
	sim_step(SIM_READ, OBJ(6), __func__);
	sim_fatal(SIM_X_BUG, OBJ(6), 1, 2, __func__);
}

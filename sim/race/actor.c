/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Actors and the tear-down task: the main functions of a race's simulated
 * tasks.  An actor goes through its statements one after the other and writes
 * down what each yielded.
 */
#include <linux/swap.h>

#include "fakes/build.h"
#include "fakes/fault.h"
#include "fakes/host/probe.h"
#include "fakes/kvm/probe.h"
#include "sim/core/alloc.h"
#include "sim/race/actor_private.h"

void actors_init(void)
{
	struct actors *all = sim_room_create(SIM_ROOM_RACE, sizeof(*all));

	actor_trail_init(all);
}

static void actor_run(struct actor_state *a)
{
	unsigned int i;

	if (!process_join(a->what.process))
		return;
	for (i = 0; i < a->what.nr_ops; i++) {
		struct actor_result *r = &a->result[i];

		r->value = actor_statement(a, &a->what.ops[i], &r->bounded);
		r->done = true;
	}
	fault_inject_off();
}

static struct kvm_vcpu *served_vcpu(const struct actor_state *a)
{
	return actor_vcpu(a, kvm_find(a->what.vm));
}

static void actor_main(void *arg)
{
	struct actor_state *a = arg;

	actor_run(a);
	if (actors()->served & (1ULL << a->id))
		kvm_async_pf_over(served_vcpu(a));
}

int actor_async_pf(unsigned int task)
{
	struct kvm_vcpu *vcpu = served_vcpu(actors()->actor[task]);

	if (IS_ERR(vcpu))
		return PTR_ERR(vcpu);
	kvm_async_pf_enable(vcpu);
	actors()->served |= 1ULL << task;
	return 0;
}

void actor_may_close(unsigned int vm)
{
	actors()->may_close |= 1U << vm;
}

static struct actor_state *new_state(const struct actor *what)
{
	struct actor_state *a = sim_alloc(sizeof(*a));
	struct actor_op *ops;
	unsigned int i;

	/* Field by field: what pads the host's struct is no part of the world. */
	a->what.name = what->name;
	a->what.cpu = what->cpu;
	a->what.process = what->process;
	a->what.vm = what->vm;
	a->what.vcpu = what->vcpu;
	a->what.unroll = what->unroll;
	a->what.nr_ops = what->nr_ops;
	ops = sim_alloc(sizeof(*ops) * (what->nr_ops + 1));
	for (i = 0; i < what->nr_ops; i++)
		ops[i] = what->ops[i];
	a->what.ops = ops;
	a->result = sim_alloc(sizeof(*a->result) * (what->nr_ops + 1));
	return a;
}

int actor_create(const struct actor *what)
{
	struct actor_state *a = new_state(what);
	int id = sim_task_create(what->name, what->cpu, actor_main, a);
	int err;

	if (id < 0)
		return id;
	a->id = id;
	actors()->actor[id] = a;
	err = build_thread(id, what->process);
	return err ? err : id;
}

/**
 * actor_do() - one statement of the set-up.
 *
 * References that it takes are the host's until the tear-down.
 */
long actor_do(const struct actor *what, const struct actor_op *op)
{
	struct actors *all = actors();
	struct actor_state *a = all->actor[SIM_MAX_TASKS];
	bool bounded = false;

	if (!a) {
		a = new_state(what);
		a->id = SIM_MAX_TASKS;
		all->actor[SIM_MAX_TASKS] = a;
	}
	a->what.process = what->process;
	a->what.vm = what->vm;
	a->what.vcpu = what->vcpu;
	a->what.unroll = what->unroll;
	return actor_statement(a, op, &bounded);
}

/* The first actor from number @i on. Reading only, no hooks: most do not exist. */
static __no_kcsan unsigned int next_actor(const struct actors *all, unsigned int i)
{
	while (i <= SIM_MAX_TASKS && !all->actor[i])
		i++;
	return i;
}

/*
 * The order of a VMM that is killed after everybody else is done: foreign
 * references first, as their tasks end; then the file descriptors of the VMs;
 * then the address spaces; last the batches, as any later allocation would.
 */
static void teardown_main(void *arg)
{
	struct actors *all = actors();
	unsigned int i;

	for (i = next_actor(all, 0); i <= SIM_MAX_TASKS; i = next_actor(all, i + 1))
		actor_let_go_all(all->actor[i]);
	actor_release_cma();
	for (i = 0; i < probe_nr_vms(); i++)
		if (kvm_find(i) && !(all->closed & (1U << i)))
			kvm_put_kvm(kvm_find(i));
	for (i = 0; i < probe_nr_processes(); i++)
		process_exit(i);
	lru_add_drain_all();
	swap_cache_drain();
}

int actor_create_teardown(void)
{
	int id = sim_task_create("teardown", 0, teardown_main, NULL);

	if (id < 0)
		return id;
	build_thread(id, -1);
	return id;
}

/* Judged at every end. @ret is the host's own: reading only, no hooks. */
__no_kcsan bool actor_result(unsigned int task, unsigned int i, struct actor_result *ret)
{
	const struct actor_state *a = task < SIM_MAX_TASKS ? actors()->actor[task] : NULL;

	if (!a || i >= a->what.nr_ops)
		return false;
	ret->done = a->result[i].done;
	ret->bounded = a->result[i].bounded;
	ret->value = a->result[i].value;
	return true;
}

void actor_note_retry(void)
{
	++*actor_retry_count();
}

uint64_t actor_retries(void)
{
	return *actor_retry_count();
}

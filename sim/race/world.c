/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a race's world, in an order that never varies: machine, processes
 * with their maps, VMs with slots and registered ranges, tasks, and last the
 * pages that are present from the start.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/build.h"
#include "fakes/profile.h"
#include "pin/build.h"
#include "sim/core/world.h"
#include "sim/race/actor.h"
#include "sim/race/world.h"

static int fail(char *error, size_t size, const char *what, const char *name, int err)
{
	snprintf(error, size, "%s '%s' cannot be built: %s", what, name, strerror(-err));
	return -EINVAL;
}

static enum build_zone place_of(const struct race_machine *m, enum race_zone zone)
{
	switch (zone) {
	case RACE_ZONE_NORMAL:
		return BUILD_ZONE_NORMAL;
	case RACE_ZONE_CMA:
		return BUILD_ZONE_CMA;
	case RACE_ZONE_MOVABLE:
		return BUILD_ZONE_MOVABLE;
	default:
		return m->movable.v ? BUILD_ZONE_MOVABLE : BUILD_ZONE_NORMAL;
	}
}

static int build_the_machine(const struct race *race, const struct race_setup *setup)
{
	const struct race_machine *m = &race->machine;
	struct sim_params params = {
		.nr_cpus = m->cpus.v,
		.check_addresses = setup->check_addresses,
	};
	struct build_machine bm = {
		.profile = setup->profile,
		.normal_bytes = m->normal.v,
		.movable_bytes = m->movable.v,
		.cma_bytes = m->cma.v,
		.cma_in = m->cma_in == RACE_ZONE_MOVABLE ? BUILD_ZONE_MOVABLE : BUILD_ZONE_NORMAL,
		.swap_bytes = m->swap.v,
	};

	sim_world_init(&params);
	return build_machine(&bm);
}

static int build_processes(const struct race *race, char *error, size_t size)
{
	uint32_t i;

	for (i = 0; i < race->nr_processes; i++) {
		const struct race_process *p = &race->processes[i];
		struct build_process bp = {
			.name = p->name.s,
			.memlock_bytes = p->memlock.v,
			.cap_ipc_lock = p->cap_ipc_lock,
			.unborn = p->parent != RACE_NO_PROCESS,
		};
		int pid = build_process(&bp);

		if (pid < 0)
			return fail(error, size, "process", p->name.s, pid);
	}
	for (i = 0; i < race->nr_regions; i++) {
		const struct race_region *r = &race->regions[i];
		int err = (r->shmem ? build_map_shmem : build_map)(
				r->process, r->addr.v, r->bytes.v,
				place_of(&race->machine, r->placement));

		if (err)
			return fail(error, size, "map", r->name.s, err);
	}
	return 0;
}

/* Statements of the set-up run on the host's stack as a thread of @process. */
static long set_up(unsigned int process, int vm, const struct actor_op *op)
{
	const struct actor host = { .name = "set-up", .process = process, .vm = vm, .unroll = 1 };

	build_host_thread(process);
	return actor_do(&host, op);
}

static uint64_t addr_of(const struct race *race, const struct race_range *range)
{
	return race->regions[range->region].addr.v + range->first * RACE_PAGE_SIZE;
}

static void range_op(const struct race *race, const struct race_range *range, struct actor_op *op)
{
	op->addr = addr_of(race, range);
	op->npages = range->last - range->first + 1;
}

/* The vCPU that task @t drives: tasks of one VM count theirs in file order. */
static unsigned int vcpu_of(const struct race *race, uint32_t t)
{
	unsigned int n = 0;
	uint32_t i;

	for (i = 0; i < t; i++)
		n += race->tasks[i].vm == race->tasks[t].vm;
	return n;
}

static long build_slots(const struct race_vm *vm, const struct race *race, uint32_t index,
			uint32_t from, uint32_t to)
{
	uint32_t i;
	long err = 0;

	for (i = from; !err && i < to; i++) {
		const struct race_slot *slot = &vm->slots[i];
		struct actor_op op = {
			.kind = ACTOR_SLOT_SET,
			.slot = slot->id.v,
			.gfn = slot->gfn.v,
			.readonly = slot->flags & RACE_SLOT_READONLY,
			.log = slot->flags & RACE_SLOT_LOG,
		};

		range_op(race, &slot->range, &op);
		err = set_up(vm->owner, index, &op);
	}
	return err;
}

static int build_one_vm(const struct race *race, uint32_t index, const char *design,
			char *error, size_t size)
{
	const struct race_vm *vm = &race->vms[index];
	unsigned int roles[RACE_MAX_TASKS];
	struct build_vm bv = {
		.owner = vm->owner,
		.sev = vm->sev || vm->context_of.s || vm->copies || vm->moves,
		.sev_later = vm->sev_after,
		.mirror = vm->context_of.s != NULL,
		.mirrors = vm->mirrors,
		.no_context = !vm->sev && !vm->context_of.s,
		.roles = roles,
	};
	uint32_t i;
	long err;

	bv.design = bv.sev ? design : NULL;
	for (i = 0; i < race->nr_tasks && !vm->copies && !vm->no_vcpus; i++)
		if (race->tasks[i].vm == index)
			roles[bv.nr_vcpus++] = race->tasks[i].role.v;
	build_host_thread(vm->owner);
	err = build_vm(&bv);
	if (err < 0)
		return fail(error, size, "vm", vm->name.s, err);
	err = build_slots(vm, race, index, 0, vm->sev_after);
	if (!err && vm->sev_after) {
		build_host_thread(vm->owner);
		err = build_vm_sev(index, &bv);
	}
	if (!err)
		err = build_slots(vm, race, index, vm->sev_after, vm->nr_slots);
	if (err)
		return fail(error, size, "a memslot of vm", vm->name.s, err);
	return 0;
}

static int build_registered(const struct race *race, char *error, size_t size)
{
	uint32_t i, k;
	long err;

	for (i = 0; i < race->nr_vms; i++)
		for (k = 0; k < race->vms[i].nr_registered; k++) {
			struct actor_op op = { .kind = ACTOR_REGISTER };

			range_op(race, &race->vms[i].registered[k], &op);
			err = set_up(race->vms[i].owner, i, &op);
			if (err)
				return fail(error, size, "a registered range of vm",
					    race->vms[i].name.s, err);
		}
	return 0;
}

static int build_populated(const struct race *race, char *error, size_t size)
{
	bool any = false;
	uint32_t i;
	long err;

	for (i = 0; i < race->nr_regions; i++) {
		const struct race_region *r = &race->regions[i];
		struct actor_op op = {
			.kind = ACTOR_TOUCH,
			.addr = r->addr.v,
			.npages = r->bytes.v / RACE_PAGE_SIZE,
		};

		if (!r->populated)
			continue;
		any = true;
		err = set_up(r->process, -1, &op);
		if (err)
			return fail(error, size, "populated map", r->name.s, err);
	}
	if (any) {
		const struct actor_op drain = { .kind = ACTOR_DRAIN };

		set_up(0, -1, &drain);
	}
	return 0;
}

static const uint8_t kinds[RACE_NR_OPS] = {
	[RACE_OP_TOUCH] = ACTOR_TOUCH,
	[RACE_OP_READ] = ACTOR_READ,
	[RACE_OP_FAULT] = ACTOR_FAULT,
	[RACE_OP_REGISTER] = ACTOR_REGISTER,
	[RACE_OP_UNREGISTER] = ACTOR_UNREGISTER,
	[RACE_OP_LAUNCH_UPDATE] = ACTOR_LAUNCH_UPDATE,
	[RACE_OP_SEND_UPDATE] = ACTOR_SEND_UPDATE,
	[RACE_OP_RECEIVE_UPDATE] = ACTOR_RECEIVE_UPDATE,
	[RACE_OP_PREFAULT] = ACTOR_PREFAULT,
	[RACE_OP_COPY_CONTEXT] = ACTOR_COPY_CONTEXT,
	[RACE_OP_MOVE_CONTEXT] = ACTOR_MOVE_CONTEXT,
	[RACE_OP_CLOSE] = ACTOR_CLOSE,
	[RACE_OP_HOLD] = ACTOR_HOLD,
	[RACE_OP_RELEASE] = ACTOR_RELEASE,
	[RACE_OP_PIN] = ACTOR_PIN,
	[RACE_OP_UNPIN] = ACTOR_UNPIN,
	[RACE_OP_MIGRATE] = ACTOR_MIGRATE,
	[RACE_OP_CMA_ALLOC] = ACTOR_CMA_ALLOC,
	[RACE_OP_OFFLINE] = ACTOR_OFFLINE,
	[RACE_OP_SIGNAL] = ACTOR_SIGNAL,
	[RACE_OP_KILL] = ACTOR_KILL,
	[RACE_OP_ASYNC_PF] = ACTOR_ASYNC_PF,
	[RACE_OP_MUNMAP] = ACTOR_MUNMAP,
	[RACE_OP_MREMAP] = ACTOR_MREMAP,
	[RACE_OP_DONTNEED] = ACTOR_DONTNEED,
	[RACE_OP_PAGEOUT] = ACTOR_PAGEOUT,
	[RACE_OP_DONTFORK] = ACTOR_DONTFORK,
	[RACE_OP_FORK] = ACTOR_FORK,
	[RACE_OP_EXIT] = ACTOR_EXIT,
	[RACE_OP_SLOT] = ACTOR_SLOT_SET,
	[RACE_OP_PUNCH_HOLE] = ACTOR_PUNCH_HOLE,
	[RACE_OP_MAKE_PRIVATE] = ACTOR_MAKE_PRIVATE,
	[RACE_OP_MAKE_SHARED] = ACTOR_MAKE_SHARED,
	[RACE_OP_DRAIN] = ACTOR_DRAIN,
	[RACE_OP_FAIL] = ACTOR_FAIL,
};

static void fill_op(const struct race *race, const struct race_stmt *s, struct actor_op *op)
{
	static const uint8_t zones[] = {
		[RACE_ZONE_NONE] = ACTOR_ZONE_ANY,
		[RACE_ZONE_NORMAL] = ACTOR_ZONE_NORMAL,
		[RACE_ZONE_MOVABLE] = ACTOR_ZONE_MOVABLE,
		[RACE_ZONE_CMA] = ACTOR_ZONE_CMA,
	};

	op->kind = kinds[s->op];
	if (s->op == RACE_OP_SLOT && s->change == RACE_SLOT_DELETE)
		op->kind = ACTOR_SLOT_DELETE;
	op->write = s->write;
	op->longterm = s->longterm;
	op->unchecked = s->unchecked;
	op->zone = zones[s->zone];
	op->slot = s->slot.v;
	op->readonly = s->slot_flags & RACE_SLOT_READONLY;
	op->log = s->slot_flags & RACE_SLOT_LOG;
	op->gfn = s->gfn.v;
	op->fault = s->fault;
	op->nth = s->nth.v;
	op->times = s->times.v;
	if (s->range.name.s)
		range_op(race, &s->range, op);
	if (s->op == RACE_OP_CMA_ALLOC)
		op->npages = s->count.v;
	if (s->op == RACE_OP_HOLD && s->count.v)
		op->more = s->count.v - 1;
	if (s->op == RACE_OP_FORK)
		op->child = s->process;
	if (s->op == RACE_OP_SIGNAL || s->op == RACE_OP_KILL || s->op == RACE_OP_ASYNC_PF)
		op->child = s->target;
	op->vm = s->vm;
	if (s->op == RACE_OP_MREMAP)
		op->to = addr_of(race, &s->to);
}

static int build_task(const struct race *race, uint32_t t, uint32_t unroll)
{
	const struct race_task *task = &race->tasks[t];
	struct actor_op ops[RACE_MAX_STMTS] = { 0 };
	struct actor a = {
		.name = task->name.s,
		.cpu = task->cpu.v,
		.process = task->process,
		.vm = task->vm == RACE_NO_VM ? -1 : (int)task->vm,
		.vcpu = task->vm == RACE_NO_VM ? 0 : vcpu_of(race, t),
		.unroll = unroll,
		.ops = ops,
		.nr_ops = task->nr_stmts,
	};
	uint32_t i;

	for (i = 0; i < task->nr_stmts; i++) {
		fill_op(race, &task->stmts[i], &ops[i]);
		if (ops[i].kind == ACTOR_CLOSE)
			actor_may_close(ops[i].vm);
	}
	return actor_create(&a);
}

/* Whose page faults are asynchronous. Return: 0, or -ENOENT: there is no such vCPU yet. */
static int build_async_pf(const struct race *race, const struct race_task *task)
{
	uint32_t i;
	int err = 0;

	for (i = 0; !err && i < task->nr_stmts; i++)
		if (task->stmts[i].op == RACE_OP_ASYNC_PF)
			err = actor_async_pf(task->stmts[i].target);
	return err;
}

int race_build(const struct race *race, const struct race_setup *setup, char *error,
	       size_t error_size)
{
	uint32_t i;
	int err;

	err = build_the_machine(race, setup);
	if (err)
		return fail(error, error_size, "the machine of race", race->name.s, err);
	actors_init();
	err = build_processes(race, error, error_size);
	for (i = 0; !err && i < race->nr_vms; i++)
		err = build_one_vm(race, i, setup->design, error, error_size);
	if (!err)
		err = build_populated(race, error, error_size);
	if (!err)
		err = build_registered(race, error, error_size);
	for (i = 0; !err && i < race->nr_tasks; i++) {
		err = build_task(race, i, setup->unroll);
		if (err < 0)
			return fail(error, error_size, "task", race->tasks[i].name.s, err);
		err = 0;
	}
	for (i = 0; !err && i < race->nr_tasks; i++) {
		err = build_async_pf(race, &race->tasks[i]);
		if (err)
			return fail(error, error_size, "task", race->tasks[i].name.s, err);
	}
	build_host_thread(-1);
	return err;
}

int race_teardown_task(const struct race *race)
{
	(void)race;
	return actor_create_teardown();
}

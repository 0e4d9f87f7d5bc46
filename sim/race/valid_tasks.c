/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May these tasks run? Finds the VM and the process of each, and refuses
 * statements that could never mean anything: a gfn fault without a VM, a
 * release of what the task does not hold. What may fail at run time, as
 * creating a slot twice, is the race's to ask.
 */
#include <string.h>

#include "sim/race/build.h"
#include "sim/race/words.h"

typedef unsigned long long ull;

/* The VM of a task that names a process: the only one that it owns, if so. */
static uint32_t only_vm_of(const struct race *race, uint32_t process)
{
	uint32_t i, found = RACE_NO_VM;

	for (i = 0; i < race->nr_vms; i++) {
		if (race->vms[i].owner != process)
			continue;
		if (found != RACE_NO_VM)
			return RACE_NO_VM;
		found = i;
	}
	return found;
}

static bool find_context(struct race_build *b, struct race_task *task)
{
	const struct race *race = b->race;

	if (!race->nr_processes)
		return race_fail(b, task->name.loc,
				 "task '%s' without a process, expected one in the race",
				 task->name.s);
	if (task->of.s) {
		if (race_find_vm(race, task->of.s, &task->vm)) {
			task->process = race->vms[task->vm].owner;
			return true;
		}
		if (!race_find_process(race, task->of.s, &task->process))
			return race_fail(b, task->of.loc,
					 "unknown name '%s', expected a vm or a process",
					 task->of.s);
		task->vm = only_vm_of(race, task->process);
		return true;
	}
	if (race->nr_vms == 1) {
		task->vm = 0;
		task->process = race->vms[0].owner;
		return true;
	}
	if (!race->nr_vms && race->nr_processes == 1) {
		task->vm = RACE_NO_VM;
		task->process = 0;
		return true;
	}
	return race_fail(b, task->name.loc,
			 "task '%s' belongs to no one vm or process, expected 'of'",
			 task->name.s);
}

/* Statements that go through the task's own address space. */
static bool needs_own(const struct race_stmt *s)
{
	switch (s->op) {
	case RACE_OP_TOUCH:
	case RACE_OP_READ:
	case RACE_OP_REGISTER:
	case RACE_OP_UNREGISTER:
	case RACE_OP_LAUNCH_UPDATE:
	case RACE_OP_SEND_UPDATE:
	case RACE_OP_RECEIVE_UPDATE:
	case RACE_OP_MUNMAP:
	case RACE_OP_MREMAP:
	case RACE_OP_DONTNEED:
	case RACE_OP_PAGEOUT:
	case RACE_OP_DONTFORK:
	case RACE_OP_OFFLINE:
		return true;
	case RACE_OP_SLOT:
		return s->change != RACE_SLOT_DELETE;
	default:
		return false;
	}
}

static bool needs_vm(enum race_op op)
{
	return op == RACE_OP_FAULT || op == RACE_OP_REGISTER ||
	       op == RACE_OP_UNREGISTER || op == RACE_OP_LAUNCH_UPDATE ||
	       op == RACE_OP_SEND_UPDATE || op == RACE_OP_RECEIVE_UPDATE ||
	       op == RACE_OP_PREFAULT ||
	       op == RACE_OP_COPY_CONTEXT || op == RACE_OP_MOVE_CONTEXT ||
	       op == RACE_OP_SLOT || op == RACE_OP_PUNCH_HOLE ||
	       op == RACE_OP_MAKE_PRIVATE || op == RACE_OP_MAKE_SHARED;
}

/* A forked process has its parent's maps. */
static bool valid_own(struct race_build *b, const struct race_task *task,
		      const struct race_range *range)
{
	const struct race *race = b->race;

	if (race_is_family(race, task->process, race->regions[range->region].process))
		return true;
	return race_fail(b, range->name.loc,
			 "map '%s' belongs to another process, expected one of '%s'",
			 range->name.s, race->processes[task->process].name.s);
}

static bool valid_pages(struct race_build *b, const struct race_task *task,
			struct race_stmt *s)
{
	uint64_t pages;

	if (!s->range.name.s)
		return true;
	if (!race_valid_range(b, &s->range))
		return false;
	pages = s->range.last - s->range.first + 1;
	if (s->op != RACE_OP_SLOT && pages > RACE_MAX_SPAN)
		return race_fail(b, s->range.name.loc,
				 "%llu pages, expected at most %d in one statement",
				 (ull)pages, RACE_MAX_SPAN);
	return !needs_own(s) || valid_own(b, task, &s->range);
}

static bool same_range(const struct race_range *a, const struct race_range *z)
{
	return a->region == z->region && a->first == z->first &&
	       a->last == z->last;
}

/* @s gives back what an earlier @take of the same task and range got. */
static bool valid_giving_back(struct race_build *b,
			      const struct race_task *task,
			      const struct race_stmt *s, enum race_op take)
{
	const struct race_stmt *o;
	int taken = 0;

	for (o = task->stmts; o < s; o++) {
		if (!same_range(&o->range, &s->range))
			continue;
		taken += o->op == take;
		taken -= o->op == s->op;
	}
	if (taken > 0)
		return true;
	return race_fail(b, s->loc,
			 "'%s' of pages that the task has not taken, "
			 "expected '%s' of the same range before it",
			 race_op_name(s->op), race_op_name(take));
}

static bool overlap(const struct race_range *a, const struct race_range *z)
{
	return a->region == z->region && a->first <= z->last && z->first <= a->last;
}

static bool valid_mremap(struct race_build *b, const struct race_task *task,
			 struct race_stmt *s)
{
	if (!race_valid_range(b, &s->to) || !valid_own(b, task, &s->to))
		return false;
	if (s->to.last - s->to.first != s->range.last - s->range.first)
		return race_fail(b, s->to.name.loc,
				 "mremap of %llu pages to the place of %llu, "
				 "expected as many",
				 (ull)(s->range.last - s->range.first + 1),
				 (ull)(s->to.last - s->to.first + 1));
	if (overlap(&s->range, &s->to))
		return race_fail(b, s->to.name.loc,
				 "mremap of pages to their own place, expected another");
	return true;
}

/* The VM that a statement names, and what the task's own one is for. */
static bool valid_other(struct race_build *b, const struct race_task *task,
			struct race_stmt *s)
{
	struct race *race = b->race;

	if (!race_find_vm(race, s->child.s, &s->vm))
		return race_fail(b, s->child.loc,
				 "unknown vm '%s', expected the name of one", s->child.s);
	if (s->op == RACE_OP_COPY_CONTEXT)
		race->vms[task->vm].copies = true;
	if (s->op == RACE_OP_MOVE_CONTEXT)
		race->vms[task->vm].moves = true;
	return true;
}

static bool valid_fork(struct race_build *b, const struct race_task *task,
		       struct race_stmt *s)
{
	const struct race *race = b->race;

	if (!race_find_process(race, s->child.s, &s->process))
		return race_fail(b, s->child.loc,
				 "unknown process '%s', expected 'process %s of %s;' in the race",
				 s->child.s, s->child.s,
				 race->processes[task->process].name.s);
	if (race->processes[s->process].parent == task->process)
		return true;
	return race_fail(b, s->child.loc,
			 "process '%s' is no child of '%s', expected one",
			 s->child.s, race->processes[task->process].name.s);
}

static bool valid_exit(struct race_build *b, const struct race_task *task,
		       const struct race_stmt *s)
{
	const struct race *race = b->race;
	uint32_t i, tasks = 0;

	for (i = 0; i < race->nr_tasks; i++)
		tasks += race->tasks[i].process == task->process;
	if (race->processes[task->process].parent != RACE_NO_PROCESS && tasks == 1 &&
	    s == &task->stmts[task->nr_stmts - 1])
		return true;
	return race_fail(b, s->loc,
			 "'exit' of task '%s', expected it as the last statement of "
			 "a forked process's only task", task->name.s);
}

/* A signal is for a thread: a task of the race. */
static bool valid_signal(struct race_build *b, struct race_stmt *s)
{
	const struct race *race = b->race;
	uint32_t i;

	for (i = 0; i < race->nr_tasks; i++) {
		if (strcmp(race->tasks[i].name.s, s->child.s))
			continue;
		s->target = i;
		return true;
	}
	return race_fail(b, s->child.loc, "unknown task '%s', expected one of the race",
			 s->child.s);
}

/*
 * Whose vCPU a kworker serves: another task's, that has one from the start and
 * keeps it.
 */
static bool valid_async_pf(struct race_build *b, const struct race_task *task,
			   const struct race_stmt *s)
{
	const struct race *race = b->race;
	const struct race_task *served = &race->tasks[s->target], *t;
	const struct race_stmt *o;

	if (served == task || served->vm == RACE_NO_VM)
		return race_fail(b, s->child.loc,
				 "async_pf of task '%s', expected another task that has a vm",
				 s->child.s);
	for (t = race->tasks; t < race->tasks + race->nr_tasks; t++)
		for (o = t->stmts; o < t->stmts + t->nr_stmts; o++)
			if ((o->op == RACE_OP_CLOSE && o->vm == served->vm) ||
			    (o->op == RACE_OP_COPY_CONTEXT && t->vm == served->vm))
				return race_fail(b, s->child.loc,
						 "async_pf of task '%s', expected one whose "
						 "vm is there from beginning to end",
						 s->child.s);
	return true;
}

static bool valid_migrate(struct race_build *b, const struct race_stmt *s)
{
	const struct race_machine *m = &b->race->machine;

	if ((s->zone == RACE_ZONE_MOVABLE && !m->movable.v) ||
	    (s->zone == RACE_ZONE_CMA && !m->cma.v))
		return race_fail(b, s->loc,
				 "migrate to %s, expected a machine that has some",
				 race_zone_name(s->zone));
	return true;
}

static bool valid_numbers(struct race_build *b, struct race_stmt *s)
{
	uint64_t cma = b->race->machine.cma.v / RACE_PAGE_SIZE;
	uint64_t pages = s->range.last - s->range.first + 1;

	switch (s->op) {
	case RACE_OP_FAULT:
	case RACE_OP_PREFAULT:
	case RACE_OP_PUNCH_HOLE:
	case RACE_OP_MAKE_PRIVATE:
	case RACE_OP_MAKE_SHARED:
		if (s->gfn.v >= RACE_MAX_GFN)
			return race_fail(b, s->gfn.loc,
					 "gfn 0x%llx, expected less than 0x%llx",
					 (ull)s->gfn.v, RACE_MAX_GFN);
		return true;
	case RACE_OP_CMA_ALLOC:
		if (!cma)
			return race_fail(b, s->loc,
					 "cma_alloc on a machine without cma, "
					 "expected one that has some");
		if (!s->count.v || s->count.v > cma)
			return race_fail(b, s->count.loc,
					 "cma_alloc of %llu pages, "
					 "expected 1 to %llu, the machine's cma",
					 (ull)s->count.v, (ull)cma);
		return true;
	case RACE_OP_HOLD:
		return !s->count.loc.line || (s->count.v && s->count.v <= UINT32_MAX) ||
		       race_fail(b, s->count.loc, "hold of %llu references, expected 1 to %u",
				 (ull)s->count.v, UINT32_MAX);
	case RACE_OP_SLOT:
		if (s->slot.v >= RACE_MAX_SLOTS)
			return race_fail(b, s->slot.loc,
					 "slot %llu, expected less than %d",
					 (ull)s->slot.v, RACE_MAX_SLOTS);
		if (s->change == RACE_SLOT_DELETE ||
		    (s->gfn.v < RACE_MAX_GFN && s->gfn.v + pages <= RACE_MAX_GFN))
			return true;
		return race_fail(b, s->gfn.loc,
				 "slot %llu ends beyond gfn 0x%llx, "
				 "expected 48 bits of guest memory",
				 (ull)s->slot.v, RACE_MAX_GFN);
	case RACE_OP_MIGRATE:
		return valid_migrate(b, s);
	case RACE_OP_PAGEOUT:
		return b->race->machine.swap.v ||
		       race_fail(b, s->loc,
				 "pageout on a machine without swap, "
				 "expected one that has some");
	case RACE_OP_OFFLINE:
		return pages == 1 ||
		       race_fail(b, s->range.name.loc,
				 "offline of %llu pages, expected one: its memory block",
				 (ull)pages);
	case RACE_OP_SIGNAL:
	case RACE_OP_KILL:
	case RACE_OP_ASYNC_PF:
		return valid_signal(b, s);
	default:
		return true;
	}
}

static void take_slot(struct race_stmt *s, const struct race_range *range,
		      struct race_num gfn, uint32_t flags)
{
	s->range = *range;
	if (s->change == RACE_SLOT_MOVE)
		s->slot_flags = flags;
	else
		s->gfn = gfn;
}

/*
 * What the VMM knows of the slot that it moves or changes: what the task itself
 * told KVM of it last, or else what the VM began with.
 */
static bool known_slot(struct race_build *b, const struct race_task *task,
		       struct race_stmt *s)
{
	const struct race_vm *vm = &b->race->vms[task->vm];
	const struct race_stmt *o;
	uint32_t i;

	for (o = s; o-- > task->stmts;) {
		if (o->op != RACE_OP_SLOT || o->slot.v != s->slot.v ||
		    o->change == RACE_SLOT_DELETE)
			continue;
		take_slot(s, &o->range, o->gfn, o->slot_flags);
		return true;
	}
	for (i = 0; i < vm->nr_slots; i++) {
		if (vm->slots[i].id.v != s->slot.v)
			continue;
		take_slot(s, &vm->slots[i].range, vm->slots[i].gfn,
			  vm->slots[i].flags);
		return true;
	}
	return race_fail(b, s->slot.loc,
			 "unknown slot %llu, expected one of vm '%s', "
			 "or 'slot create' in the task before it",
			 (ull)s->slot.v, vm->name.s);
}

static bool valid_failure(struct race_build *b, struct race_stmt *s)
{
	int fault = race_fault_find(s->point.s);

	if (fault < 0)
		return race_fail(b, s->point.loc,
				 "'%s' cannot be made to fail, expected a primitive "
				 "such as slab, or any",
				 s->point.s);
	s->fault = fault;
	if (!s->may && !s->nth.v)
		return race_fail(b, s->nth.loc, "nth 0, expected 1 or more");
	if (!s->times.v)
		return race_fail(b, s->times.loc, "times 0, expected 1 or more");
	return true;
}

static bool valid_stmt(struct race_build *b, const struct race_task *task,
		       struct race_stmt *s)
{
	if (s->op == RACE_OP_FAIL)
		return valid_failure(b, s);
	if (needs_vm(s->op) && task->vm == RACE_NO_VM)
		return race_fail(b, s->loc,
				 "'%s' in task '%s' that has no vm, expected 'of' and a vm",
				 race_op_name(s->op), task->name.s);
	if (s->op == RACE_OP_SLOT && s->change >= RACE_SLOT_MOVE &&
	    !known_slot(b, task, s))
		return false;
	if (!valid_pages(b, task, s) || !valid_numbers(b, s))
		return false;
	if (s->op == RACE_OP_RELEASE)
		return valid_giving_back(b, task, s, RACE_OP_HOLD);
	if (s->op == RACE_OP_UNPIN)
		return valid_giving_back(b, task, s, RACE_OP_PIN);
	if (s->op == RACE_OP_MREMAP)
		return valid_mremap(b, task, s);
	if (s->op == RACE_OP_COPY_CONTEXT || s->op == RACE_OP_MOVE_CONTEXT ||
	    s->op == RACE_OP_CLOSE)
		return valid_other(b, task, s);
	return true;
}

static bool valid_task(struct race_build *b, struct race_task *task)
{
	const struct race_machine *m = &b->race->machine;
	uint32_t i;

	if (task->cpu.v >= m->cpus.v)
		return race_fail(b, task->cpu.loc,
				 "cpu %llu, expected 0 to %llu",
				 (ull)task->cpu.v, (ull)m->cpus.v - 1);
	if (!find_context(b, task))
		return false;
	if (task->role_given && task->vm == RACE_NO_VM)
		return race_fail(b, task->role.loc,
				 "role of task '%s' that has no vm, expected 'of' and a vm",
				 task->name.s);
	if (task->role.v >= RACE_MAX_ROLES)
		return race_fail(b, task->role.loc,
				 "role %llu, expected less than %d",
				 (ull)task->role.v, RACE_MAX_ROLES);
	if (!task->nr_stmts)
		return race_fail(b, task->name.loc,
				 "task '%s' does nothing, expected a statement",
				 task->name.s);
	for (i = 0; i < task->nr_stmts; i++)
		if (!valid_stmt(b, task, &task->stmts[i]))
			return false;
	return true;
}

/* The one "fork" of a process. */
static bool valid_birth(struct race_build *b, uint32_t process)
{
	const struct race *race = b->race;
	const struct race_process *p = &race->processes[process];
	const struct race_stmt *s, *first = NULL;
	uint32_t i;

	for (i = 0; i < race->nr_tasks; i++) {
		const struct race_task *task = &race->tasks[i];

		for (s = task->stmts; s < task->stmts + task->nr_stmts; s++) {
			if (s->op != RACE_OP_FORK || s->process != process)
				continue;
			if (first)
				return race_fail(b, s->loc,
						 "second 'fork' of process '%s', expected one",
						 p->name.s);
			first = s;
		}
	}
	return first || p->parent == RACE_NO_PROCESS ||
	       race_fail(b, p->name.loc,
			 "process '%s' never begins, expected 'fork %s' in a task of '%s'",
			 p->name.s, p->name.s, p->parent_name.s);
}

/* Where processes begin and end, and who serves whom, once it is known who runs in which. */
static bool valid_lives(struct race_build *b)
{
	const struct race *race = b->race;
	uint32_t i, k;

	for (i = 0; i < race->nr_tasks; i++) {
		struct race_task *task = &race->tasks[i];

		for (k = 0; k < task->nr_stmts; k++) {
			struct race_stmt *s = &task->stmts[k];

			if (s->op == RACE_OP_FORK && !valid_fork(b, task, s))
				return false;
			if (s->op == RACE_OP_EXIT && !valid_exit(b, task, s))
				return false;
			if (s->op == RACE_OP_ASYNC_PF && !valid_async_pf(b, task, s))
				return false;
		}
	}
	for (i = 0; i < race->nr_processes; i++)
		if (!valid_birth(b, i))
			return false;
	return true;
}

/**
 * race_valid_tasks - check tasks, find their VMs and processes
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_valid_tasks(struct race_build *b)
{
	struct race *race = b->race;
	uint32_t i;

	if (!race->nr_tasks)
		return race_fail(b, race->name.loc,
				 "race '%s' has no task, expected at least one",
				 race->name.s);
	for (i = 0; i < race->nr_tasks; i++)
		if (!valid_task(b, &race->tasks[i]))
			return false;
	return valid_lives(b);
}

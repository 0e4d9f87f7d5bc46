/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the grammar's actions do that is longer than a line: append objects to
 * the model, within the limits of model.h.
 *
 * Object model: statements, maps, slots go to the object that was opened last
 * (the last process, the last VM, race_build.task).
 */
#include "sim/race/build.h"

/**
 * race_once - refuse a second one of what may stand once
 * @b: the parse
 * @loc: the second one
 * @seen: there was one before
 * @what: its name
 *
 * Return: false when the parse has failed.
 */
bool race_once(struct race_build *b, struct race_loc loc, bool seen,
	       const char *what)
{
	return !seen ||
	       race_fail(b, loc, "second '%s', expected at most one", what);
}

/**
 * race_set_once - set what may be set once
 * @b: the parse
 * @loc: where it is set
 * @num: what is set
 * @value: to what
 * @what: its name
 *
 * Return: false when the parse has failed.
 */
bool race_set_once(struct race_build *b, struct race_loc loc,
		   struct race_num *num, struct race_num value, const char *what)
{
	if (!race_once(b, loc, num->loc.line, what))
		return false;
	*num = value;
	return true;
}

/**
 * race_push_name - append to the scratch list of names
 * @b: the parse
 * @name: the name
 *
 * Return: false when the parse has failed.
 */
bool race_push_name(struct race_build *b, struct race_name name)
{
	struct race_name *p = race_push(b, b->names, b->nr_names);

	if (p)
		*p = name;
	return p != NULL;
}

/**
 * race_take_names - hand the scratch list to the model, start the next one
 * @b: the parse
 * @ret_names: gets the names
 * @ret_nr: gets their number
 */
void race_take_names(struct race_build *b, struct race_name **ret_names,
		     uint32_t *ret_nr)
{
	*ret_names = b->names;
	*ret_nr = b->nr_names;
	b->names = NULL;
	b->nr_names = 0;
}

/**
 * race_push_result - append to the scratch list of results
 * @b: the parse
 * @v: a count or a negative errno
 *
 * Return: false when the parse has failed.
 */
bool race_push_result(struct race_build *b, struct race_num v)
{
	struct race_result *p;

	if ((int64_t)v.v > INT32_MAX)
		return race_fail(b, v.loc, "result %llu, expected at most %d",
				 (unsigned long long)v.v, INT32_MAX);
	p = race_push(b, b->results, b->nr_results);
	if (!p)
		return false;
	p->v = (int32_t)v.v;
	p->loc = v.loc;
	return true;
}

/**
 * race_add_kernel - add a profile to a set
 * @b: the parse
 * @name: "6.12"
 * @set: RACE_KERNEL_* bits
 *
 * Return: false when the parse has failed.
 */
bool race_add_kernel(struct race_build *b, struct race_name name,
		     uint32_t *set)
{
	uint32_t bit = race_valid_kernel(b, name);

	if (!bit)
		return false;
	if (*set & bit)
		return race_fail(b, name.loc,
				 "kernel %s is named twice, expected once",
				 name.s);
	*set |= bit;
	return true;
}

static bool room_for(struct race_build *b, struct race_name name, uint32_t nr,
		     uint32_t max, const char *what)
{
	return nr < max ||
	       race_fail(b, name.loc, "too many %s, expected at most %u",
			 what, max);
}

/**
 * race_process_new - append a process
 * @b: the parse
 * @name: its name
 *
 * Return: false when the parse has failed.
 */
bool race_process_new(struct race_build *b, struct race_name name)
{
	struct race *race = b->race;
	struct race_process *p;

	if (!room_for(b, name, race->nr_processes, RACE_MAX_PROCESSES,
		      "processes"))
		return false;
	p = race_push(b, race->processes, race->nr_processes);
	if (!p)
		return false;
	p->name = name;
	p->parent = RACE_NO_PROCESS;
	p->memlock.v = RACE_UNLIMITED;
	return true;
}

/**
 * race_vm_new - append a VM
 * @b: the parse
 * @name: its name
 * @sev: its memory is encrypted
 * @owner: a process, or no name
 *
 * Return: false when the parse has failed.
 */
bool race_vm_new(struct race_build *b, struct race_name name, bool sev,
		 struct race_name owner)
{
	struct race *race = b->race;
	struct race_vm *vm;

	if (!room_for(b, name, race->nr_vms, RACE_MAX_VMS, "VMs"))
		return false;
	vm = race_push(b, race->vms, race->nr_vms);
	if (!vm)
		return false;
	vm->name = name;
	vm->sev = sev;
	vm->owner_name = owner;
	return true;
}

/**
 * race_task_new - append a task; statements go to it from now on
 * @b: the parse
 * @name: its name
 * @cpu: its CPU
 * @of: a VM or a process, or no name
 *
 * Return: false when the parse has failed.
 */
bool race_task_new(struct race_build *b, struct race_name name,
		   struct race_num cpu, struct race_name of)
{
	struct race *race = b->race;

	if (!room_for(b, name, race->nr_tasks, RACE_MAX_TASKS, "tasks"))
		return false;
	b->task = race_push(b, race->tasks, race->nr_tasks);
	if (!b->task)
		return false;
	b->task->name = name;
	b->task->cpu = cpu;
	b->task->of = of;
	return true;
}

/**
 * race_expect_new - append an expectation
 * @b: the parse
 * @design: what it speaks of
 *
 * Return: false when the parse has failed.
 */
bool race_expect_new(struct race_build *b, struct race_name design)
{
	struct race *race = b->race;

	if (!room_for(b, design, race->nr_expects, RACE_MAX_EXPECTS,
		      "expectations"))
		return false;
	b->expect = race_push(b, race->expects, race->nr_expects);
	if (!b->expect)
		return false;
	b->expect->loc = design.loc;
	b->expect->design = design;
	return true;
}

/* The left side of a comparison. */
struct race_term race_term_new(enum race_term_kind kind, struct race_loc loc)
{
	return (struct race_term){ .kind = kind, .loc = loc };
}

/* The same, about a page. */
struct race_term race_term_page(enum race_term_kind kind, struct race_loc loc,
				const struct race_range *page)
{
	return (struct race_term){ .kind = kind, .loc = loc, .page = *page };
}

static uint32_t cond_depth(const struct race_cond *cond)
{
	return cond ? cond->depth : 0;
}

/**
 * race_cond_new - a node that combines conditions
 * @b: the parse
 * @kind: AND, OR or NOT
 * @loc: its operator
 * @left: not NULL
 * @right: NULL for NOT
 *
 * Return: the node, or NULL when the parse has failed.
 */
struct race_cond *race_cond_new(struct race_build *b, enum race_cond_kind kind,
				struct race_loc loc, struct race_cond *left,
				struct race_cond *right)
{
	struct race_cond *cond;
	uint32_t depth = cond_depth(left);

	if (cond_depth(right) > depth)
		depth = cond_depth(right);
	if (depth + 1 > RACE_MAX_DEPTH) {
		race_fail(b, loc, "condition is nested too deeply, "
			  "expected at most %d levels of operators",
			  RACE_MAX_DEPTH);
		return NULL;
	}
	cond = race_alloc(b, sizeof(*cond));
	if (!cond)
		return NULL;
	cond->kind = kind;
	cond->loc = loc;
	cond->depth = depth + 1;
	cond->left = left;
	cond->right = right;
	return cond;
}

/**
 * race_cond_cmp - a comparison
 * @b: the parse
 * @term: its left side, copied
 * @cmp: how
 * @value: its right side
 *
 * Return: the node, or NULL when the parse has failed.
 */
struct race_cond *race_cond_cmp(struct race_build *b,
				const struct race_term *term,
				enum race_cmp cmp, int64_t value)
{
	struct race_cond *cond = race_alloc(b, sizeof(*cond));

	if (!cond)
		return NULL;
	cond->kind = RACE_COND_CMP;
	cond->loc = term->loc;
	cond->depth = 1;
	cond->term = *term;
	cond->cmp = cmp;
	cond->value = value;
	return cond;
}

static bool too_many_stmts(struct race_build *b, struct race_loc loc)
{
	return race_fail(b, loc, "too many statements in task '%s', "
			 "expected at most %d with repeats unrolled",
			 b->task->name.s, RACE_MAX_STMTS);
}

/**
 * race_stmt_new - append a statement to the task being read
 * @b: the parse
 * @op: what it does
 * @loc: its first word
 *
 * Return: the statement, or NULL when the parse has failed.
 */
struct race_stmt *race_stmt_new(struct race_build *b, enum race_op op,
				struct race_loc loc)
{
	struct race_task *task = b->task;
	struct race_stmt *stmt;

	if (task->nr_stmts >= RACE_MAX_STMTS) {
		too_many_stmts(b, loc);
		return NULL;
	}
	stmt = race_push(b, task->stmts, task->nr_stmts);
	if (!stmt)
		return NULL;
	stmt->op = op;
	stmt->loc = loc;
	return stmt;
}

/**
 * race_stmts_repeat - unroll a repeat block
 * @b: the parse
 * @times: how often the block runs
 * @from: index of its first statement; it ends with the task's last one
 *
 * Return: false when the parse has failed.
 */
bool race_stmts_repeat(struct race_build *b, struct race_num times,
		       uint32_t from)
{
	struct race_task *task = b->task;
	uint32_t i, nr = task->nr_stmts - from;
	struct race_stmt *stmt;
	uint64_t t;

	if (!nr)
		return race_fail(b, times.loc,
				 "repeat of nothing, expected a statement in the block");
	if (times.v < 2 || times.v > RACE_MAX_STMTS)
		return race_fail(b, times.loc,
				 "repeat %llu, expected 2 to %d",
				 (unsigned long long)times.v, RACE_MAX_STMTS);
	for (t = 1; t < times.v; t++) {
		for (i = 0; i < nr; i++) {
			if (task->nr_stmts >= RACE_MAX_STMTS)
				return too_many_stmts(b, times.loc);
			stmt = race_push(b, task->stmts, task->nr_stmts);
			if (!stmt)
				return false;
			*stmt = task->stmts[from + i];
		}
	}
	return true;
}

/**
 * race_region_new - append a map to the process being read
 * @b: the parse
 * @name: its name
 * @bytes: its size
 * @shmem: shared memory, not private and anonymous
 *
 * Return: the region, or NULL when the parse has failed.
 */
struct race_region *race_region_new(struct race_build *b,
				    struct race_name name,
				    struct race_num bytes, bool shmem)
{
	struct race *race = b->race;
	struct race_region *region;

	if (race->nr_regions >= RACE_MAX_REGIONS) {
		race_fail(b, name.loc,
			  "too many maps, expected at most %d in a race",
			  RACE_MAX_REGIONS);
		return NULL;
	}
	region = race_push(b, race->regions, race->nr_regions);
	if (!region)
		return NULL;
	region->name = name;
	region->process = race->nr_processes - 1;
	region->bytes = bytes;
	region->shmem = shmem;
	return region;
}

/**
 * race_stmt_last - the statement being read
 * @b: the parse, with at least one statement in its task
 *
 * Return: the statement.
 */
struct race_stmt *race_stmt_last(struct race_build *b)
{
	return &b->task->stmts[b->task->nr_stmts - 1];
}

/**
 * race_stmt_range - append a statement about pages
 * @b: the parse
 * @op: what it does
 * @loc: its first word
 * @range: the pages
 *
 * Return: false when the parse has failed.
 */
bool race_stmt_range(struct race_build *b, enum race_op op,
		     struct race_loc loc, const struct race_range *range)
{
	struct race_stmt *stmt = race_stmt_new(b, op, loc);

	if (stmt)
		stmt->range = *range;
	return stmt != NULL;
}

/**
 * race_stmt_gfn - append a statement about a guest frame
 * @b: the parse
 * @op: what it does
 * @loc: its first word
 * @gfn: the frame
 * @write: is it for writing?
 *
 * Return: false when the parse has failed.
 */
bool race_stmt_gfn(struct race_build *b, enum race_op op, struct race_loc loc,
		   struct race_num gfn, bool write)
{
	struct race_stmt *stmt = race_stmt_new(b, op, loc);

	if (stmt) {
		stmt->gfn = gfn;
		stmt->write = write;
	}
	return stmt != NULL;
}

/**
 * race_stmt_name - append a statement about a process or a task
 * @b: the parse
 * @op: what it does
 * @loc: its first word
 * @name: whom to
 *
 * Return: false when the parse has failed.
 */
bool race_stmt_name(struct race_build *b, enum race_op op, struct race_loc loc,
		    struct race_name name)
{
	struct race_stmt *stmt = race_stmt_new(b, op, loc);

	if (stmt)
		stmt->child = name;
	return stmt != NULL;
}

/**
 * race_stmt_slot - append a statement about a memslot
 * @b: the parse
 * @loc: its first word
 * @change: what is done
 * @slot: the slot's number
 *
 * Return: the statement, or NULL when the parse has failed.
 */
struct race_stmt *race_stmt_slot(struct race_build *b, struct race_loc loc,
				 enum race_slot_change change,
				 struct race_num slot)
{
	struct race_stmt *stmt = race_stmt_new(b, RACE_OP_SLOT, loc);

	if (stmt) {
		stmt->change = change;
		stmt->slot = slot;
	}
	return stmt;
}

/**
 * race_failure_new - append a statement that makes calls fail
 * @b: the parse
 * @loc: its first word
 * @point: the primitive
 * @nth: the how many-th call; NULL: any may
 * @times: how many calls
 *
 * Return: false when the parse has failed.
 */
bool race_failure_new(struct race_build *b, struct race_loc loc,
		      struct race_name point, const struct race_num *nth,
		      struct race_num times)
{
	struct race_stmt *stmt = race_stmt_new(b, RACE_OP_FAIL, loc);

	if (!stmt)
		return false;
	stmt->point = point;
	stmt->may = !nth;
	if (nth)
		stmt->nth = *nth;
	stmt->times = times;
	return true;
}

/**
 * race_take_results - give the last statement the values after its arrow
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_take_results(struct race_build *b)
{
	struct race_stmt *stmt = race_stmt_last(b);
	uint32_t i, j;

	if (b->nr_results > RACE_MAX_RESULTS)
		return race_fail(b, b->results[RACE_MAX_RESULTS].loc,
				 "too many results, expected at most %d",
				 RACE_MAX_RESULTS);
	for (i = 0; i < b->nr_results; i++)
		for (j = 0; j < i; j++)
			if (b->results[i].v == b->results[j].v)
				return race_fail(b, b->results[i].loc,
						 "result is named twice, expected once");
	stmt->results = b->results;
	stmt->nr_results = b->nr_results;
	b->results = NULL;
	b->nr_results = 0;
	return true;
}

/**
 * race_process_last - the process being read
 * @b: the parse, with at least one process
 *
 * Return: the process.
 */
struct race_process *race_process_last(struct race_build *b)
{
	return &b->race->processes[b->race->nr_processes - 1];
}

/**
 * race_set_memlock - the last process's RLIMIT_MEMLOCK
 * @b: the parse
 * @loc: the word "memlock"
 * @limit: bytes, or RACE_UNLIMITED
 *
 * Return: false when the parse has failed.
 */
bool race_set_memlock(struct race_build *b, struct race_loc loc,
		      struct race_num limit)
{
	struct race_process *p = race_process_last(b);

	if (p->memlock.loc.line)
		return race_fail(b, loc,
				 "second 'memlock', expected at most one");
	p->memlock = limit;
	return true;
}

/**
 * race_set_cap - the last process has CAP_IPC_LOCK
 * @b: the parse
 * @loc: the word "cap"
 *
 * Return: false when the parse has failed.
 */
bool race_set_cap(struct race_build *b, struct race_loc loc)
{
	struct race_process *p = race_process_last(b);

	if (p->cap_ipc_lock)
		return race_fail(b, loc,
				 "second 'cap', expected at most one");
	p->cap_ipc_lock = true;
	return true;
}

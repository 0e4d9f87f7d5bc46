/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a model to canonical text: parsing it gives an equal model, printing
 * that gives the same text. Defaults are spelled out, repeats stay unrolled,
 * inferred owners stay unsaid if the file did not say them.
 */
#include <inttypes.h>

#include "sim/race/race.h"
#include "sim/race/words.h"

/* The largest unit that loses nothing. */
static void print_size(FILE *out, uint64_t bytes)
{
	int unit = 0;

	while (bytes && !(bytes & 1023) && unit < 4) {
		bytes >>= 10;
		unit++;
	}
	fprintf(out, "%" PRIu64, bytes);
	if (unit)
		fputc(" KMGT"[unit], out);
}

static void print_names(FILE *out, const struct race_name *names, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		fprintf(out, "%s%s", i ? ", " : " ", names[i].s);
}

static void print_range(FILE *out, const struct race_range *range)
{
	fprintf(out, " %s", range->name.s);
	if (range->first != range->last)
		fprintf(out, "[%" PRIu64 "..%" PRIu64 "]", range->first,
			range->last);
	else if (range->first)
		fprintf(out, "[%" PRIu64 "]", range->first);
}

static void print_machine(FILE *out, const struct race_machine *m)
{
	fprintf(out, "machine {\n\tcpus %" PRIu64 ";\n\tzone normal ",
		m->cpus.v);
	print_size(out, m->normal.v);
	fputs(";\n\tzone movable ", out);
	print_size(out, m->movable.v);
	fputs(";\n\tcma ", out);
	print_size(out, m->cma.v);
	fprintf(out, " in %s;\n", race_zone_name(m->cma_in));
	if (m->swap.v) {
		fputs("\tswap ", out);
		print_size(out, m->swap.v);
		fputs(";\n", out);
	}
	fputs("}\n", out);
}

static void print_region(FILE *out, const struct race_region *r)
{
	fprintf(out, "\tmap %s ", r->name.s);
	print_size(out, r->bytes.v);
	fputs(r->shmem ? " shmem" : " anon", out);
	if (r->addr_given)
		fprintf(out, " at 0x%" PRIx64, r->addr.v);
	if (r->placement)
		fprintf(out, " in %s", race_zone_name(r->placement));
	fprintf(out, "%s;\n", r->populated ? " populated" : "");
}

static void print_process(FILE *out, const struct race *race, uint32_t index)
{
	const struct race_process *p = &race->processes[index];
	uint32_t i;

	if (p->parent != RACE_NO_PROCESS) {
		fprintf(out, "process %s of %s;\n", p->name.s, p->parent_name.s);
		return;
	}
	fprintf(out, "process %s {\n\tmemlock ", p->name.s);
	if (p->memlock.v == RACE_UNLIMITED)
		fputs("unlimited", out);
	else
		print_size(out, p->memlock.v);
	fputs(";\n", out);
	if (p->cap_ipc_lock)
		fputs("\tcap ipc_lock;\n", out);
	for (i = 0; i < race->nr_regions; i++)
		if (race->regions[i].process == index)
			print_region(out, &race->regions[i]);
	fputs("}\n", out);
}

static void print_slot_flags(FILE *out, uint32_t flags)
{
	fprintf(out, "%s%s", flags & RACE_SLOT_READONLY ? " readonly" : "",
		flags & RACE_SLOT_LOG ? " log" : "");
}

static void print_context(FILE *out, const struct race_vm *vm)
{
	fprintf(out, "\tcopy_context %s;\n", vm->context_of.s);
}

static void print_vm(FILE *out, const struct race_vm *vm)
{
	uint32_t i;

	fprintf(out, "vm %s%s", vm->name.s,
		vm->sev && !vm->sev_after ? " sev" : "");
	if (vm->owner_name.s)
		fprintf(out, " owner %s", vm->owner_name.s);
	fputs(" {\n", out);
	if (vm->context_of.s && !vm->sev_after)
		print_context(out, vm);
	if (vm->no_vcpus)
		fputs("\tvcpus none;\n", out);
	for (i = 0; i < vm->nr_slots; i++) {
		fprintf(out, "\tslot %" PRIu64 " gfn 0x%" PRIx64 " maps",
			vm->slots[i].id.v, vm->slots[i].gfn.v);
		print_range(out, &vm->slots[i].range);
		print_slot_flags(out, vm->slots[i].flags);
		fputs(";\n", out);
		if (vm->sev && i + 1 == vm->sev_after)
			fputs("\tsev;\n", out);
		if (vm->context_of.s && i + 1 == vm->sev_after)
			print_context(out, vm);
	}
	for (i = 0; i < vm->nr_registered; i++) {
		fputs("\tregister", out);
		print_range(out, &vm->registered[i]);
		fputs(";\n", out);
	}
	fputs("}\n", out);
}

static void print_result(FILE *out, int64_t v)
{
	const char *name = v < 0 ? race_errno_name((int)v) : NULL;

	if (name)
		fputs(name, out);
	else
		fprintf(out, "%" PRId64, v);
}

/* "fail slab nth 2 times 3", "may fail any". */
static void print_failure(FILE *out, const struct race_stmt *s)
{
	fprintf(out, "%sfail %s", s->may ? "may " : "", s->point.s);
	if (!s->may)
		fprintf(out, " nth %" PRIu64, s->nth.v);
	if (s->times.v == RACE_UNLIMITED)
		fputs(" times all", out);
	else if (s->times.v != 1)
		fprintf(out, " times %" PRIu64, s->times.v);
}

static void print_slot_stmt(FILE *out, const struct race_stmt *s)
{
	static const char * const verbs[] = {
		[RACE_SLOT_CREATE] = "create", [RACE_SLOT_DELETE] = "delete",
		[RACE_SLOT_MOVE] = "move", [RACE_SLOT_FLAGS] = "flags",
	};

	fprintf(out, " %s %" PRIu64, verbs[s->change], s->slot.v);
	if (s->change == RACE_SLOT_MOVE)
		fprintf(out, " to gfn 0x%" PRIx64, s->gfn.v);
	if (s->change == RACE_SLOT_CREATE) {
		fprintf(out, " gfn 0x%" PRIx64 " maps", s->gfn.v);
		print_range(out, &s->range);
	}
	if (s->change == RACE_SLOT_FLAGS && !s->slot_flags)
		fputs(" none", out);
	if (s->change == RACE_SLOT_CREATE || s->change == RACE_SLOT_FLAGS)
		print_slot_flags(out, s->slot_flags);
}

/**
 * race_print_stmt - print one statement, without its semicolon
 * @race: the race it is from
 * @stmt: the statement
 * @out: where to
 */
void race_print_stmt(const struct race *race, const struct race_stmt *stmt,
		     FILE *out)
{
	uint32_t i;

	(void)race;
	if (stmt->op == RACE_OP_FAIL) {
		print_failure(out, stmt);
		return;
	}
	fputs(race_op_name(stmt->op), out);
	switch (stmt->op) {
	case RACE_OP_FAULT:
		fprintf(out, " gfn 0x%" PRIx64 " %s", stmt->gfn.v,
			stmt->write ? "write" : "read");
		break;
	case RACE_OP_PREFAULT:
	case RACE_OP_PUNCH_HOLE:
	case RACE_OP_MAKE_PRIVATE:
	case RACE_OP_MAKE_SHARED:
		fprintf(out, " gfn 0x%" PRIx64, stmt->gfn.v);
		break;
	case RACE_OP_CMA_ALLOC:
		fprintf(out, " %" PRIu64, stmt->count.v);
		break;
	case RACE_OP_SLOT:
		print_slot_stmt(out, stmt);
		break;
	case RACE_OP_FORK:
	case RACE_OP_COPY_CONTEXT:
	case RACE_OP_MOVE_CONTEXT:
	case RACE_OP_CLOSE:
	case RACE_OP_SIGNAL:
	case RACE_OP_KILL:
	case RACE_OP_ASYNC_PF:
		fprintf(out, " %s", stmt->child.s);
		break;
	case RACE_OP_MREMAP:
		print_range(out, &stmt->range);
		fputs(" to", out);
		print_range(out, &stmt->to);
		break;
	case RACE_OP_EXIT:
	case RACE_OP_DRAIN:
		break;
	default:
		print_range(out, &stmt->range);
		fprintf(out, "%s%s", stmt->longterm ? " longterm" : "",
			stmt->write ? " write" : "");
		if (stmt->count.v)
			fprintf(out, " times %" PRIu64 "%s", stmt->count.v,
				stmt->unchecked ? " unchecked" : "");
		if (stmt->zone)
			fprintf(out, " to %s", race_zone_name(stmt->zone));
	}
	for (i = 0; i < stmt->nr_results; i++) {
		fputs(i ? " | " : " -> ", out);
		print_result(out, stmt->results[i].v);
	}
}

static void print_task(FILE *out, const struct race *race,
		       const struct race_task *task)
{
	uint32_t i;

	fprintf(out, "task %s on %" PRIu64, task->name.s, task->cpu.v);
	if (task->of.s)
		fprintf(out, " of %s", task->of.s);
	if (task->role_given)
		fprintf(out, " role %" PRIu64, task->role.v);
	fputs(" {\n", out);
	for (i = 0; i < task->nr_stmts; i++) {
		fputc('\t', out);
		race_print_stmt(race, &task->stmts[i], out);
		fputs(";\n", out);
	}
	fputs("}\n", out);
}

/**
 * race_print_world - print what the world is built from
 * @race: the race
 * @out: where to
 *
 * Machine, processes, VMs and tasks; this text is what race_hash() hashes.
 */
void race_print_world(const struct race *race, FILE *out)
{
	uint32_t i;

	print_machine(out, &race->machine);
	for (i = 0; i < race->nr_processes; i++)
		print_process(out, race, i);
	for (i = 0; i < race->nr_vms; i++)
		print_vm(out, &race->vms[i]);
	for (i = 0; i < race->nr_tasks; i++)
		print_task(out, race, &race->tasks[i]);
}

/* ---- conditions ---- */

static void print_page(FILE *out, const struct race_range *page)
{
	fprintf(out, "page(%s", page->name.s);
	if (page->first)
		fprintf(out, "[%" PRIu64 "]", page->first);
	fputc(')', out);
}

static void print_page_term(FILE *out, const struct race_term *t,
			    const char *before, const char *after)
{
	fputs(before, out);
	print_page(out, &t->page);
	fputs(after, out);
}

static void print_term(FILE *out, const struct race_term *t)
{
	switch (t->kind) {
	case RACE_TERM_RESULT:
		fprintf(out, "%s.%s", t->name.s, race_op_name(t->op));
		if (t->nth != RACE_LAST)
			fprintf(out, "[%" PRId32 "]", t->nth);
		break;
	case RACE_TERM_ZONE:
		print_page_term(out, t, "", ".zone");
		break;
	case RACE_TERM_REFCOUNT:
		print_page_term(out, t, "", ".refcount");
		break;
	case RACE_TERM_MAPCOUNT:
		print_page_term(out, t, "", ".mapcount");
		break;
	case RACE_TERM_PINS:
		print_page_term(out, t, "pins(", ")");
		break;
	case RACE_TERM_HELD:
		print_page_term(out, t, "held(", ")");
		break;
	case RACE_TERM_MOVED:
		print_page_term(out, t, "moved(", ")");
		break;
	case RACE_TERM_GUEST:
		fprintf(out, "guest(%s, 0x%" PRIx64 ")", t->name.s, t->gfn.v);
		break;
	case RACE_TERM_LOCKED:
		fprintf(out, "locked(%s)", t->name.s);
		break;
	case RACE_TERM_COUNT:
		fprintf(out, "count(%s)", t->name.s);
		break;
	}
}

static void print_cmp(FILE *out, const struct race_cond *cond)
{
	print_term(out, &cond->term);
	if (cond->term.kind == RACE_TERM_MOVED)
		return;
	fprintf(out, " %s ", race_cmp_name(cond->cmp));
	if (cond->term.kind == RACE_TERM_ZONE)
		fputs(race_zone_name((enum race_zone)cond->value), out);
	else if (cond->term.kind == RACE_TERM_GUEST)
		fputs(race_guest_name((enum race_guest)cond->value), out);
	else
		print_result(out, cond->value);
}

/*
 * Parentheses wherever the tree departs from what precedence and grouping to
 * the left would give.
 */
static void print_operand(const struct race *race, const struct race_cond *cond,
			  const struct race_cond *of, bool right, FILE *out)
{
	bool binary = cond->kind == RACE_COND_AND || cond->kind == RACE_COND_OR;
	bool parens = binary && (of->kind != cond->kind || right);

	if (parens)
		fputc('(', out);
	race_print_cond(race, cond, out);
	if (parens)
		fputc(')', out);
}

/* "!a == b" reads as "(!a) == b" to a C programmer. */
static void print_not(const struct race *race, const struct race_cond *cond,
		      FILE *out)
{
	bool parens = cond->kind != RACE_COND_NOT &&
		      !(cond->kind == RACE_COND_CMP &&
			cond->term.kind == RACE_TERM_MOVED);

	fputs(parens ? "!(" : "!", out);
	race_print_cond(race, cond, out);
	if (parens)
		fputc(')', out);
}

/**
 * race_print_cond - print a condition, without outer parentheses
 * @race: the race it is from
 * @cond: the condition
 * @out: where to
 */
void race_print_cond(const struct race *race, const struct race_cond *cond,
		     FILE *out)
{
	switch (cond->kind) {
	case RACE_COND_AND:
	case RACE_COND_OR:
		print_operand(race, cond->left, cond, false, out);
		fputs(cond->kind == RACE_COND_AND ? " && " : " || ", out);
		print_operand(race, cond->right, cond, true, out);
		break;
	case RACE_COND_NOT:
		print_not(race, cond->left, out);
		break;
	case RACE_COND_CMP:
		print_cmp(out, cond);
		break;
	}
}

/* ---- expectations and the whole ---- */

static void print_quantified(const struct race *race, const char *word,
			     const struct race_cond *cond, FILE *out)
{
	fprintf(out, "%s (", word);
	race_print_cond(race, cond, out);
	fputs(")\n", out);
}

static void print_expect(const struct race *race, const struct race_expect *e,
			 FILE *out)
{
	static const char * const words[] = {
		[RACE_HOLDS] = "holds", [RACE_VIOLATES] = "violates",
		[RACE_ALWAYS] = "always", [RACE_SOMETIMES] = "sometimes",
		[RACE_NEVER] = "never",
	};
	uint32_t i;

	fprintf(out, "expect %s", e->design.s);
	for (i = 0; i < e->nr_options; i++)
		fprintf(out, ":%s", e->options[i].s);
	if (e->kernel_given)
		fprintf(out, " kernel %s", race_kernel_name(e->kernels));
	if (e->nr_without) {
		fputs(" without", out);
		print_names(out, e->without, e->nr_without);
	}
	fputc(' ', out);
	if (e->cond) {
		print_quantified(race, words[e->verdict], e->cond, out);
		return;
	}
	fputs(words[e->verdict], out);
	if (e->verdict == RACE_VIOLATES)
		print_names(out, e->checks, e->nr_checks);
	else if (e->verdict != RACE_HOLDS)
		fputs(" exists", out);
	fputc('\n', out);
}

static void print_kernels(FILE *out, uint32_t kernels)
{
	uint32_t bit;

	fputs("kernels", out);
	for (bit = 1; bit <= kernels; bit <<= 1)
		if (kernels & bit)
			fprintf(out, " %s", race_kernel_name(bit));
	fputc('\n', out);
}

/**
 * race_print - print a whole race
 * @race: the race
 * @out: where to
 */
void race_print(const struct race *race, FILE *out)
{
	uint32_t i;

	fprintf(out, "race %s\n\"%s\"\n", race->name.s, race->question.s);
	if (race->nr_hazards) {
		fputs("hazards", out);
		print_names(out, race->hazards, race->nr_hazards);
		fputc('\n', out);
	}
	print_kernels(out, race->kernels);
	if (race->nr_left_out) {
		fputs("checks all but", out);
		print_names(out, race->left_out, race->nr_left_out);
		fputc('\n', out);
	}
	fputc('\n', out);
	race_print_world(race, out);
	if (race->nr_expects)
		fputc('\n', out);
	for (i = 0; i < race->nr_expects; i++)
		print_expect(race, &race->expects[i], out);
	if (race->exists)
		print_quantified(race, "exists", race->exists, out);
	if (race->always)
		print_quantified(race, "always", race->always, out);
}

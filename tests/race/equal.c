/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares models field by field, so that a field which the printer forgets
 * is found although both texts lack it.
 */
#include "tests/race/equal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/race/race.h"

static bool eq_name(struct race_name a, struct race_name z)
{
	if (!a.s || !z.s)
		return a.s == z.s;
	return !strcmp(a.s, z.s);
}

static bool eq_names(const struct race_name *a, uint32_t nr_a,
		     const struct race_name *z, uint32_t nr_z)
{
	uint32_t i;

	if (nr_a != nr_z)
		return false;
	for (i = 0; i < nr_a; i++)
		if (!eq_name(a[i], z[i]))
			return false;
	return true;
}

static bool eq_range(const struct race_range *a, const struct race_range *z)
{
	return eq_name(a->name, z->name) && a->region == z->region &&
	       a->first == z->first && a->last == z->last &&
	       a->whole == z->whole;
}

static bool eq_machine(const struct race_machine *a,
		       const struct race_machine *z)
{
	return a->cpus.v == z->cpus.v && a->normal.v == z->normal.v &&
	       a->movable.v == z->movable.v && a->cma.v == z->cma.v &&
	       a->cma_in == z->cma_in;
}

static bool eq_process(const struct race_process *a,
		       const struct race_process *z)
{
	return eq_name(a->name, z->name) && a->memlock.v == z->memlock.v &&
	       a->cap_ipc_lock == z->cap_ipc_lock &&
	       eq_name(a->parent_name, z->parent_name) && a->parent == z->parent;
}

static bool eq_region(const struct race_region *a, const struct race_region *z)
{
	return eq_name(a->name, z->name) && a->process == z->process &&
	       a->bytes.v == z->bytes.v && a->placement == z->placement &&
	       a->populated == z->populated && a->addr.v == z->addr.v &&
	       a->addr_given == z->addr_given;
}

static bool eq_vm(const struct race_vm *a, const struct race_vm *z)
{
	uint32_t i;

	if (!eq_name(a->name, z->name) ||
	    !eq_name(a->owner_name, z->owner_name) || a->owner != z->owner ||
	    a->sev != z->sev || a->nr_slots != z->nr_slots ||
	    a->nr_registered != z->nr_registered)
		return false;
	for (i = 0; i < a->nr_slots; i++)
		if (a->slots[i].id.v != z->slots[i].id.v ||
		    a->slots[i].gfn.v != z->slots[i].gfn.v ||
		    a->slots[i].flags != z->slots[i].flags ||
		    !eq_range(&a->slots[i].range, &z->slots[i].range))
			return false;
	for (i = 0; i < a->nr_registered; i++)
		if (!eq_range(&a->registered[i], &z->registered[i]))
			return false;
	return true;
}

static bool eq_stmt(const struct race_stmt *a, const struct race_stmt *z)
{
	uint32_t i;

	if (a->op != z->op || a->write != z->write ||
	    a->longterm != z->longterm || a->unchecked != z->unchecked ||
	    a->zone != z->zone ||
	    a->gfn.v != z->gfn.v || a->count.v != z->count.v ||
	    a->slot.v != z->slot.v || a->change != z->change ||
	    a->slot_flags != z->slot_flags ||
	    !eq_name(a->point, z->point) || a->fault != z->fault ||
	    a->may != z->may || a->nth.v != z->nth.v ||
	    a->times.v != z->times.v ||
	    !eq_name(a->child, z->child) || a->process != z->process ||
	    a->target != z->target ||
	    a->nr_results != z->nr_results || !eq_range(&a->range, &z->range) ||
	    !eq_range(&a->to, &z->to))
		return false;
	for (i = 0; i < a->nr_results; i++)
		if (a->results[i].v != z->results[i].v)
			return false;
	return true;
}

static bool eq_task(const struct race_task *a, const struct race_task *z)
{
	uint32_t i;

	if (!eq_name(a->name, z->name) || a->cpu.v != z->cpu.v ||
	    !eq_name(a->of, z->of) || a->process != z->process ||
	    a->vm != z->vm || a->role.v != z->role.v ||
	    a->role_given != z->role_given || a->nr_stmts != z->nr_stmts)
		return false;
	for (i = 0; i < a->nr_stmts; i++)
		if (!eq_stmt(&a->stmts[i], &z->stmts[i]))
			return false;
	return true;
}

static bool eq_term(const struct race_term *a, const struct race_term *z)
{
	return a->kind == z->kind && eq_name(a->name, z->name) &&
	       a->index == z->index && a->op == z->op && a->nth == z->nth &&
	       eq_range(&a->page, &z->page) && a->gfn.v == z->gfn.v;
}

static bool eq_cond(const struct race_cond *a, const struct race_cond *z)
{
	if (!a || !z)
		return a == z;
	return a->kind == z->kind && a->depth == z->depth &&
	       eq_cond(a->left, z->left) && eq_cond(a->right, z->right) &&
	       eq_term(&a->term, &z->term) && a->cmp == z->cmp &&
	       a->value == z->value;
}

static bool eq_expect(const struct race_expect *a, const struct race_expect *z)
{
	return eq_name(a->design, z->design) &&
	       eq_names(a->options, a->nr_options, z->options, z->nr_options) &&
	       a->kernels == z->kernels && a->kernel_given == z->kernel_given &&
	       eq_names(a->without, a->nr_without, z->without,
			z->nr_without) &&
	       a->verdict == z->verdict &&
	       eq_names(a->checks, a->nr_checks, z->checks, z->nr_checks) &&
	       eq_cond(a->cond, z->cond);
}

static bool eq_head(const struct race *a, const struct race *z)
{
	return eq_name(a->name, z->name) && eq_name(a->question, z->question) &&
	       eq_names(a->hazards, a->nr_hazards, z->hazards,
			z->nr_hazards) &&
	       a->kernels == z->kernels &&
	       eq_names(a->left_out, a->nr_left_out, z->left_out,
			z->nr_left_out) &&
	       eq_machine(&a->machine, &z->machine) &&
	       eq_cond(a->exists, z->exists) && eq_cond(a->always, z->always);
}

#define EQ_ARRAY(field, nr, eq)						\
	do {								\
		uint32_t i_;						\
									\
		if (a->nr != z->nr)					\
			return false;					\
		for (i_ = 0; i_ < a->nr; i_++)				\
			if (!eq(&a->field[i_], &z->field[i_]))		\
				return false;				\
	} while (0)

/**
 * race_equal - are two models the same race?
 * @a: one
 * @z: the other
 *
 * Return: true if they differ in places at most.
 */
bool race_equal(const struct race *a, const struct race *z)
{
	if (!eq_head(a, z))
		return false;
	EQ_ARRAY(processes, nr_processes, eq_process);
	EQ_ARRAY(regions, nr_regions, eq_region);
	EQ_ARRAY(vms, nr_vms, eq_vm);
	EQ_ARRAY(tasks, nr_tasks, eq_task);
	EQ_ARRAY(expects, nr_expects, eq_expect);
	return true;
}

static char *print_text(const struct race *race, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		abort();
	race_print(race, out);
	fclose(out);
	return text;
}

/**
 * race_round_trip - does printing lose nothing?
 * @race: the race
 * @why: gets a sentence if it does
 * @size: bytes in @why
 *
 * Parses what race_print() prints: the model, its hash, and what is printed
 * of it again must be the same.
 *
 * Return: true if they are.
 */
bool race_round_trip(const struct race *race, char *why, size_t size)
{
	uint64_t hash[2] = { 0, 0 };
	struct race_error err;
	char *text, *again;
	struct race *copy;
	size_t len, len2;
	bool ok = false;

	text = print_text(race, &len);
	copy = race_parse_text("printed", text, len, &err);
	if (!copy) {
		snprintf(why, size, "does not parse again: %s", err.text);
		free(text);
		return false;
	}
	again = print_text(copy, &len2);
	if (race_hash(race, &hash[0]) || race_hash(copy, &hash[1]))
		abort();
	if (!race_equal(race, copy))
		snprintf(why, size, "another model after a round trip");
	else if (len != len2 || memcmp(text, again, len))
		snprintf(why, size, "another text after a round trip");
	else if (hash[0] != hash[1])
		snprintf(why, size, "another hash after a round trip");
	else
		ok = true;
	race_free(copy);
	free(again);
	free(text);
	return ok;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do the expectations speak of designs, checks, kernels and objects that
 * exist, and never say two things about one run?
 *
 * A misspelt design would be an expectation that no run ever tests, so names
 * are checked against the whole list (words.c), not only against what is
 * built.
 */
#include <string.h>

#include "sim/race/build.h"
#include "sim/race/words.h"

typedef unsigned long long ull;

/**
 * race_valid_kernel - find a kernel profile
 * @b: the parse
 * @name: "6.12"
 *
 * Return: its RACE_KERNEL_* bit, or 0 when the parse has failed.
 */
uint32_t race_valid_kernel(struct race_build *b, struct race_name name)
{
	uint32_t bit = race_kernel_bit(name.s);

	if (!bit)
		race_fail(b, name.loc,
			  "kernel %s is not modelled, expected 5.17, 6.1 or 6.12",
			  name.s);
	return bit;
}

static bool listed(const struct race_name *names, uint32_t nr, const char *s)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(names[i].s, s))
			return true;
	return false;
}

static bool valid_checks(struct race_build *b, const struct race_name *names,
			 uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		if (!race_check_known(names[i].s))
			return race_fail(b, names[i].loc,
					 "unknown check '%s', expected an id such as ref-leak",
					 names[i].s);
		if (listed(names, i, names[i].s))
			return race_fail(b, names[i].loc,
					 "check '%s' is named twice, expected once",
					 names[i].s);
	}
	return true;
}

static bool valid_design(struct race_build *b, const struct race_expect *e)
{
	uint32_t i;

	if (!race_design_known(e->design.s))
		return race_fail(b, e->design.loc,
				 "unknown design '%s', expected a name such as demand-ref",
				 e->design.s);
	for (i = 0; i < e->nr_options; i++) {
		if (!race_design_option_known(e->design.s, e->options[i].s))
			return race_fail(b, e->options[i].loc,
					 "unknown option '%s' of design '%s', expected one it has",
					 e->options[i].s, e->design.s);
		if (listed(e->options, i, e->options[i].s))
			return race_fail(b, e->options[i].loc,
					 "option '%s' is named twice, expected once",
					 e->options[i].s);
	}
	return true;
}

/* ---- conditions ---- */

static bool valid_result(struct race_build *b, struct race_term *t)
{
	const struct race *race = b->race;
	const struct race_task *task;
	uint32_t i, nr = 0;

	for (i = 0; i < race->nr_tasks; i++)
		if (!strcmp(race->tasks[i].name.s, t->name.s))
			break;
	if (i == race->nr_tasks)
		return race_fail(b, t->name.loc,
				 "unknown task '%s', expected the name of a task",
				 t->name.s);
	t->index = i;
	task = &race->tasks[i];
	for (i = 0; i < task->nr_stmts; i++)
		nr += task->stmts[i].op == t->op;
	if (!nr)
		return race_fail(b, t->loc,
				 "task '%s' has no '%s' statement, expected one that it has",
				 t->name.s, race_op_name(t->op));
	if (t->nth != RACE_LAST && (uint32_t)t->nth >= nr)
		return race_fail(b, t->loc,
				 "result %d of '%s' in task '%s', expected 0 to %u",
				 t->nth, race_op_name(t->op), t->name.s,
				 nr - 1);
	return true;
}

static bool valid_guest(struct race_build *b, struct race_term *t)
{
	if (!race_find_vm(b->race, t->name.s, &t->index))
		return race_fail(b, t->name.loc,
				 "unknown vm '%s', expected the name of a vm",
				 t->name.s);
	if (t->gfn.v >= RACE_MAX_GFN)
		return race_fail(b, t->gfn.loc,
				 "gfn 0x%llx, expected less than 0x%llx",
				 (ull)t->gfn.v, RACE_MAX_GFN);
	return true;
}

static bool valid_count(struct race_build *b, struct race_term *t)
{
	int counter = race_counter_find(t->name.s);

	if (counter < 0)
		return race_fail(b, t->name.loc,
				 "unknown counter '%s', expected refchecks, "
				 "unmaps, invalidations, retries, failures or "
				 "flushes",
				 t->name.s);
	t->index = counter;
	return true;
}

static bool valid_term(struct race_build *b, struct race_term *t)
{
	switch (t->kind) {
	case RACE_TERM_RESULT:
		return valid_result(b, t);
	case RACE_TERM_GUEST:
		return valid_guest(b, t);
	case RACE_TERM_LOCKED:
		if (race_find_process(b->race, t->name.s, &t->index))
			return true;
		return race_fail(b, t->name.loc,
				 "unknown process '%s', expected the name of one",
				 t->name.s);
	case RACE_TERM_COUNT:
		return valid_count(b, t);
	default:
		return race_valid_range(b, &t->page);
	}
}

static bool valid_cond(struct race_build *b, struct race_cond *cond)
{
	if (!cond)
		return true;
	if (cond->kind == RACE_COND_CMP)
		return valid_term(b, &cond->term);
	return valid_cond(b, cond->left) && valid_cond(b, cond->right);
}

/**
 * race_cond_reads_history - does a condition look at what is not state?
 * @cond: the condition, or NULL
 *
 * Return: true if states that hash equal may judge it differently.
 */
bool race_cond_reads_history(const struct race_cond *cond)
{
	if (!cond)
		return false;
	if (cond->kind == RACE_COND_CMP)
		return cond->term.kind == RACE_TERM_COUNT || cond->term.kind == RACE_TERM_MOVED;
	return race_cond_reads_history(cond->left) ||
	       race_cond_reads_history(cond->right);
}

/* ---- expectations ---- */

static bool is_verdict(const struct race_expect *e)
{
	return e->verdict == RACE_HOLDS || e->verdict == RACE_VIOLATES;
}

static bool same_names(const struct race_name *a, uint32_t nr_a,
		       const struct race_name *z, uint32_t nr_z)
{
	uint32_t i;

	if (nr_a != nr_z)
		return false;
	for (i = 0; i < nr_a; i++)
		if (!listed(z, nr_z, a[i].s))
			return false;
	return true;
}

static bool same_run(const struct race_expect *a, const struct race_expect *z)
{
	return !strcmp(a->design.s, z->design.s) &&
	       (a->kernels & z->kernels) &&
	       same_names(a->options, a->nr_options, z->options,
			  z->nr_options) &&
	       same_names(a->without, a->nr_without, z->without,
			  z->nr_without);
}

static bool valid_violated(struct race_build *b, const struct race_expect *e)
{
	uint32_t i;

	if (!valid_checks(b, e->checks, e->nr_checks))
		return false;
	for (i = 0; i < e->nr_checks; i++)
		if (listed(e->without, e->nr_without, e->checks[i].s) ||
		    listed(b->race->left_out, b->race->nr_left_out,
			   e->checks[i].s))
			return race_fail(b, e->checks[i].loc,
					 "check '%s' is left out, expected one that is not",
					 e->checks[i].s);
	return true;
}

static bool valid_expect(struct race_build *b, uint32_t index)
{
	struct race *race = b->race;
	struct race_expect *e = &race->expects[index];
	uint32_t i;

	if (!valid_design(b, e))
		return false;
	if (!e->kernel_given)
		e->kernels = race->kernels;
	if (e->kernels & ~race->kernels)
		return race_fail(b, e->kernel_loc,
				 "expectation for kernel %s, expected one of the race's kernels",
				 race_kernel_name(e->kernels));
	if (!valid_checks(b, e->without, e->nr_without) ||
	    !valid_violated(b, e))
		return false;
	for (i = 0; is_verdict(e) && i < index; i++)
		if (is_verdict(&race->expects[i]) &&
		    same_run(e, &race->expects[i]))
			return race_fail(b, e->loc,
					 "second verdict of design '%s' after line %u, "
					 "expected one",
					 e->design.s,
					 race->expects[i].loc.line);
	if (!is_verdict(e) && !e->cond && !race->exists)
		return race_fail(b, e->loc, "expectation names 'exists', "
				 "expected a race that has one");
	return valid_cond(b, e->cond);
}

/**
 * race_valid_expects - check hazards, checks, expectations and conditions
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_valid_expects(struct race_build *b)
{
	struct race *race = b->race;
	uint32_t i;

	if (race->nr_hazards > RACE_MAX_HAZARDS)
		return race_fail(b, race->hazards[RACE_MAX_HAZARDS].loc,
				 "too many hazards, expected at most %d",
				 RACE_MAX_HAZARDS);
	for (i = 0; i < race->nr_hazards; i++)
		if (listed(race->hazards, i, race->hazards[i].s))
			return race_fail(b, race->hazards[i].loc,
					 "hazard %s is named twice, expected once",
					 race->hazards[i].s);
	if (!valid_checks(b, race->left_out, race->nr_left_out))
		return false;
	for (i = 0; i < race->nr_expects; i++)
		if (!valid_expect(b, i))
			return false;
	return valid_cond(b, race->exists) && valid_cond(b, race->always);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions of a race, judged at the end of an execution: what a term's
 * words mean, read from the world through its probes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fakes/fault.h"
#include "fakes/host/probe.h"
#include "fakes/kvm/probe.h"
#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"
#include "sim/check/check.h"
#include "sim/race/actor.h"
#include "sim/race/race.h"
#include "sim/race/words.h"
#include "sim/race/world.h"

#define RESULT_SIZE	24

uint64_t race_page_pfn(const struct race *race, unsigned int region, uint64_t i)
{
	const struct race_region *r = &race->regions[region];
	uint64_t addr = r->addr.v + i * RACE_PAGE_SIZE;
	struct probe_pte pte;

	if (probe_pte(r->process, addr, &pte) && pte.kind != PROBE_PTE_NONE &&
	    pte.kind != PROBE_PTE_SWAP)
		return pte.pfn;
	return actor_last_pfn(r->process, addr);
}

/* The @nth result of @op in a task; RACE_LAST: of those that were carried out. */
static bool result_of(const struct race *race, const struct race_term *t, int64_t *ret)
{
	const struct race_task *task = &race->tasks[t->index];
	struct actor_result r;
	int32_t seen = 0;
	bool found = false;
	uint32_t i;

	for (i = 0; i < task->nr_stmts; i++) {
		if (task->stmts[i].op != t->op)
			continue;
		if (t->nth != RACE_LAST && seen++ != t->nth)
			continue;
		if (actor_result(t->index, i, &r) && r.done) {
			*ret = r.value;
			found = true;
		}
	}
	return found;
}

static int64_t zone_of(const struct probe_page *page)
{
	if (page->cma)
		return RACE_ZONE_CMA;
	return page->zone == PROBE_ZONE_MOVABLE ? RACE_ZONE_MOVABLE : RACE_ZONE_NORMAL;
}

/* Did the page's contents come to @pfn by migration? */
static bool was_moved(uint64_t pfn)
{
	unsigned int process, moves;
	uint64_t addr;

	return pfn != UINT64_MAX && actor_page_origin(pfn, &process, &addr, &moves) && moves;
}

static int64_t page_term(const struct race *race, const struct race_term *t)
{
	uint64_t pfn = race_page_pfn(race, t->page.region, t->page.first);
	struct probe_page page;

	if (t->kind == RACE_TERM_MOVED)
		return was_moved(pfn);
	if (pfn == UINT64_MAX || !probe_page(pfn, &page) || page.free)
		return t->kind == RACE_TERM_ZONE ? RACE_ZONE_NONE : 0;
	switch (t->kind) {
	case RACE_TERM_ZONE:
		return zone_of(&page);
	case RACE_TERM_REFCOUNT:
		return page.refcount;
	case RACE_TERM_MAPCOUNT:
		return page.mapcount;
	case RACE_TERM_PINS:
		return page.pins;
	default:
		return page.held;
	}
}

static int64_t guest_term(const struct race_term *t)
{
	switch (probe_guest(t->index, t->gfn.v)) {
	case PROBE_GUEST_GARBAGE:
		return RACE_GUEST_GARBAGE;
	case PROBE_GUEST_LOST:
		return RACE_GUEST_LOST;
	default:
		return RACE_GUEST_INTACT;
	}
}

static int64_t locked_term(const struct race_term *t)
{
	return check_held_pages(t->index);
}

/* A machine without KVM has no such room. */
static int64_t flushes(void)
{
	struct probe_sev_counts c = { .clflush = 0 };

	if (probe_nr_vms())
		probe_sev_counts(&c);
	return (int64_t)c.clflush;
}

static int64_t count_term(const struct race_term *t)
{
	struct probe_mm_counts c;

	probe_mm_counts(&c);
	switch ((enum race_counter)t->index) {
	case RACE_COUNT_REFCHECKS:
		return c.refchecks;
	case RACE_COUNT_UNMAPS:
		return c.unmap_cycles;
	case RACE_COUNT_INVALIDATIONS:
		return c.notifier_starts;
	case RACE_COUNT_FAILURES:
		return probe_failures();
	case RACE_COUNT_FLUSHES:
		return flushes();
	default:
		return actor_retries();
	}
}

bool race_term_value(const struct race *race, const struct race_term *t, int64_t *ret)
{
	switch (t->kind) {
	case RACE_TERM_RESULT:
		return result_of(race, t, ret);
	case RACE_TERM_GUEST:
		*ret = guest_term(t);
		return true;
	case RACE_TERM_LOCKED:
		*ret = locked_term(t);
		return true;
	case RACE_TERM_COUNT:
		*ret = count_term(t);
		return true;
	default:
		*ret = page_term(race, t);
		return true;
	}
}

static bool compare(int64_t left, enum race_cmp cmp, int64_t right)
{
	switch (cmp) {
	case RACE_CMP_EQ:
		return left == right;
	case RACE_CMP_NE:
		return left != right;
	case RACE_CMP_LT:
		return left < right;
	case RACE_CMP_LE:
		return left <= right;
	case RACE_CMP_GT:
		return left > right;
	default:
		return left >= right;
	}
}

bool race_judge(const struct race *race, const struct race_cond *cond)
{
	int64_t value;

	switch (cond->kind) {
	case RACE_COND_AND:
		return race_judge(race, cond->left) && race_judge(race, cond->right);
	case RACE_COND_OR:
		return race_judge(race, cond->left) || race_judge(race, cond->right);
	case RACE_COND_NOT:
		return !race_judge(race, cond->left);
	default:
		/* What has not happened is unequal to everything. */
		if (!race_term_value(race, &cond->term, &value))
			return cond->cmp == RACE_CMP_NE;
		return compare(value, cond->cmp, cond->value);
	}
}

static bool welcome(const struct race *race, const struct race_stmt *s, long value)
{
	uint32_t i;

	/* The arrows are about what happens when nothing fails. */
	if (race->injected)
		return value >= 0 || race_errno_is_kernels(s->op, value);

	for (i = 0; i < s->nr_results; i++)
		if (s->results[i].v == value)
			return true;
	return !s->nr_results;
}

/* A result as a race writes it: an errno by its name. */
static const char *result_text(int64_t value, char text[RESULT_SIZE])
{
	const char *name = value < 0 ? race_errno_name((int)value) : NULL;

	if (name)
		return name;
	snprintf(text, RESULT_SIZE, "%" PRId64, value);
	return text;
}

bool race_unexpected(const struct race *race, char *buf, size_t size)
{
	char text[RESULT_SIZE];
	struct actor_result r;
	uint32_t t, i;

	for (t = 0; t < race->nr_tasks; t++)
		for (i = 0; i < race->tasks[t].nr_stmts; i++) {
			const struct race_stmt *s = &race->tasks[t].stmts[i];

			if (!actor_result(t, i, &r) || !r.done || r.bounded ||
			    welcome(race, s, r.value))
				continue;
			snprintf(buf, size, "%s.race:%" PRIu32 ":%" PRIu32
				 ": task %s: the statement yielded %s, which %s",
				 race->name.s, s->loc.line, s->loc.col,
				 race->tasks[t].name.s, result_text(r.value, text),
				 race->injected ?
				 "the kernel does not return there" :
				 "its arrow does not name");
			return true;
		}
	return false;
}

bool race_bounded(const struct race *race)
{
	struct actor_result r;
	uint32_t t, i;

	for (t = 0; t < race->nr_tasks; t++)
		for (i = 0; i < race->tasks[t].nr_stmts; i++)
			if (actor_result(t, i, &r) && r.bounded)
				return true;
	return false;
}

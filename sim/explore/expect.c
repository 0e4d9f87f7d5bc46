/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expectations: see expect.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/explore/expect.h"
#include "sim/explore/needs.h"

static const struct {
	uint32_t bit;
	const char *name;
} kernels[] = {
	{ RACE_KERNEL_6_12, "6.12" },	/* the default comes first */
	{ RACE_KERNEL_6_1, "6.1" },
	{ RACE_KERNEL_5_17, "5.17" },
};

#define NR_KERNELS	(sizeof(kernels) / sizeof(kernels[0]))

static void design_name(const struct race_expect *e, char *buf, size_t size)
{
	size_t len = snprintf(buf, size, "%s", e->design.s);
	uint32_t i;

	for (i = 0; i < e->nr_options && len < size; i++)
		len += snprintf(buf + len, size - len, ":%s", e->options[i].s);
}

int expect_leave_out(struct expect_case *c, const char *const *ids, unsigned int nr,
		     char *ret_error, size_t size)
{
	size_t len = 0;
	unsigned int i;

	check_set_all(&c->checks);
	if (!nr)
		snprintf(c->left_out, sizeof(c->left_out), "all");
	for (i = 0; i < nr; i++) {
		if (check_set_leave_out(&c->checks, ids[i], ret_error, size))
			return -EINVAL;
		len += snprintf(c->left_out + len, sizeof(c->left_out) - len, "%s-%s",
				i ? "," : "", ids[i]);
		if (len >= sizeof(c->left_out)) {
			snprintf(ret_error, size, "too many checks left out");
			return -EINVAL;
		}
	}
	return 0;
}

/* What the race leaves out everywhere, and this expectation beside it. */
static int case_checks(const struct race *race, const struct race_expect *e,
		       const struct expect_filter *filter, struct expect_case *c, char *error,
		       size_t size)
{
	const char *ids[2 * CHECK_MAX];
	unsigned int nr = 0;
	uint32_t i;

	if (filter->checks) {
		snprintf(c->left_out, sizeof(c->left_out), "%s", filter->checks);
		return check_set_parse(&c->checks, filter->checks, error, size);
	}
	for (i = 0; i < race->nr_left_out && nr < CHECK_MAX; i++)
		ids[nr++] = race->left_out[i].s;
	for (i = 0; e && i < e->nr_without && nr < 2 * CHECK_MAX; i++)
		ids[nr++] = e->without[i].s;
	return expect_leave_out(c, ids, nr, error, size);
}

static struct expect_case *find_case(struct expect_case *cases, unsigned int n,
				     const struct expect_case *c)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!strcmp(cases[i].design, c->design) && cases[i].kernel == c->kernel &&
		    !strcmp(cases[i].left_out, c->left_out))
			return &cases[i];
	return NULL;
}

/* The language knows names that nothing is behind yet. */
static int check_names(const struct race_expect *e, const char *design, char *error, size_t size)
{
	uint32_t i;

	if (!pin_design_exists(design)) {
		snprintf(error, size, "design '%s' is not there yet; 'pinsim list --designs' "
			 "names those that are", design);
		return -EINVAL;
	}
	for (i = 0; i < e->nr_checks; i++)
		if (!check_find(e->checks[i].s)) {
			snprintf(error, size, "check '%s' is not there yet; 'pinsim list "
				 "--checks' names those that are", e->checks[i].s);
			return -EINVAL;
		}
	return 0;
}

/* The cases of one kernel. Return: how many there are now, or -EINVAL. */
static int cases_of_kernel(const struct race *race, unsigned int k,
			   const struct expect_filter *filter, struct expect_case *cases,
			   unsigned int n, unsigned int max, char *error, size_t size)
{
	char why[160];
	uint32_t i;

	for (i = 0; i < race->nr_expects; i++) {
		const struct race_expect *e = &race->expects[i];
		struct expect_case c = { .kernel = kernels[k].name }, *old;

		design_name(e, c.design, sizeof(c.design));
		if (!(e->kernels & kernels[k].bit) ||
		    (filter->design && strcmp(filter->design, c.design)) ||
		    !needs_kernel(c.design, c.kernel, why, sizeof(why)))
			continue;
		if (check_names(e, c.design, error, size) ||
		    case_checks(race, e, filter, &c, error, size))
			return -EINVAL;
		old = find_case(cases, n, &c);
		if (!old && n == max)
			break;
		if (!old) {
			old = &cases[n++];
			*old = c;
		}
		if (!filter->checks)
			old->expect[old->nr_expects++] = i;
	}
	return n;
}

static int case_without_expectation(const struct race *race, unsigned int k,
				    const struct expect_filter *filter, struct expect_case *ret,
				    char *error, size_t size)
{
	struct expect_case c = { .kernel = kernels[k].name };

	snprintf(c.design, sizeof(c.design), "%s", filter->design);
	if (!needs_kernel(c.design, c.kernel, error, size) ||
	    !needs_race(c.design, race, error, size))
		return -EINVAL;
	if (case_checks(race, NULL, filter, &c, error, size))
		return -EINVAL;
	*ret = c;
	return 0;
}

/* Its index. Return: NR_KERNELS if there is no such profile. */
static unsigned int kernel_named(const char *name)
{
	unsigned int k = 0;

	while (k < NR_KERNELS && strcmp(kernels[k].name, name))
		k++;
	return k;
}

bool expect_of_kernel(const struct race *race, const char *kernel)
{
	unsigned int k = kernel_named(kernel);

	return k < NR_KERNELS && race->kernels & kernels[k].bit;
}

static int check_filter(const struct race *race, const struct expect_filter *f, char *error,
			size_t size)
{
	if (f->design && !pin_design_exists(f->design)) {
		snprintf(error, size, "no design is called '%.60s'; 'pinsim list --designs' "
			 "names them", f->design);
		return -EINVAL;
	}
	if (f->kernel && kernel_named(f->kernel) == NR_KERNELS) {
		snprintf(error, size, "no kernel profile is called '%.60s'; "
			 "there are 5.17, 6.1 and 6.12", f->kernel);
		return -EINVAL;
	}
	if (f->kernel && !expect_of_kernel(race, f->kernel)) {
		snprintf(error, size, "race %s does not speak of kernel %s", race->name.s,
			 f->kernel);
		return -EINVAL;
	}
	return 0;
}

int expect_cases(const struct race *race, const struct expect_filter *filter,
		 struct expect_case *ret_cases, unsigned int max, char *ret_error, size_t size)
{
	unsigned int k, before;
	int n = 0;

	if (check_filter(race, filter, ret_error, size))
		return -EINVAL;
	for (k = 0; k < NR_KERNELS && n >= 0; k++) {
		if (!(race->kernels & kernels[k].bit) ||
		    (filter->kernel && strcmp(filter->kernel, kernels[k].name)))
			continue;
		before = n;
		n = cases_of_kernel(race, k, filter, ret_cases, n, max, ret_error, size);
		if (n == (int)before && filter->design && before < max) {
			if (case_without_expectation(race, k, filter, &ret_cases[n], ret_error,
						     size))
				return -EINVAL;
			n++;
		}
		if (!filter->all_kernels)
			break;
	}
	return n;
}

/* --- judging --------------------------------------------------------------- */

static bool names_check(const struct race_expect *e, const char *id)
{
	uint32_t i;

	for (i = 0; i < e->nr_checks; i++)
		if (!strcmp(e->checks[i].s, id))
			return true;
	return false;
}

static bool was_found(const struct search_result *r, const char *id)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		if (!strcmp(r->found[i].violation.check, id))
			return true;
	return false;
}

/* Exactly the named checks, none for "holds". */
static bool judge_set(const struct race *race, const struct race_expect *e,
		      const struct search_result *r, char *why, size_t size)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		if (!names_check(e, r->found[i].violation.check)) {
			snprintf(why, size, "%s was violated, which was not expected",
				 r->found[i].violation.check);
			return false;
		}
	for (i = 0; i < e->nr_checks && !race->injected; i++)
		if (!was_found(r, e->checks[i].s)) {
			snprintf(why, size, "%s was not violated in %" PRIu64 " executions",
				 e->checks[i].s, r->executions);
			return false;
		}
	return true;
}

static const struct search_cond *counted(const struct race *race, const struct race_expect *e,
					 const struct search_result *r)
{
	static const struct search_cond none;
	const struct race_cond *cond = e->cond ? e->cond : race->exists;
	unsigned int i;

	for (i = 0; i < r->nr_conds; i++)
		if (r->conds[i].cond == cond)
			return &r->conds[i];
	return &none;
}

/* "Never" of no execution at all would be true of anything. */
static bool judge_count(const struct race *race, const struct race_expect *e,
			const struct search_result *r, char *why, size_t size)
{
	const struct search_cond *c = counted(race, e, r);
	bool met;

	if (e->verdict == RACE_ALWAYS)
		met = c->positive && !c->negative;
	else if (e->verdict == RACE_NEVER)
		met = !c->positive && c->negative;
	else
		met = c->positive && c->negative;
	if (!met)
		snprintf(why, size, "its condition was true at the end of %" PRIu64
			 " executions and false at the end of %" PRIu64, c->positive, c->negative);
	return met;
}

bool expect_judge(const struct race *race, uint32_t index, const struct search_result *result,
		  char *ret_why, size_t size)
{
	const struct race_expect *e = &race->expects[index];

	if (e->verdict == RACE_HOLDS || e->verdict == RACE_VIOLATES)
		return judge_set(race, e, result, ret_why, size);
	/* It counts what happens when nothing fails. */
	if (race->injected)
		return true;
	return judge_count(race, e, result, ret_why, size);
}

bool expect_is_open(const struct race *race, uint32_t index, const struct search_result *result)
{
	const struct race_expect *e = &race->expects[index];
	const struct search_cond *c = counted(race, e, result);
	unsigned int i;

	if (race->injected)
		return false;
	switch (e->verdict) {
	case RACE_HOLDS:
		return false;
	case RACE_VIOLATES:
		for (i = 0; i < result->nr_found; i++)
			if (!names_check(e, result->found[i].violation.check))
				return false;
		return true;
	case RACE_ALWAYS:
		return !c->negative;
	case RACE_NEVER:
		return !c->positive;
	default:
		return true;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures that are asked for from outside of the file: as if a task's first
 * statement were "fail ..." or "may fail ...".  What its statements may come to
 * then is the kernel's business (errnos.c), not its arrows' alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/fault.h"
#include "sim/race/build.h"
#include "sim/race/words.h"

#define SPEC_MAX	256	/* has to fit into a field of a replay line */

/* One of the comma-separated items: "[TASK:]PRIMITIVE:WHEN". */
struct item {
	const char *task;	/* NULL: all of them */
	uint32_t fault;
	bool may;
	uint64_t nth, times;
};

static int refuse(char *error, size_t size, const char *what, const char *got)
{
	snprintf(error, size, "'%.80s' %s", got, what);
	return -EINVAL;
}

/* A number from 1 at *@p, which moves past it. */
static bool number(const char **p, uint64_t *ret)
{
	char *end;

	if (**p < '1' || **p > '9')
		return false;
	errno = 0;
	*ret = strtoull(*p, &end, 10);
	*p = end;
	return !errno && *ret <= INT64_MAX;
}

/* "3", "3x2", "3xall", "may", "mayx2". */
static bool parse_when(const char *text, struct item *ret)
{
	ret->times = 1;
	ret->may = !strncmp(text, "may", 3);
	if (ret->may)
		text += 3;
	else if (!number(&text, &ret->nth))
		return false;
	if (!*text)
		return true;
	if (*text++ != 'x')
		return false;
	if (!strcmp(text, "all")) {
		ret->times = RACE_UNLIMITED;
		return true;
	}
	return number(&text, &ret->times) && !*text;
}

/* Takes @text apart. */
static int parse_item(char *text, struct item *ret, char *error, size_t size)
{
	char *first = strtok_r(text, ":", &text), *second = strtok_r(NULL, ":", &text);
	char *third = strtok_r(NULL, ":", &text);
	int fault;

	if (!first || !second || strtok_r(NULL, ":", &text))
		return refuse(error, size, "is not [TASK:]PRIMITIVE:WHEN", first ? first : "");
	ret->task = third ? first : NULL;
	fault = race_fault_find(third ? second : first);
	if (fault < 0)
		return refuse(error, size, "cannot be made to fail; see pinsim-race(5)",
			      third ? second : first);
	ret->fault = fault;
	if (!parse_when(third ? third : second, ret))
		return refuse(error, size, "is no N, NxTIMES, may or mayxTIMES",
			      third ? third : second);
	return 0;
}

/* Before all that the task does. */
static int put_first(struct race_build *b, struct race_task *task, const struct item *item)
{
	struct race_stmt *stmt;

	if (task->nr_stmts >= RACE_MAX_STMTS)
		return -E2BIG;
	stmt = race_push(b, task->stmts, task->nr_stmts);
	if (!stmt)
		return -ENOMEM;
	memmove(task->stmts + 1, task->stmts, (task->nr_stmts - 1) * sizeof(*stmt));
	task->stmts[0] = (struct race_stmt){
		.op = RACE_OP_FAIL,
		.point = { .s = race_fault_name(item->fault) },
		.fault = item->fault,
		.may = item->may,
		.nth = { .v = item->nth },
		.times = { .v = item->times },
	};
	return 0;
}

static int inject(struct race_build *b, const struct item *item, char *error, size_t size)
{
	struct race *race = b->race;
	bool found = false;
	uint32_t t;
	int err;

	for (t = 0; t < race->nr_tasks; t++) {
		if (item->task && strcmp(item->task, race->tasks[t].name.s))
			continue;
		found = true;
		err = put_first(b, &race->tasks[t], item);
		if (err == -E2BIG)
			return refuse(error, size, "has no room for one more statement",
				      race->tasks[t].name.s);
		if (err)
			return err;
	}
	return found ? 0 : refuse(error, size, "is no task of the race", item->task);
}

/**
 * race_inject - let calls of a race's tasks fail
 * @race: the race, changed for good; its hash is that of the file all the same
 * @spec: items with commas between them: "vcpu0:slab:2", "any:may",
 *	"mover:folio_trylock:1xall"; without a task it is about each of them
 * @ret_error: one line
 * @size: of @ret_error
 *
 * Return: 0; -EINVAL with @ret_error; -ENOMEM.
 */
int race_inject(struct race *race, const char *spec, char *ret_error, size_t size)
{
	struct race_error why;
	struct race_build b = { .race = race, .err = &why, .label = "" };
	char copy[SPEC_MAX], *text = copy, *item;
	struct item parsed = { 0 };
	uint64_t hash;
	int err;

	if (strlen(spec) >= sizeof(copy) || !*spec)
		return refuse(ret_error, size, "is too long, or nothing", spec);
	err = race_hash(race, &hash);
	strcpy(copy, spec);
	while (!err && (item = strsep(&text, ","))) {
		err = parse_item(item, &parsed, ret_error, size);
		if (!err)
			err = inject(&b, &parsed, ret_error, size);
	}
	if (err)
		return err;
	race->injected = race_strdup(&b, spec, strlen(spec));
	race->hash = hash;
	return race->injected ? 0 : -ENOMEM;
}

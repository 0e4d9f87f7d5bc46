/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim replay --break: the same execution under gdb, stopped where the task
 * does what a check complains of, with its stack as it is then.
 *
 * The execution was run once, so it is known which record of the trace the
 * check spoke about; gdb runs this program again, tells the pulse to call
 * sim_break() at that record, and goes up to the function that it is of.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/break.h"
#include "sim/core/step.h"
#include "sim/subject/subject.h"

#define MAX_ARGS	40

static bool is_then(const struct sim_record *r, const struct violation *v)
{
	return r->time == v->time && (v->task < 0 || r->task == v->task);
}

/* A hook was left then, and held what it had taken before. */
static bool is_of_what_is_left(const struct report_story *s, const struct violation *v)
{
	size_t i;

	for (i = 0; i < s->nr_recs; i++)
		if (s->recs[i].verb == SIM_OUTLIVED && is_then(&s->recs[i], v))
			return true;
	return false;
}

/* How well record @r fits what @v is about; 0: not at all, it is of no task. */
static int fit(const struct report_story *s, const struct sim_record *r,
	       const struct violation *v, bool left)
{
	bool ends = r->verb == SIM_LEAVE || r->verb == SIM_OUTLIVED || r->verb == SIM_HOOK;
	bool takes = r->verb == SIM_GET || r->verb == SIM_PIN;
	bool who = v->task < 0 || r->task == v->task;
	bool same = v->obj && r->obj == v->obj;

	if (r->task < 0 || (unsigned int)r->task >= s->nr_tasks || !r->site)
		return 0;
	if (ends || !who)
		return 1;
	if (left && takes && same)
		return 6;
	return is_then(r, v) ? 4 + same : same ? 2 + takes : 1;
}

/* The last of those that fit best. Return: its index, or 0. */
static size_t find(const struct report_story *s, const struct violation *v)
{
	bool left = is_of_what_is_left(s, v);
	size_t i, best = 0;
	int most = 1, now;

	for (i = 1; i < s->nr_recs; i++) {
		now = fit(s, &s->recs[i], v, left);
		if (now >= most) {
			most = now;
			best = i;
		}
	}
	return best;
}

/**
 * struct gdb - a command line
 * @arg: of it, @nr so far
 * @here: this program
 * @at: "set var ..."
 * @load: "add-symbol-file ..."
 * @up: "frame function ..."
 * @steps: --max-steps
 */
struct gdb {
	const char *arg[MAX_ARGS];
	unsigned int nr;
	char here[4096], at[80], up[200], steps[24], load[4200];
};

static void add(struct gdb *g, const char *arg)
{
	if (g->nr < MAX_ARGS - 1)
		g->arg[g->nr++] = arg;
}

static void add_two(struct gdb *g, const char *option, const char *value)
{
	if (!value)
		return;
	add(g, option);
	add(g, value);
}

/* gdb does not know what pinsim's own loader has placed. */
static void add_symbols(struct gdb *g, const char *design)
{
	const struct subject_info *info = subject_of(design);

	if (!info)
		return;
	snprintf(g->load, sizeof(g->load), "add-symbol-file '%s' -o 0x%" PRIx64, info->object,
		 info->base);
	add_two(g, "-ex", "set confirm off");
	add_two(g, "-ex", g->load);
	add_two(g, "-ex", "set confirm on");
}

static void add_commands(struct gdb *g, const struct sim_record *rec, size_t index,
			 const char *design)
{
	snprintf(g->at, sizeof(g->at), "set var *(unsigned long *)&sim_break_at = %zu", index);
	/* Of loaded code a site may have its line behind it. */
	snprintf(g->up, sizeof(g->up), "frame function %.*s", (int)strcspn(rec->site, "( "),
		 rec->site);
	add(g, "gdb");
	add(g, "-q");
	add_two(g, "-iex", "set debuginfod enabled off");
	/* Code under test may touch a guard page: that is a verdict, not a crash. */
	add_two(g, "-ex", "handle SIGSEGV SIGBUS nostop noprint pass");
	add_two(g, "-ex", "tbreak main");
	add_two(g, "-ex", "run");
	add_two(g, "-ex", g->at);
	add_two(g, "-ex", "break sim_break");
	add_two(g, "-ex", "continue");
	add_symbols(g, design);
	add_two(g, "-ex", g->up);
}

int cli_break(const struct cli_verb *verb, const struct story *s, const char *line,
	      const char *race, const struct cli_common *common)
{
	const struct violation *v = s->violations;
	struct gdb g = { .nr = 0 };
	size_t index = s->result.nr_found ? find(&s->report, v) : 0;
	ssize_t len = readlink("/proc/self/exe", g.here, sizeof(g.here) - 1);

	if (!index)
		return cli_refuse(verb, "--break: no check is violated at a step of a task");
	if (len < 0)
		return cli_refuse(verb, "--break: /proc/self/exe: %s", strerror(errno));
	add_commands(&g, &s->report.recs[index], index, s->c->design);
	add(&g, "--args");
	add(&g, g.here);
	add(&g, "replay");
	add_two(&g, "--race", race);
	add_two(&g, "--design", common->design);
	snprintf(g.steps, sizeof(g.steps), "%" PRIu64, common->max_steps);
	add_two(&g, "--max-steps", g.steps);
	add(&g, line);
	fprintf(stderr, "%s: %s\nstep %" PRIu64 " of %s, in %s\n", v->check, v->text,
		s->report.recs[index].time,
		s->report.tasks[s->report.recs[index].task].name, s->report.recs[index].site);
	execvp("gdb", (char **)g.arg);
	return cli_refuse(verb, "--break: gdb: %s", strerror(errno));
}

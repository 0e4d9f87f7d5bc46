/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling an execution: see tell.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fakes/profile.h"
#include "sim/cli/design.h"
#include "sim/cli/tell.h"
#include "sim/race/actor.h"
#include "sim/race/race.h"
#include "sim/race/world.h"

bool cli_color(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

#define PAGE_LEAST	40
#define PAGE_MOST	160

/* On a terminal as wide as that is, or as COLUMNS says. */
static unsigned int page_width(void)
{
	struct winsize w = { .ws_col = 0 };
	const char *columns = getenv("COLUMNS");
	unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;

	if (!isatty(STDOUT_FILENO))
		return 100;
	if (!n && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &w))
		n = w.ws_col;
	/* A terminal that does not say is one of old. */
	if (!n)
		n = 80;
	return n < PAGE_LEAST ? PAGE_LEAST : n > PAGE_MOST ? PAGE_MOST : n;
}

static const char *truth(const struct search_cond *cond)
{
	return cond->positive ? "true at the end" : cond->negative ? "false at the end" :
	       "not judged, the execution ended before";
}

/* "-EFAULT  vcpu0: fault gfn 0x100 write", a line for each statement. */
static void print_statements(const struct race *race)
{
	struct actor_result r;
	char number[NAME_SIZE];
	uint32_t t, i;

	puts("\nWhat the statements came to:");
	for (t = 0; t < race->nr_tasks; t++)
		for (i = 0; i < race->tasks[t].nr_stmts; i++) {
			if (!actor_result(t, i, &r))
				continue;
			printf("  %-9s %s: ", !r.done ? "not done" : r.bounded ? "cut" :
			       name_errno(r.value, number, sizeof(number)),
			       race->tasks[t].name.s);
			race_print_stmt(race, &race->tasks[t].stmts[i], stdout);
			putchar('\n');
		}
}

/* What came of it all, in the race's own words. */
static void print_results(const struct race *race, const struct search_result *result)
{
	uint32_t i;

	print_statements(race);
	for (i = 0; i < result->nr_conds; i++)
		if (result->conds[i].cond == race->exists) {
			printf("\nexists (");
			race_print_cond(race, race->exists, stdout);
			printf("): %s\n", truth(&result->conds[i]));
		}
	if (result->unexpected)
		printf("\n%s\n", result->unexpected_text);
}

static void print_verdict(const struct search_config *config, const struct search_result *result)
{
	static const char *const ends[] = {
		[SIM_END_DONE] = "ran to its end and was torn down; nothing is left",
		[SIM_END_VIOLATION] = "ended in a violation",
		[SIM_END_DEADLOCK] = "ended in a deadlock",
		[SIM_END_LIVELOCK] = "ended in a livelock",
		[SIM_END_BOUND] = "was cut: a fault met --unroll, or the execution --max-steps",
		[SIM_END_FATAL] = "cannot go on, and the check for why is left out",
		[SIM_END_PRUNED] = "left the schedule: it is not one of this run",
	};

	printf("\n%s with %s on kernel %s %s.\n", config->race->name.s, config->design,
	       config->profile->name, ends[result->end]);
	cli_design_cuts(config->design, "", stdout);
}

/* A column for each task of the race. */
static void fill_tasks(const struct race *race, struct report_task *tasks)
{
	uint32_t i;

	for (i = 0; i < race->nr_tasks; i++) {
		snprintf(tasks[i].name, sizeof(tasks[i].name), "%s", race->tasks[i].name.s);
		tasks[i].cpu = race->tasks[i].cpu.v;
	}
}

/* The pages that the race's regions have or had, for who holds what. */
static void print_holders(const struct race *race, const struct names *names)
{
	uint64_t pfns[64], pfn;
	size_t n = 0;
	uint32_t r;
	uint64_t i;

	for (r = 0; r < race->nr_regions; r++)
		for (i = 0; i < race->regions[r].bytes.v / RACE_PAGE_SIZE && n < 64; i++) {
			pfn = race_page_pfn(race, r, i);
			if (pfn != UINT64_MAX)
				pfns[n++] = pfn;
		}
	report_holders(stdout, names, pfns, n);
}

int cli_story_run(struct cli_story *s, const struct cli_verb *verb,
		  const struct search_config *config, const struct expect_case *c)
{
	char error[256] = "";
	unsigned int i;
	int err;

	memset(s, 0, sizeof(*s));
	s->config = config;
	s->c = c;
	err = search_run(config, &s->result, error, sizeof(error));
	if (err)
		return cli_search_failed(verb, config, err, error);
	race_names_init(&s->names, config->race);
	fill_tasks(config->race, s->tasks);
	for (i = 0; i < s->result.nr_found; i++)
		s->violations[i] = s->result.found[i].violation;
	s->report = (struct report_story){
		.tasks = s->tasks,
		.nr_tasks = config->race->nr_tasks,
		.violations = s->violations,
		.nr_violations = s->result.nr_found,
		.names = &s->names.names,
	};
	s->report.recs = sim_pulse_all(&s->report.nr_recs);
	s->replay = cli_replay_line(config, c->left_out, &s->result.last, s->result.checksum);
	return s->replay ? CLI_OK : cli_no_memory(verb);
}

void cli_story_free(struct cli_story *s)
{
	search_result_free(&s->result);
	free(s->replay);
}

int cli_story_print(const struct cli_story *s, const struct cli_verb *verb, bool steps)
{
	const struct report_style style = { .width = page_width(), .colour = cli_color() };
	bool some = strcmp(s->c->left_out, "all");

	printf("\n== %s, kernel %s%s%s\n\n", s->c->design, s->c->kernel, some ? ", checks " : "",
	       some ? s->c->left_out : "");
	if (report_cputable(stdout, &style, &s->report))
		return cli_no_memory(verb);
	if (steps)
		report_steplist(stdout, &s->report);
	print_verdict(s->config, &s->result);
	report_sides(stdout, &s->report);
	if (s->result.nr_found)
		print_holders(s->config->race, &s->names.names);
	print_results(s->config->race, &s->result);
	printf("\nReplay it with\n  pinsim replay '%s'\n", s->replay);
	return CLI_OK;
}

/* Whose condition it is. */
static const char *whose(const struct race *race, const struct race_cond *cond)
{
	return cond == race->exists ? "exists" : cond == race->always ? "always" : "expect";
}

static int conditions_json(const struct cli_story *s, FILE *out)
{
	const struct race *race = s->config->race;
	unsigned int i;

	report_json_list(out, "conditions");
	for (i = 0; i < s->result.nr_conds; i++) {
		const struct search_cond *cond = &s->result.conds[i];
		char *text = cli_cond_text(race, cond->cond);

		if (!text)
			return -ENOMEM;
		report_json_item(out, i + 1);
		report_json_string(out, "of", whose(race, cond->cond));
		report_json_string(out, "text", text);
		/* Not judged: null. */
		if (cond->positive || cond->negative)
			report_json_truth(out, "value", cond->positive);
		else
			report_json_string(out, "value", NULL);
		report_json_item_end(out);
		free(text);
	}
	report_json_list_end(out);
	return 0;
}

int cli_story_json(const struct cli_story *s, const struct cli_verb *verb, bool met, FILE *out)
{
	static const char *const ends[] = {
		[SIM_END_DONE] = "done",
		[SIM_END_VIOLATION] = "violation",
		[SIM_END_DEADLOCK] = "deadlock",
		[SIM_END_LIVELOCK] = "livelock",
		[SIM_END_BOUND] = "bound",
		[SIM_END_FATAL] = "fatal",
		[SIM_END_PRUNED] = "pruned",
	};
	char *schedule = strdup(s->replay), *end, *cut;

	if (!schedule)
		return cli_no_memory(verb);
	/* The line's last field but one. */
	end = strrchr(schedule, '/');
	*end = '\0';
	report_json_string(out, "design", s->c->design);
	report_json_string(out, "kernel", s->c->kernel);
	report_json_string(out, "checks", s->c->left_out);
	report_json_string(out, "schedule", strrchr(schedule, '/') + 1);
	report_json_string(out, "replay", s->replay);
	report_json_string(out, "end", ends[s->result.end]);
	report_json_truth(out, "met", met);
	report_json_string(out, "unexpected", s->result.unexpected ? s->result.unexpected_text :
			   NULL);
	cut = cli_design_cut_text(s->c->design);
	if (cut)
		report_json_string(out, "not_tested", cut);
	free(cut);
	free(schedule);
	/* A stream that takes no more is told of when it is closed. */
	if (conditions_json(s, out) || (report_json_story(out, &s->report) && !ferror(out)))
		return cli_no_memory(verb);
	return CLI_OK;
}

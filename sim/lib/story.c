/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running an execution and telling it: see story.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/objects.h"
#include "fakes/profile.h"
#include "sim/engine/rescue.h"
#include "sim/explore/replay.h"
#include "sim/lib/story.h"
#include "sim/race/actor.h"
#include "sim/race/race.h"
#include "sim/race/world.h"
#include "sim/subject/subject.h"

static const char *truth(const struct search_cond *cond)
{
	return cond->positive ? "true at the end" : cond->negative ? "false at the end" :
	       "not judged, the execution ended before";
}

/* "-EFAULT  vcpu0: fault gfn 0x100 write", a line for each statement. */
static void print_statements(const struct race *race, FILE *out)
{
	struct actor_result r;
	char number[NAME_SIZE];
	uint32_t t, i;

	fputs("\nWhat the statements came to:\n", out);
	for (t = 0; t < race->nr_tasks; t++)
		for (i = 0; i < race->tasks[t].nr_stmts; i++) {
			if (!actor_result(t, i, &r))
				continue;
			fprintf(out, "  %-9s %s: ", !r.done ? "not done" : r.bounded ? "cut" :
				name_errno(r.value, number, sizeof(number)),
				race->tasks[t].name.s);
			race_print_stmt(race, &race->tasks[t].stmts[i], out);
			fputc('\n', out);
		}
}

/* What came of it all, in the race's own words. */
static void print_results(const struct race *race, const struct search_result *result, FILE *out)
{
	uint32_t i;

	print_statements(race, out);
	for (i = 0; i < result->nr_conds; i++)
		if (result->conds[i].cond == race->exists) {
			fputs("\nexists (", out);
			race_print_cond(race, race->exists, out);
			fprintf(out, "): %s\n", truth(&result->conds[i]));
		}
	if (result->unexpected)
		fprintf(out, "\n%s\n", result->unexpected_text);
}

static void print_verdict(const struct search_config *config, const struct search_result *result,
			  FILE *out)
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

	fprintf(out, "\n%s with %s on kernel %s %s.\n", config->race->name.s, config->design,
		config->profile->name, ends[result->end]);
	subject_print_cuts(config->design, "", out);
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
static void tell_holders(const struct race *race, const struct names *names, FILE *out)
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
	report_holders(out, names, pfns, n);
}

/* Where the kernel would have dumped a page: found bad when freed, or in the way. */
static void tell_dump(const struct story *s, FILE *out)
{
	static const struct {
		const char *check, *reason;
	} dumped[] = {
		{ "kernel-warn", "bad page state" },
		{ "cma-blocked", "migration failure" },
		{ "offline-blocked", "migration failure" },
	};
	const struct violation *v = &s->violations[0];

	for (size_t i = 0; i < sizeof(dumped) / sizeof(dumped[0]); i++) {
		if (strcmp(v->check, dumped[i].check) || SIM_OBJ_CLASS(v->obj) != OBJ_PAGE)
			continue;
		fprintf(out, "As the kernel dumps it, but for addresses:\n");
		report_dump_page(out, &s->names.names, s->config->profile, SIM_OBJ_ID(v->obj),
				 dumped[i].reason);
	}
}

static void print_holders(const struct story *s, FILE *out)
{
	struct sim_rescue rescue;

	if (SIM_RESCUED(&rescue)) {
		fputs("\nWho holds what cannot be told: the code under test has overwritten "
		      "memory of the\nsimulated kernel.\n", out);
		return;
	}
	tell_holders(s->config->race, &s->names.names, out);
	tell_dump(s, out);
	sim_rescue_end(&rescue);
}

int story_run(struct story *s, const struct search_config *config, const struct expect_case *c,
	      char *ret_error, size_t size)
{
	unsigned int i;
	int err;

	memset(s, 0, sizeof(*s));
	s->config = config;
	s->c = c;
	err = search_run(config, &s->result, ret_error, size);
	if (err)
		return err;
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
	s->replay = replay_line(config, c->left_out, &s->result.last, s->result.checksum);
	return s->replay ? 0 : -ENOMEM;
}

void story_free(struct story *s)
{
	search_result_free(&s->result);
	free(s->replay);
}

int story_print(const struct story *s, const struct report_style *style, bool steps, FILE *out)
{
	bool some = strcmp(s->c->left_out, "all");

	fprintf(out, "\n== %s, kernel %s%s%s\n\n", s->c->design, s->c->kernel,
		some ? ", checks " : "", some ? s->c->left_out : "");
	if (report_cputable(out, style, &s->report))
		return -ENOMEM;
	if (steps)
		report_steplist(out, &s->report);
	print_verdict(s->config, &s->result, out);
	report_sides(out, &s->report);
	if (s->result.nr_found)
		print_holders(s, out);
	print_results(s->config->race, &s->result, out);
	fprintf(out, "\nReplay it with\n  pinsim replay '%s'\n", s->replay);
	return 0;
}

/* Random choices are made for so many steps; the default order follows. */
#define SEEDED_MAX_STEPS	20000

int story_seeded(const struct search_config *config, uint64_t seed, struct schedule *ret,
		 char *ret_error, size_t size)
{
	struct search_config random = *config;
	struct search_result result;
	int err;

	random.kind = SEARCH_RANDOM;
	random.seed = seed;
	random.executions = 1;
	random.keep_last = true;
	/* Who goes round for ever does not need to be written down for ever. */
	if (random.max_steps > SEEDED_MAX_STEPS)
		random.max_steps = SEEDED_MAX_STEPS;
	err = search_run(&random, &result, ret_error, size);
	if (!err)
		err = schedule_copy(ret, &result.last);
	search_result_free(&result);
	return err;
}

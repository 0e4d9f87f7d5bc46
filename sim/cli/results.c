/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of a command: see results.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/design.h"
#include "sim/cli/results.h"
#include "sim/cli/tell.h"
#include "sim/explore/replay.h"
#include "sim/race/race.h"
#include "sim/subject/subject.h"

static void *grow(void *array, unsigned int nr, size_t size)
{
	return realloc(array, (nr + 1) * size);
}

static void found_words(const struct search_result *r, char *buf, size_t size)
{
	const char *ids[SEARCH_MAX_FOUND];
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		ids[i] = r->found[i].violation.check;
	report_verdict_words(ids, r->nr_found, buf, size);
}

/* What the case's "holds" or "violates" says; "" if it only counts. */
static void expected_words(const struct race *race, const struct expect_case *c, char *buf,
			   size_t size)
{
	const char *ids[CHECK_MAX];
	unsigned int i, k;

	buf[0] = '\0';
	for (i = 0; i < c->nr_expects; i++) {
		const struct race_expect *e = &race->expects[c->expect[i]];

		if (e->verdict != RACE_HOLDS && e->verdict != RACE_VIOLATES)
			continue;
		for (k = 0; k < e->nr_checks && k < CHECK_MAX; k++)
			ids[k] = e->checks[k].s;
		report_verdict_words(ids, k, buf, size);
	}
}

/*
 * With failures injected only what is said of checks is left of expectations;
 * without, one that counts ends is one.
 */
static bool speaks_of_checks(const struct race *race, const struct expect_case *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_expects; i++) {
		const struct race_expect *e = &race->expects[c->expect[i]];

		if (!race->injected || e->verdict == RACE_HOLDS || e->verdict == RACE_VIOLATES)
			return true;
	}
	return false;
}

/* Expectations of @c, the race's "always", and the statements' arrows. */
static void judge(const struct race *race, const struct expect_case *c,
		  const struct search_result *r, struct cli_verdict *v)
{
	unsigned int i;

	v->met = true;
	for (i = 0; v->met && i < c->nr_expects; i++) {
		v->met = expect_judge(race, c->expect[i], r, v->why, sizeof(v->why));
		v->open = !v->met && expect_is_open(race, c->expect[i], r);
	}
	for (i = 0; v->met && i < r->nr_conds; i++)
		if (r->conds[i].cond == race->always && r->conds[i].negative) {
			v->met = false;
			snprintf(v->why, sizeof(v->why), "the race's always condition was false at "
				 "the end of %" PRIu64 " executions", r->conds[i].negative);
		}
	if (v->met && r->unexpected) {
		v->met = false;
		snprintf(v->why, sizeof(v->why), "%.240s", r->unexpected_text);
	}
	/* Nothing was expected: then a violation is what there is to report. */
	if (r->nr_found && !speaks_of_checks(race, c)) {
		v->met = false;
		snprintf(v->why, sizeof(v->why), "the race says nothing of it");
	}
}

/* The numbers behind each "always", "sometimes" and "never". */
static void count(const struct race *race, const struct expect_case *c,
		  const struct search_result *r, struct cli_verdict *v)
{
	unsigned int i, k;

	for (i = 0; i < c->nr_expects && v->nr_counts < CLI_MAX_COUNTS; i++) {
		const struct race_expect *e = &race->expects[c->expect[i]];
		const struct race_cond *cond = e->cond ? e->cond : race->exists;
		struct cli_count *n = &v->count[v->nr_counts];

		if (e->verdict == RACE_HOLDS || e->verdict == RACE_VIOLATES)
			continue;
		n->expect = c->expect[i];
		for (k = 0; k < r->nr_conds; k++)
			if (r->conds[k].cond == cond) {
				n->positive = r->conds[k].positive;
				n->negative = r->conds[k].negative;
			}
		v->nr_counts++;
	}
}

int cli_results_add(struct cli_results *r, const struct race *race, const struct expect_case *c,
		    const struct search_result *result, enum report_how how, uint64_t seed,
		    const char *bound)
{
	struct cli_verdict *v = grow(r->verdict, r->nr_verdicts, sizeof(*v));
	const struct race_final digest = finals_digest(&result->finals);
	bool without = strcmp(c->left_out, "all");
	unsigned int i;

	if (!v)
		return -ENOMEM;
	r->verdict = v;
	v += r->nr_verdicts++;
	memset(v, 0, sizeof(*v));
	snprintf(v->design, sizeof(v->design), "%s%s%s", c->design, without ? " " : "",
		 without ? c->left_out : "");
	found_words(result, v->verdict, sizeof(v->verdict));
	expected_words(race, c, v->expected, sizeof(v->expected));
	snprintf(v->bound, sizeof(v->bound), "%s", bound);
	snprintf(v->covered, sizeof(v->covered), "%s", result->covered);
	v->partial = !result->complete;
	snprintf(v->plain, sizeof(v->plain), "%s", c->design);
	snprintf(v->checks, sizeof(v->checks), "%s", c->left_out);
	judge(race, c, result, v);
	count(race, c, result, v);
	v->line.kernel = c->kernel;
	v->line.search = (struct report_search){
		.how = how, .executions = result->executions, .violated = result->violated,
		.bounded = result->bounded, .known = result->known, .finals = result->finals.nr,
		.digest = { digest.hi, digest.lo }, .seed = seed,
	};
	for (i = 0; i < result->nr_conds; i++)
		if (result->conds[i].cond == race->exists) {
			v->line.search.positive = result->conds[i].positive;
			v->line.search.negative = result->conds[i].negative;
		}
	return race_hash(race, &v->line.hash) ? -EIO : 0;
}

int cli_results_found(struct cli_results *r, const struct search_config *config,
		      const struct expect_case *c, const struct search_found *f)
{
	struct search_config one = *config;
	struct search_result again;
	struct cli_found *g;
	char error[256];
	unsigned int i;
	int err;

	one.kind = SEARCH_ONE;
	one.replay = &f->schedule;
	one.trace = true;
	one.cycles = !strcmp(f->violation.check, "livelock");
	err = search_run(&one, &again, error, sizeof(error));
	if (err)
		return err;
	g = grow(r->found, r->nr_found, sizeof(*g));
	if (!g) {
		search_result_free(&again);
		return -ENOMEM;
	}
	r->found = g;
	g += r->nr_found++;
	g->design = strdup(c->design);
	g->kernel = strdup(c->kernel);
	g->checks = strdup(c->left_out);
	g->check = strdup(f->violation.check);
	g->departures = f->schedule.nr;
	g->preemptions = again.preemptions;
	g->text = NULL;
	for (i = 0; i < again.nr_found; i++)
		if (!strcmp(again.found[i].violation.check, f->violation.check))
			g->text = strdup(again.found[i].violation.text);
	g->replay = replay_line(&one, c->left_out, &f->schedule, again.checksum);
	search_result_free(&again);
	return g->design && g->kernel && g->checks && g->check && g->text && g->replay ? 0 :
	       -ENOMEM;
}

static void print_found(const struct cli_results *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++) {
		const struct cli_found *f = &r->found[i];

		printf("\n%s, kernel %s: %s\n  %s.\n  replay (%" PRIu32 " preemption%s, %zu "
		       "departure%s from the default schedule):\n  pinsim replay '%s'\n",
		       f->design, f->kernel, f->check, f->text, f->preemptions,
		       f->preemptions == 1 ? "" : "s", f->departures,
		       f->departures == 1 ? "" : "s", f->replay);
	}
}

bool cli_found_is_of(const struct cli_found *f, const struct cli_verdict *v)
{
	return !strcmp(f->design, v->plain) && !strcmp(f->kernel, v->line.kernel) &&
	       !strcmp(f->checks, v->checks);
}

static const struct cli_found *found_in(const struct cli_results *r, const struct cli_verdict *v)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		if (cli_found_is_of(&r->found[i], v))
			return &r->found[i];
	return NULL;
}

/*
 * The arrays have stopped growing: point each line at its own texts. The table
 * of designs names left-out checks behind the design; machines get both.
 */
static int line_up(struct cli_results *r, const struct race *race, bool for_machines,
		   const char *condition, struct report_verdict **ret)
{
	struct report_verdict *lines = calloc(r->nr_verdicts ? r->nr_verdicts : 1, sizeof(*lines));
	unsigned int i;

	if (!lines)
		return -ENOMEM;
	for (i = 0; i < r->nr_verdicts; i++) {
		struct cli_verdict *v = &r->verdict[i];
		const struct cli_found *f = found_in(r, v);

		v->line.race = race->name.s;
		v->line.design = for_machines ? v->plain : v->design;
		v->line.checks = v->checks;
		v->line.verdict = v->verdict;
		v->line.expected = *v->expected ? v->expected : NULL;
		v->line.met = v->met;
		v->line.why = v->met ? NULL : v->why;
		v->line.condition = condition;
		v->line.replay = f ? f->replay : NULL;
		v->line.search.bound = *v->bound ? v->bound : NULL;
		v->line.search.covered = *v->covered ? v->covered : NULL;
		lines[i] = v->line;
	}
	*ret = lines;
	return 0;
}

static int print_json(const struct cli_results *r, const struct race *race,
		      const struct report_verdict *lines, FILE *out)
{
	unsigned int i;
	char *cut;
	int err;

	report_json_begin(out, "explore");
	report_json_string(out, "race", race->name.s);
	report_json_string(out, "question", race->question.s);
	err = report_json_verdicts(out, lines, r->nr_verdicts);
	report_json_list(out, "violations");
	for (i = 0; i < r->nr_found; i++) {
		const struct cli_found *f = &r->found[i];

		report_json_item(out, i + 1);
		report_json_string(out, "design", f->design);
		report_json_string(out, "kernel", f->kernel);
		report_json_string(out, "checks", f->checks);
		report_json_string(out, "check", f->check);
		report_json_string(out, "text", f->text);
		report_json_integer(out, "departures", f->departures);
		report_json_integer(out, "preemptions", f->preemptions);
		report_json_string(out, "replay", f->replay);
		report_json_item_end(out);
	}
	report_json_list_end(out);
	cut = r->nr_verdicts ? cli_design_cut_text(r->verdict[0].plain) : NULL;
	if (cut)
		report_json_string(out, "not_tested", cut);
	free(cut);
	report_json_end(out);
	return err && !ferror(out) ? -ENOMEM : 0;
}

static void print_ktap(const struct cli_results *r, const char *race)
{
	char name[600], search[200], text[1024];
	unsigned int i;

	report_ktap_plan(stdout, 0, NULL, r->nr_verdicts);
	for (i = 0; i < r->nr_verdicts; i++)
		subject_print_cuts(r->verdict[i].plain, "# ", stdout);
	for (i = 0; i < r->nr_verdicts; i++) {
		const struct cli_verdict *v = &r->verdict[i];

		snprintf(name, sizeof(name), "%s:%s:%s", race, v->design, v->line.kernel);
		report_search_words(&v->line.search, search, sizeof(search));
		snprintf(text, sizeof(text), "%s; %s%s%s", v->verdict, search, v->met ? "" : "\n",
			 v->met ? "" : v->why);
		report_ktap_result(stdout, 0, i + 1, v->met ? REPORT_OK : REPORT_NOT_OK, name,
				   text);
	}
}

/* How often the race's condition was true, in herd's words; executions, not states. */
static void print_condition(const struct report_verdict *lines, unsigned int n)
{
	unsigned int i;

	if (n)
		printf("\nexists (%s), true and false at the end of so many executions:\n",
		       lines->condition);
	for (i = 0; i < n; i++) {
		const uint64_t yes = lines[i].search.positive, no = lines[i].search.negative;
		const char *word = !yes && !no ? "Undef" : !yes ? "Never" : !no ? "Always" :
				   "Sometimes";

		printf("  %-9s %8" PRIu64 " %8" PRIu64 "  %s, kernel %s\n", word, yes, no,
		       lines[i].design, lines[i].kernel);
	}
}

/* What the race says of ends, beside what was violated on the way. */
static void print_counts(const struct cli_verdict *v, const struct race *race)
{
	static const char *const words[] = {
		[RACE_ALWAYS] = "always", [RACE_SOMETIMES] = "sometimes", [RACE_NEVER] = "never",
	};
	unsigned int i;

	for (i = 0; i < v->nr_counts; i++) {
		const struct cli_count *n = &v->count[i];
		const struct race_expect *e = &race->expects[n->expect];

		printf("  %s, kernel %s: %s (", v->design, v->line.kernel, words[e->verdict]);
		race_print_cond(race, e->cond ? e->cond : race->exists, stdout);
		printf("): true %" PRIu64 ", false %" PRIu64 "\n", n->positive, n->negative);
	}
}

static void print_all_counts(const struct cli_results *r, const struct race *race)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < r->nr_verdicts; i++) {
		if (r->verdict[i].nr_counts && !any)
			puts("\nExpected of the ends, and at how many it was so:");
		any |= r->verdict[i].nr_counts;
		print_counts(&r->verdict[i], race);
	}
}

/*
 * Executions that were not run to their end: nobody shall think they were. How
 * many depends on the compiler, which leaves other dead bytes on a stack.
 */
static void print_known(const struct cli_results *r)
{
	bool known = false;
	unsigned int i;

	for (i = 0; i < r->nr_verdicts; i++)
		known |= r->verdict[i].line.search.known > 0;
	if (known)
		puts("An execution that came, with one task left, to a state met before was not "
		     "run on:\nits rest was known (--whole runs it all the same).");
}

/* On how much of it each verdict stands. */
static void print_covered(const struct cli_results *r)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < r->nr_verdicts; i++) {
		const struct cli_verdict *v = &r->verdict[i];

		if (!*v->covered)
			continue;
		if (!any)
			puts("\nCovered:");
		any = true;
		printf("  %s, kernel %s: %s\n", v->design, v->line.kernel, v->covered);
	}
}

static void print_prose(const struct cli_results *r, const struct race *race,
			const struct report_verdict *lines)
{
	const struct report_style style = { .colour = cli_color() };
	unsigned int i;

	printf("%s: %s\n\n", race->name.s, race->question.s);
	report_verdicts(stdout, &style, lines, r->nr_verdicts);
	for (i = 0; i < r->nr_verdicts; i++)
		subject_print_cuts(r->verdict[i].plain, "", stdout);
	print_known(r);
	print_covered(r);
	print_all_counts(r, race);
	if (race->exists)
		print_condition(lines, r->nr_verdicts);
	for (i = 0; i < r->nr_verdicts; i++)
		if (!r->verdict[i].met)
			printf("\n%s, kernel %s: not as expected: %s\n", r->verdict[i].design,
			       r->verdict[i].line.kernel, r->verdict[i].why);
	print_found(r);
}

static int status_of(const struct cli_results *r)
{
	int status = CLI_OK;
	unsigned int i;

	for (i = 0; i < r->nr_verdicts; i++) {
		const struct cli_verdict *v = &r->verdict[i];
		bool cut = v->line.search.how == REPORT_CUT;
		/* As far as was asked; but what is missing may lie beyond. */
		bool partly = v->line.search.how == REPORT_BOUNDED && v->partial && !v->met;

		if (!v->met && !((cut || partly) && v->open))
			status = CLI_VIOLATED;
		else if ((cut || partly) && status == CLI_OK)
			status = CLI_BUDGET;
	}
	return status;
}

static int print_all(struct cli_results *r, const struct race *race,
		     const struct cli_common *common, const char *condition,
		     const struct cli_out *out)
{
	struct report_verdict *lines;
	int err = 0;

	if (out->json) {
		err = line_up(r, race, true, condition, &lines);
		if (err)
			return err;
		err = print_json(r, race, lines, out->json);
		free(lines);
	}
	if (!err && out->junit)
		err = cli_results_junit(r, race, out->junit);
	if (err)
		return err;
	if (common->ktap)
		print_ktap(r, race->name.s);
	if (cli_quiet(common))
		return 0;
	err = line_up(r, race, false, condition, &lines);
	if (err)
		return err;
	print_prose(r, race, lines);
	free(lines);
	return 0;
}

int cli_results_print(struct cli_results *r, const struct race *race,
		      const struct cli_common *common, const struct cli_verb *verb,
		      const struct cli_out *out)
{
	char *condition = NULL;
	int err = 0;

	if (race->exists) {
		condition = cli_cond_text(race, race->exists);
		err = condition ? 0 : -ENOMEM;
	}
	if (!err)
		err = print_all(r, race, common, condition, out);
	free(condition);
	return err ? cli_no_memory(verb) : status_of(r);
}

void cli_results_free(struct cli_results *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++) {
		free(r->found[i].design);
		free(r->found[i].kernel);
		free(r->found[i].checks);
		free(r->found[i].check);
		free(r->found[i].text);
		free(r->found[i].replay);
	}
	free(r->found);
	free(r->verdict);
}

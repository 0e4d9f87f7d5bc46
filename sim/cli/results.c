/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of a command: see results.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/results.h"
#include "sim/cli/tell.h"
#include "sim/race/race.h"

static void *grow(void *array, unsigned int nr, size_t size)
{
	return realloc(array, (nr + 1) * size);
}

/* "holds", or "violates a,b". */
static void verdict_words(const char *const *ids, unsigned int n, char *buf, size_t size)
{
	size_t len = snprintf(buf, size, n ? "violates " : "holds");
	unsigned int i;

	for (i = 0; i < n && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s", i ? "," : "", ids[i]);
}

static void found_words(const struct search_result *r, char *buf, size_t size)
{
	const char *ids[SEARCH_MAX_FOUND];
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		ids[i] = r->found[i].violation.check;
	verdict_words(ids, r->nr_found, buf, size);
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
		verdict_words(ids, k, buf, size);
	}
}

/* Expectations of @c, the race's "always", and the statements' arrows. */
static void judge(const struct race *race, const struct expect_case *c,
		  const struct search_result *r, struct cli_verdict *v)
{
	unsigned int i;

	v->met = true;
	for (i = 0; v->met && i < c->nr_expects; i++)
		v->met = expect_judge(race, c->expect[i], r, v->why, sizeof(v->why));
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
	if (!c->nr_expects && r->nr_found) {
		v->met = false;
		snprintf(v->why, sizeof(v->why), "the race says nothing of it");
	}
}

int cli_results_add(struct cli_results *r, const struct race *race, const struct expect_case *c,
		    const struct search_result *result, enum report_how how, uint64_t seed,
		    const char *bound)
{
	struct cli_verdict *v = grow(r->verdict, r->nr_verdicts, sizeof(*v));
	bool without = *c->left_out == '-';
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
	judge(race, c, result, v);
	v->line.kernel = c->kernel;
	v->line.search = (struct report_search){
		.how = how, .executions = result->executions, .violated = result->violated,
		.bounded = result->bounded, .seed = seed,
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
	g->check = strdup(f->violation.check);
	g->departures = f->schedule.nr;
	g->text = NULL;
	for (i = 0; i < again.nr_found; i++)
		if (!strcmp(again.found[i].violation.check, f->violation.check))
			g->text = strdup(again.found[i].violation.text);
	g->replay = cli_replay_line(config, c->left_out, &f->schedule, again.checksum);
	search_result_free(&again);
	return g->design && g->kernel && g->check && g->text && g->replay ? 0 : -ENOMEM;
}

static void print_found(const struct cli_results *r, FILE *out)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++) {
		const struct cli_found *f = &r->found[i];

		fprintf(out, "\n%s, kernel %s: %s\n  %s.\n  replay (%zu departures from the default "
			"schedule):\n  pinsim replay '%s'\n", f->design, f->kernel, f->check, f->text,
			f->departures, f->replay);
	}
}

/* The array has stopped growing: point each line at its own texts. */
static int line_up(struct cli_results *r, const struct race *race, struct report_verdict **ret)
{
	struct report_verdict *lines = calloc(r->nr_verdicts ? r->nr_verdicts : 1, sizeof(*lines));
	unsigned int i;

	if (!lines)
		return -ENOMEM;
	for (i = 0; i < r->nr_verdicts; i++) {
		struct cli_verdict *v = &r->verdict[i];

		v->line.race = race->name.s;
		v->line.design = v->design;
		v->line.verdict = v->verdict;
		v->line.expected = *v->expected ? v->expected : NULL;
		v->line.met = v->met;
		v->line.search.bound = v->bound;
		lines[i] = v->line;
	}
	*ret = lines;
	return 0;
}

static int print_json(const struct cli_results *r, const struct race *race,
		      const struct report_verdict *lines, const char *path)
{
	FILE *out = strcmp(path, "-") ? fopen(path, "w") : stdout;
	unsigned int i;
	int err;

	if (!out)
		return -errno;
	report_json_begin(out, "explore");
	report_json_string(out, "race", race->name.s);
	report_json_string(out, "question", race->question.s);
	err = report_json_verdicts(out, lines, r->nr_verdicts);
	for (i = 0; i < r->nr_found; i++)
		report_json_string(out, r->found[i].check, r->found[i].replay);
	report_json_end(out);
	if (ferror(out))
		err = -EIO;
	if (out != stdout && fclose(out))
		err = -EIO;
	return err;
}

static void print_ktap(const struct cli_results *r)
{
	unsigned int i;

	report_ktap_plan(stdout, 0, NULL, r->nr_verdicts);
	for (i = 0; i < r->nr_verdicts; i++) {
		const struct cli_verdict *v = &r->verdict[i];
		char name[600];

		snprintf(name, sizeof(name), "%s:%s:%s", v->line.race, v->design, v->line.kernel);
		report_ktap_result(stdout, 0, i + 1, v->met ? REPORT_OK : REPORT_NOT_OK, name,
				   v->met ? v->verdict : v->why);
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
		if (!r->verdict[i].met)
			printf("\n%s, kernel %s: not as expected: %s\n", r->verdict[i].design,
			       r->verdict[i].line.kernel, r->verdict[i].why);
	print_found(r, stdout);
}

static int status_of(const struct cli_results *r)
{
	int status = CLI_OK;
	unsigned int i;

	for (i = 0; i < r->nr_verdicts; i++) {
		if (!r->verdict[i].met)
			status = CLI_VIOLATED;
		else if (r->verdict[i].line.search.how == REPORT_CUT && status == CLI_OK)
			status = CLI_BUDGET;
	}
	return status;
}

int cli_results_print(struct cli_results *r, const struct race *race,
		      const struct cli_common *common, const struct cli_verb *verb)
{
	struct report_verdict *lines;
	int err = line_up(r, race, &lines);

	if (err)
		return CLI_FAULT;
	if (common->json)
		err = print_json(r, race, lines, common->json);
	if (!err && common->ktap)
		print_ktap(r);
	else if (!err && !(common->json && !strcmp(common->json, "-")))
		print_prose(r, race, lines);
	free(lines);
	if (err)
		return cli_refuse(verb, "%s: cannot be written: %s", common->json, strerror(-err));
	return status_of(r);
}

void cli_results_free(struct cli_results *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++) {
		free(r->found[i].design);
		free(r->found[i].kernel);
		free(r->found[i].check);
		free(r->found[i].text);
		free(r->found[i].replay);
	}
	free(r->found);
	free(r->verdict);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim merge: the verdict of a search that was done in parts, from the files
 * that the parts wrote.  The files have all that is needed, the race's text as
 * well, so they may come from anywhere.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/design.h"
#include "sim/cli/explore.h"
#include "sim/race/race.h"

const struct cli_verb cli_verb_merge = {
	.name = "merge",
	.args = "FILE...",
	.summary = "Judge a search from the results of its parts",
	.details = "The files are what 'pinsim explore' wrote by --output or --checkpoint. The\n"
		   "order does not matter, nor does a file that comes twice.",
	.min_args = 1,
	.max_args = INT_MAX,
};

/* All files in one. Return: an enum cli_status, with one line printed. */
static int load_all(char **paths, struct results *sum)
{
	struct results part;
	char error[1024];
	int err = results_load(*paths, sum, error, sizeof(error));

	for (paths++; !err && *paths; paths++) {
		err = results_load(*paths, &part, error, sizeof(error));
		if (!err)
			err = results_merge(sum, &part, error, sizeof(error));
		results_free(&part);
	}
	if (err == -ENOMEM)
		return cli_no_memory(&cli_verb_merge);
	return err ? cli_refuse(&cli_verb_merge, "%s", error) : CLI_OK;
}

static int not_ours(const struct results *r, const char *what)
{
	return cli_refuse(&cli_verb_merge, "%.200s: %s", r->from, what);
}

/* The race that the results are about; a line of its own if it is none. */
static int read_race(struct explore *x, const struct results *r)
{
	const char *text = results_text(r);
	char label[264], text_error[256];
	struct race_error error;

	snprintf(label, sizeof(label), "%.255s.race", results_race_name(r));
	x->race = race_parse_text(label, text, strlen(text), &error);
	if (!x->race)
		return cli_refuse(x->verb, "%.200s: %s", r->from, error.text);
	if (!results_are_of(r, x->race))
		return not_ours(r, "the race in it is not the one that was searched");
	if (x->common.fail && race_inject(x->race, x->common.fail, text_error, sizeof(text_error)))
		return not_ours(r, "has options that pinsim did not write");
	return CLI_OK;
}

static bool same_case(const struct results_case *a, const struct expect_case *b)
{
	return !strcmp(a->design, b->design) && !strcmp(a->kernel, b->kernel) &&
	       !strcmp(a->checks, b->left_out);
}

/* What the options ask of the race has to be what was searched. */
static int read_cases(struct explore *x, const struct results *r, int *ret_n)
{
	struct results_case which;
	int status, c, n = explore_cases(x, &status);

	*ret_n = n;
	if (!n)
		return status;
	if (results_nr_cases(r) != (size_t)n)
		return not_ours(r, "holds other cases than its race and options make");
	for (c = 0; c < n; c++) {
		results_get_case(r, c, &which);
		if (!same_case(&which, &x->cases[c]))
			return not_ours(r, "holds other cases than its race and options make");
	}
	return CLI_OK;
}

/* Say on standard error what there is not. */
static void tell_missing(struct explore *x, const struct results *r)
{
	char words[1024];

	results_missing(r, words, sizeof(words));
	if (!*words)
		return;
	cli_refuse(x->verb, "missing: %s", words);
	x->incomplete = "missing results";
}

static int judge(struct explore *x, const struct results *r)
{
	int n, status;

	if (strcmp(results_version(r), PINSIM_VERSION))
		return not_ours(r, "was made by another version of pinsim");
	if (explore_unpack_options(x, results_options(r)))
		return not_ours(r, "has options that pinsim did not write");
	status = read_race(x, r);
	if (status == CLI_OK)
		status = read_cases(x, r, &n);
	if (status == CLI_OK)
		status = explore_open(x);
	if (status != CLI_OK)
		return status;
	tell_missing(x, r);
	return explore_print(x, explore_conclude_items(x, n, r));
}

int cli_merge(int argc, char **argv)
{
	struct explore x = EXPLORE_INIT(cli_verb_merge);
	struct cli_common own = CLI_COMMON_INIT;
	const struct cli_option options[] = {
		{ "design", CLI_TEXT, "F", "the file of the user's code that was searched with",
		  &own.design, 0, 0 },
		{ "output", CLI_TEXT, "FILE", "write the merged results to FILE", &x.output, 0, 0 },
		{ "json", CLI_TEXT, "F", "write the verdicts to F as JSON; - is standard output",
		  &x.common.json, 0, 0 },
		{ "junit", CLI_TEXT, "F", "write the verdicts to F as JUnit XML; - is stdout",
		  &x.common.junit, 0, 0 },
		{ "ktap", CLI_FLAG, NULL, "print the verdicts as KTAP", &x.common.ktap, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	struct results sum = { .doc = NULL };
	int first, err = 0, status = cli_parse(&cli_verb_merge, options, argc, argv, &first);

	if (status >= 0)
		return status;
	status = cli_design(&cli_verb_merge, &own);
	if (status == CLI_OK)
		status = load_all(argv + first, &sum);
	if (status == CLI_OK && x.output)
		err = results_save(&sum, x.output);
	if (err)
		status = cli_refuse(x.verb, "--output: %.200s: %s", x.output, strerror(-err));
	if (status == CLI_OK)
		status = judge(&x, &sum);
	explore_free(&x);
	results_free(&sum);
	return status;
}

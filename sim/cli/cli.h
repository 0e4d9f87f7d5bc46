/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share. */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include <stdio.h>

#include "sim/cli/options.h"
#include "sim/explore/expect.h"
#include "sim/explore/search.h"

extern const struct cli_verb cli_verb_list, cli_verb_run, cli_verb_explore, cli_verb_replay,
			     cli_verb_minimize, cli_verb_matrix, cli_verb_merge, cli_verb_subject,
			     cli_verb_explain, cli_verb_startup;

/* The verbs. Return: enum cli_status, with one line on stderr where that is not a verdict. */
int cli_list(int argc, char **argv);
/* One schedule, told. */
int cli_run(int argc, char **argv);
/* Many, judged. */
int cli_explore(int argc, char **argv);
/* One again, from its line. */
int cli_replay(int argc, char **argv);
/* One, made smaller. */
int cli_minimize(int argc, char **argv);
/* All races and designs, a verdict each. */
int cli_matrix(int argc, char **argv);
/* Parts of many, judged. */
int cli_merge(int argc, char **argv);
/* The user's own code as a design. */
int cli_subject(int argc, char **argv);
/* What a name means. */
int cli_explain(int argc, char **argv);
/* What a launch takes. */
int cli_startup(int argc, char **argv);

#define CLI_DEFAULT_UNROLL	3
#define CLI_UNROLL_MAX		100000
#define CLI_MAX_STEPS		1000000
#define CLI_MAX_STEPS_MAX	1000000000

/**
 * struct cli_common - options that most verbs take
 * @design: only this one
 * @kernel: profile
 * @checks: list for check_set_parse()
 * @grain: "op" or "access"
 * @fail: failures to inject, for race_inject()
 * @unroll: re-entries of one fault
 * @max_steps: of one execution
 * @verify: compare the world after each roll-back
 * @json: file for machine-readable results, "-" standard output
 * @junit: file for the verdicts as JUnit XML, "-" standard output
 * @html: file for the matrix as a page, "-" standard output
 * @ktap: KTAP in the place of prose
 */
struct cli_common {
	const char *design, *kernel, *checks, *grain, *fail;
	uint64_t unroll, max_steps;
	bool verify;
	const char *json, *junit, *html;
	bool ktap;
};

#define CLI_COMMON_INIT { .grain = "op", .unroll = CLI_DEFAULT_UNROLL, \
			  .max_steps = CLI_MAX_STEPS }

/* The entries of struct cli_common @c in an option table. */
#define CLI_COMMON_OPTIONS(c)							\
	{ "design", CLI_TEXT, "D", "only this design, as demand-late:in-map; or your own file", \
	  &(c).design, 0, 0 },							\
	{ "kernel", CLI_TEXT, "P", "kernel profile: 6.12 (default), 6.1 or 5.17", \
	  &(c).kernel, 0, 0 },							\
	{ "check", CLI_TEXT, "LIST", "checks: all, id,id or all,-id (what the race says)", \
	  &(c).checks, 0, 0 },							\
	{ "grain", CLI_TEXT, "G", "what is a step: op (default), or access, each load and store", \
	  &(c).grain, 0, 0 },							\
	{ "fail", CLI_TEXT, "WHAT", "let calls fail, as vcpu0:slab:2 or any:may",	\
	  &(c).fail, 0, 0 },							\
	{ "unroll", CLI_NUMBER, "N", "re-entries of one fault before it is cut (3)", \
	  &(c).unroll, 1, CLI_UNROLL_MAX },						\
	{ "max-steps", CLI_NUMBER, "N", "steps of one execution before it is cut (1000000)", \
	  &(c).max_steps, 1, CLI_MAX_STEPS_MAX },					\
	{ "json", CLI_TEXT, "F", "write the results to F as JSON; - is standard output", \
	  &(c).json, 0, 0 },							\
	{ "junit", CLI_TEXT, "F", "write the verdicts to F as JUnit XML; - is standard output", \
	  &(c).junit, 0, 0 },							\
	{ "ktap", CLI_FLAG, NULL, "print the verdicts as KTAP", &(c).ktap, 0, 0 }

/* Is it a grain? The second: CLI_OK, or CLI_USAGE with one line. */
bool cli_grain_is_known(const char *grain);
int cli_check_grain(const struct cli_verb *verb, const struct cli_common *common);

/* Parse a race file; one line and CLI_USAGE if it cannot be. */
int cli_load(const struct cli_verb *verb, const char *path, struct race **ret_race);
/* The same, with the failures that @common asks for. */
int cli_load_with(const struct cli_verb *verb, const char *path, const struct cli_common *common,
		  struct race **ret_race);
/* The text of a race that was parsed a moment ago, to be freed; NULL if it is gone. */
char *cli_read_text(const char *path);

/* A violation that no expectation of this case names is the user's news. */
bool cli_is_news(const struct race *race, const struct expect_case *c,
		 const struct search_result *r);

/*
 * What a search came back with: nothing and CLI_OK for 0; else one line made
 * of @error, what search_run() said, and the status to exit with.
 */
int cli_search_failed(const struct cli_verb *verb, const struct search_config *config, int err,
		      const char *error);

/* Memory ran out: one line. Return: CLI_FAULT. */
int cli_no_memory(const struct cli_verb *verb);

/**
 * struct cli_out - what results are written to beside prose
 * @json: --json's file, NULL if not asked for
 * @junit: --junit's
 * @html: --html's
 */
struct cli_out {
	FILE *json, *junit, *html;
};

/* Open what is asked for. Return: CLI_OK, or CLI_USAGE with one line printed and none open. */
int cli_out_open(const struct cli_verb *verb, const struct cli_common *common,
		 struct cli_out *ret_out);
/* Close them. Return: CLI_OK, or CLI_FAULT with one line if not all was written. */
int cli_out_close(const struct cli_verb *verb, const struct cli_common *common,
		  const struct cli_out *out);
/* Is standard output promised to a machine? */
bool cli_quiet(const struct cli_common *common);

/* A condition in the race's own words, to be freed. NULL: no memory. */
char *cli_cond_text(const struct race *race, const struct race_cond *cond);

/* A search's configuration from the common options and a case. */
void cli_config(const struct cli_common *common, const struct race *race,
		const struct expect_case *c, struct search_config *ret);

#endif

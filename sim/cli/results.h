/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verdicts and found schedules of one command, and how they are printed. */
#ifndef SIM_CLI_RESULTS_H
#define SIM_CLI_RESULTS_H

#include "sim/cli/cli.h"
#include "sim/report/report.h"

#define CLI_MAX_COUNTS	8	/* counting expectations told of one case */

/**
 * struct cli_count - what a search counted for an "always", "sometimes" or "never"
 * @expect: index into race->expects
 * @positive: executions at whose end its condition was true
 * @negative: and false
 */
struct cli_count {
	uint32_t expect;
	uint64_t positive, negative;
};

/**
 * struct cli_verdict - a report's line with the texts that it points to
 * @line: for the reports
 * @design: name, with what is left out behind it
 * @plain: name alone
 * @checks: which were on, "all" or as --check has them
 * @verdict: "holds" or "violates ..."
 * @expected: what the race says
 * @why: the first expectation that was not met, in words; "" if all were
 * @bound: what cut the search
 * @covered: what it covered; "" if there is nothing to say
 * @count: numbers of its counting expectations, @nr_counts of them
 * @met: no expectation was disappointed
 * @partial: not every schedule was run
 * @open: the one that was not met may still be, by executions not yet run
 */
struct cli_verdict {
	struct report_verdict line;
	char design[400], plain[128], checks[256];
	char verdict[400], expected[400], why[256], bound[40], covered[400];
	struct cli_count count[CLI_MAX_COUNTS];
	unsigned int nr_counts;
	bool met, partial, open;
};

/**
 * struct cli_found - a violation with the line that replays it
 * @design: in which design, with its options
 * @kernel: under which profile
 * @checks: which were on
 * @check: which was violated
 * @text: what it said when replayed, in the race's names
 * @replay: the line
 * @departures: of its schedule from the default one
 * @preemptions: in it
 */
struct cli_found {
	char *design, *kernel, *checks, *check, *text, *replay;
	size_t departures;
	uint32_t preemptions;
};

/**
 * struct cli_results - what a command has to say in the end
 * @verdict: one a case
 * @found: in the order found
 */
struct cli_results {
	struct cli_verdict *verdict;
	unsigned int nr_verdicts;
	struct cli_found *found;
	unsigned int nr_found;
};

/**
 * cli_results_add() - judge what a search of a case saw.
 * @r: where the verdict goes
 * @race: whose expectations
 * @c: the case
 * @result: what was seen
 * @how: how the search ended
 * @seed: of a random search
 * @bound: what cut it, or ""
 *
 * Return: 0 or -errno.
 */
int cli_results_add(struct cli_results *r, const struct race *race, const struct expect_case *c,
		    const struct search_result *result, enum report_how how, uint64_t seed,
		    const char *bound);
/* Replays @f's schedule once, for its words and its checksum. 0 or -errno. */
int cli_results_found(struct cli_results *r, const struct search_config *config,
		      const struct expect_case *c, const struct search_found *f);
/* Was @f found in the case that @v is of? */
bool cli_found_is_of(const struct cli_found *f, const struct cli_verdict *v);
/* The verdicts as JUnit XML (junit.c). Return: 0 or -ENOMEM. */
int cli_results_junit(const struct cli_results *r, const struct race *race, FILE *out);
/* Print as the options ask, to @out as well. Return: the command's exit status. */
int cli_results_print(struct cli_results *r, const struct race *race,
		      const struct cli_common *common, const struct cli_verb *verb,
		      const struct cli_out *out);
void cli_results_free(struct cli_results *r);

#endif

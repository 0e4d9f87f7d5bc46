/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports: what happened, told to people and to machines.
 *
 * A report reads records, names and probes, and knows nothing of the race
 * language or of the search: its input is the neutral structs below.  Nothing
 * here asks for the time or the terminal; the caller gives a stream and a
 * style.
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/check/check.h"

struct kernel_profile;

/**
 * struct report_style - how to print
 * @width: columns of the page, at least 40; 0 is 100
 * @colour: ANSI colours for what went wrong
 */
struct report_style {
	unsigned int width;
	bool colour;
};

struct report_task {
	char name[NAME_SIZE];
	unsigned int cpu;
};

/**
 * struct report_story - one execution
 * @recs: its records, in order
 * @nr_recs: how many
 * @tasks: by number
 * @nr_tasks: how many; records of other tasks are set-up and tear-down
 * @violations: what the checks said, in order
 * @nr_violations: how many
 * @names: may be NULL
 */
struct report_story {
	const struct sim_record *recs;
	size_t nr_recs;
	const struct report_task *tasks;
	unsigned int nr_tasks;
	const struct violation *violations;
	unsigned int nr_violations;
	const struct names *names;
};

/* The kernel's own table: a column for each task, its CPU above it. */
int report_cputable(FILE *out, const struct report_style *style,
		    const struct report_story *story);
/* Every record, numbered, with its site and what it does to the counts. */
void report_steplist(FILE *out, const struct report_story *story);
/* Of a story that ends in a data race: how both sides came there. */
void report_sides(FILE *out, const struct report_story *story);
/* Who holds what, of each of @n pages, as the world is now. */
void report_holders(FILE *out, const struct names *names, const uint64_t *pfns, size_t n);
/* A page as that kernel's dump_page() would tell it. */
void report_dump_page(FILE *out, const struct names *names, const struct kernel_profile *profile,
		      uint64_t pfn, const char *reason);

/**
 * enum report_how - how a search ended; part of every verdict
 * @REPORT_ONE: one schedule was run, nothing was searched
 * @REPORT_EXHAUSTIVE: every schedule was run, none was cut
 * @REPORT_BOUNDED: every schedule was run, some were cut (@bound)
 * @REPORT_SAMPLED: random executions
 * @REPORT_CUT: a budget (@bound) ended the search before its end
 */
enum report_how {
	REPORT_ONE,
	REPORT_EXHAUSTIVE,
	REPORT_BOUNDED,
	REPORT_SAMPLED,
	REPORT_CUT,
};

/* What cuts a single execution. */
#define REPORT_CUT_BY	"--unroll or --max-steps"

/**
 * struct report_search - what a verdict stands on
 * @how: how the search ended
 * @executions: in all
 * @violated: of them ended in a violation
 * @bounded: of them were cut
 * @known: of them were not run to their end, as what follows was known
 * @finals: final states of those that came to their end, as far as the race's
 *	statements can name them; 0: not collected
 * @digest: of them, two halves: another one for another set
 * @positive: at whose end the condition was true
 * @negative: and false
 * @seed: of REPORT_SAMPLED
 * @bound: what cut it, such as "--unroll 2"; NULL if nothing did
 * @covered: what it covered, for people; NULL if there is nothing to say
 */
struct report_search {
	enum report_how how;
	uint64_t executions, violated, bounded, known;
	uint64_t finals, digest[2];
	uint64_t positive, negative;
	uint64_t seed;
	const char *bound, *covered;
};

/**
 * struct report_verdict - one design on one race under one kernel
 * @race: name
 * @design: name with its options
 * @kernel: profile
 * @verdict: "holds", "violates longterm-placement" ...
 * @expected: what the race says should come out; NULL if it says nothing
 * @met: @verdict is @expected
 * @condition: the exists condition as text, or NULL
 * @hash: the race's hash
 * @replay: one line that replays the worst execution, or NULL
 * @search: what it stands on
 * @checks: which were on, as "--check" names them; NULL all. For machines: the
 *	table of designs has it in @design
 * @why: not @met: the first expectation that was disappointed, in words; or NULL
 */
struct report_verdict {
	const char *race, *design, *kernel;
	const char *verdict;
	const char *expected;
	bool met;
	const char *condition;
	uint64_t hash;
	const char *replay;
	struct report_search search;
	const char *checks, *why;
};

/* "holds", or "violates a,b" of @n checks. */
void report_verdict_words(const char *const *ids, unsigned int n, char *buf, size_t size);
void report_search_words(const struct report_search *s, char *buf, size_t size);
void report_verdicts(FILE *out, const struct report_style *style,
		     const struct report_verdict *v, size_t n);
/* herd's block; "Never 0 4" counts executions. */
void report_herd(FILE *out, const struct report_verdict *v);

/*
 * One JSON object, member by member; each event is written as it comes. A list
 * is a member that holds objects; what is written between report_json_item()
 * and report_json_item_end() are the members of one of them.
 */
void report_json_begin(FILE *out, const char *verb);
void report_json_string(FILE *out, const char *key, const char *value);
void report_json_integer(FILE *out, const char *key, int64_t value);
void report_json_truth(FILE *out, const char *key, bool value);
void report_json_list(FILE *out, const char *key);
void report_json_item(FILE *out, size_t number);
void report_json_item_end(FILE *out);
void report_json_list_end(FILE *out);
int report_json_story(FILE *out, const struct report_story *story);
int report_json_verdicts(FILE *out, const struct report_verdict *v, size_t n);
void report_json_end(FILE *out);

/**
 * enum report_result - of one case, for KTAP and JUnit
 * @REPORT_OK: expectation met
 * @REPORT_NOT_OK: not met
 * @REPORT_SKIP: not run; the text says why
 */
enum report_result { REPORT_OK, REPORT_NOT_OK, REPORT_SKIP };

/* KTAP version 1. @depth 0 is the top, 1 a subtest. */
void report_ktap_plan(FILE *out, unsigned int depth, const char *subtest, size_t n);
void report_ktap_result(FILE *out, unsigned int depth, size_t number,
			enum report_result result, const char *name, const char *text);

/**
 * struct report_junit - a JUnit test suite while its cases come
 * @suite: name
 * @body: the cases until now
 * @text: its memory, once it is closed
 * @size: of @text
 * @tests: how many cases
 * @failures: of them not OK
 * @skipped: of them not run
 */
struct report_junit {
	const char *suite;
	FILE *body;
	char *text;
	size_t size, tests, failures, skipped;
};

/* JUnit XML: a whole document at the end. */
int report_junit_begin(struct report_junit *j, const char *suite);
void report_junit_case(struct report_junit *j, enum report_result result, const char *name,
		       const char *message, const char *text);
int report_junit_end(struct report_junit *j, FILE *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines: one table a verb, from which both the parsing and --help are
 * made.  getopt_long() does the work; argp would print two lines for an error,
 * and pinsim promises one.
 */
#ifndef SIM_CLI_OPTIONS_H
#define SIM_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses of the program (pinsim(1)). */
enum cli_status {
	CLI_OK = 0,		/* expectations met */
	CLI_VIOLATED = 1,
	CLI_USAGE = 2,		/* usage or bad input */
	CLI_FAULT = 3,		/* pinsim's own fault, or a replay that diverged */
	CLI_SKIPPED = 4,
	CLI_BUDGET = 5,		/* the budget ended before the search was exhaustive */
};

enum cli_option_kind {
	CLI_FLAG,		/* bool: set to true */
	CLI_TEXT,		/* const char * */
	CLI_NUMBER,		/* uint64_t: decimal or 0x, within min..max */
	CLI_SECONDS,		/* double, above 0 */
	CLI_SIZE,		/* uint64_t: bytes, as 4096, 64K, 512M or 2G, within min..max */
	CLI_LIST,		/* struct cli_list: may be repeated */
};

#define CLI_LIST_MAX	64

/* The values of an option that was given again and again. */
struct cli_list {
	const char *at[CLI_LIST_MAX];
	uint32_t nr;
};

/**
 * struct cli_option - one option of a verb
 * @name: without its dashes
 * @kind: what its value is
 * @arg: what --help calls the value; NULL for a flag
 * @help: one line
 * @value: where it goes
 * @min: CLI_NUMBER: smallest
 * @max: CLI_NUMBER: largest
 */
struct cli_option {
	const char *name;
	enum cli_option_kind kind;
	const char *arg;
	const char *help;
	void *value;
	uint64_t min, max;
};

/**
 * struct cli_verb - one verb
 * @name: what is typed
 * @args: its operands, for the usage line
 * @summary: one line
 * @details: a paragraph for --help, lines broken, or NULL
 * @min_args: operands it needs
 * @max_args: operands it takes
 */
struct cli_verb {
	const char *name;
	const char *args;
	const char *summary;
	const char *details;
	int min_args, max_args;
};

/**
 * cli_parse() - parse the options of a verb.
 * @verb: what is run
 * @options: its table, ended by an entry without a name
 * @argc: of the verb, argv[0] is its name
 * @argv: permuted so that operands come last
 * @ret_first: index of the first operand
 *
 * Return: -1 to go on, or the status to exit with (--help: 0; a bad option:
 * CLI_USAGE with one line printed).
 */
int cli_parse(const struct cli_verb *verb, const struct cli_option *options, int argc,
	      char **argv, int *ret_first);

/* Print one line "pinsim VERB: ..." to stderr. Return: CLI_USAGE. */
int cli_refuse(const struct cli_verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

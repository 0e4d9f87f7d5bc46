/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines: see options.h. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/options.h"

#define MAX_OPTIONS	32
#define KEY_FIRST	256	/* getopt's values for long options, past any char */
#define HELP_COLUMN	26

int cli_refuse(const struct cli_verb *verb, const char *format, ...)
{
	char line[2048], *p;
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	/* One line, whatever the words that it quotes are made of. */
	for (p = line; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	fprintf(stderr, "pinsim%s%s: %s\n", verb ? " " : "", verb ? verb->name : "", line);
	return CLI_USAGE;
}

static void print_option(const char *name, const char *arg, const char *help)
{
	int len = printf("  --%s%s%s", name, arg ? " " : "", arg ? arg : "");

	if (len >= HELP_COLUMN - 1) {
		putchar('\n');
		len = 0;
	}
	printf("%*s%s\n", HELP_COLUMN - len, "", help);
}

static void print_help(const struct cli_verb *verb, const struct cli_option *options)
{
	printf("Usage: pinsim %s [OPTION...]%s%s\n%s.\n", verb->name, *verb->args ? " " : "",
	       verb->args, verb->summary);
	if (verb->details)
		printf("\n%s\n", verb->details);
	puts("\nOptions:");
	for (; options->name; options++)
		print_option(options->name, options->arg, options->help);
	print_option("help", NULL, "show this and exit");
}

/* Return: 0, or a status with one line printed. */
static int set_number(const struct cli_verb *verb, const struct cli_option *o, const char *text)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, hex ? 16 : 10);
	/* No sign, no blank, and 010 is ten. */
	if (errno || *end || text[0] < '0' || text[0] > '9')
		return cli_refuse(verb, "--%s: '%.40s' is not a number", o->name, text);
	if (v < o->min || v > o->max)
		return cli_refuse(verb, "--%s: %llu is not within %" PRIu64 "..%" PRIu64, o->name,
				  v, o->min, o->max);
	*(uint64_t *)o->value = v;
	return 0;
}

static int set_seconds(const struct cli_verb *verb, const struct cli_option *o, const char *text)
{
	char *end;
	double v = strtod(text, &end);

	if (*end || strspn(text, "0123456789.") != strlen(text) || !(v > 0) || v > 1e6)
		return cli_refuse(verb, "--%s: '%.40s' is not a number of seconds above 0",
				  o->name, text);
	*(double *)o->value = v;
	return 0;
}

static int set_size(const struct cli_verb *verb, const struct cli_option *o, const char *text)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	unsigned long long v;
	unsigned int shift = 0;

	errno = 0;
	v = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (unit - units + 1);
		end++;
	}
	if (errno || *end || text[0] < '0' || text[0] > '9' || v > UINT64_MAX >> shift)
		return cli_refuse(verb, "--%s: '%.40s' is not a size, as 512M or 2G", o->name,
				  text);
	v <<= shift;
	if (v < o->min || v > o->max)
		return cli_refuse(verb, "--%s: %llu bytes are not within %" PRIu64 "..%" PRIu64,
				  o->name, v, o->min, o->max);
	*(uint64_t *)o->value = v;
	return 0;
}

static int add_to_list(const struct cli_verb *verb, const struct cli_option *o, const char *text)
{
	struct cli_list *list = o->value;

	if (list->nr == CLI_LIST_MAX)
		return cli_refuse(verb, "--%s: given more than %d times", o->name, CLI_LIST_MAX);
	list->at[list->nr++] = text;
	return 0;
}

static int set_value(const struct cli_verb *verb, const struct cli_option *o, const char *text)
{
	switch (o->kind) {
	case CLI_FLAG:
		*(bool *)o->value = true;
		return 0;
	case CLI_TEXT:
		*(const char **)o->value = text;
		return 0;
	case CLI_LIST:
		return add_to_list(verb, o, text);
	case CLI_NUMBER:
		return set_number(verb, o, text);
	case CLI_SIZE:
		return set_size(verb, o, text);
	default:
		return set_seconds(verb, o, text);
	}
}

/* What getopt_long() could not take: @c and optopt say why. */
static int bad_option(const struct cli_verb *verb, int c, const char *word)
{
	if (c == ':')
		return cli_refuse(verb, "option '%.60s' needs a value; see 'pinsim %s --help'",
				  word, verb->name);
	if (optopt >= KEY_FIRST)
		return cli_refuse(verb, "option '%.60s' takes no value; see 'pinsim %s --help'",
				  word, verb->name);
	if (optopt)
		return cli_refuse(verb, "there is no option '-%c'; see 'pinsim %s --help'",
				  optopt, verb->name);
	return cli_refuse(verb, "there is no option '%.60s'; see 'pinsim %s --help'", word,
			  verb->name);
}

static int fill(const struct cli_option *options, struct option *ret)
{
	int n;

	for (n = 0; options[n].name && n < MAX_OPTIONS - 2; n++)
		ret[n] = (struct option){
			.name = options[n].name,
			.has_arg = options[n].kind != CLI_FLAG,
			.val = KEY_FIRST + n,
		};
	ret[n] = (struct option){ .name = "help", .val = KEY_FIRST + n };
	memset(&ret[n + 1], 0, sizeof(*ret));
	return n;
}

int cli_parse(const struct cli_verb *verb, const struct cli_option *options, int argc,
	      char **argv, int *ret_first)
{
	struct option longs[MAX_OPTIONS];
	int help = fill(options, longs);
	int c, err, given;

	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		if (c == KEY_FIRST + help) {
			print_help(verb, options);
			return CLI_OK;
		}
		if (c < KEY_FIRST)
			return bad_option(verb, c, argv[optind - 1]);
		err = set_value(verb, &options[c - KEY_FIRST], optarg);
		if (err)
			return err;
	}
	given = argc - optind;
	if (given < verb->min_args)
		return cli_refuse(verb, "%s is missing; see 'pinsim %s --help'", verb->args,
				  verb->name);
	if (given > verb->max_args)
		return cli_refuse(verb, "'%.60s' is one argument too many; see 'pinsim %s --help'",
				  argv[optind + verb->max_args], verb->name);
	*ret_first = optind;
	return -1;
}

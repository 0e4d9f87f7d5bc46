/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim: replays, explores and explains how KVM pins guest memory.
 *
 * One verb a file; this one finds the verb.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/engine/arena.h"

static const struct {
	const struct cli_verb *verb;
	int (*main)(int argc, char **argv);
} verbs[] = {
	{ &cli_verb_list, cli_list },
	{ &cli_verb_run, cli_run },
	{ &cli_verb_explore, cli_explore },
	{ &cli_verb_replay, cli_replay },
	{ &cli_verb_minimize, cli_minimize },
	{ &cli_verb_matrix, cli_matrix },
	{ &cli_verb_merge, cli_merge },
	{ &cli_verb_subject, cli_subject },
	{ &cli_verb_explain, cli_explain },
	{ &cli_verb_startup, cli_startup },
};

#define NR_VERBS	(sizeof(verbs) / sizeof(verbs[0]))

static void help(FILE *out)
{
	size_t i;

	fputs("Usage: pinsim VERB [OPTION...] [ARGUMENT...]\n"
	      "Replays, explores and explains how KVM pins guest memory.\n\nVerbs:\n", out);
	for (i = 0; i < NR_VERBS; i++)
		fprintf(out, "  %-10s%s\n", verbs[i].verb->name, verbs[i].verb->summary);
	fputs("\n'pinsim VERB --help' tells more; so does pinsim(1). Begin with\n"
	      "  pinsim run tests/races/late-longterm-pin.race --design demand-late\n", out);
}

/* @status, unless not all could be said. */
static int said(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	perror("pinsim: standard output");
	return CLI_FAULT;
}

static int run_verb(size_t i, int argc, char **argv)
{
	int err = sim_arena_map();
	int status;

	if (err) {
		fprintf(stderr, "pinsim: cannot reserve 1 TiB of addresses: %s "
			"(is there a limit on virtual memory? see 'ulimit -v')\n", strerror(-err));
		return CLI_FAULT;
	}
	status = verbs[i].main(argc, argv);
	sim_arena_unmap();
	return said(status);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return cli_refuse(NULL, "a verb is missing; see 'pinsim --help'");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		help(stdout);
		return said(CLI_OK);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("pinsim " PINSIM_VERSION);
		return said(CLI_OK);
	}
	for (i = 0; i < NR_VERBS; i++)
		if (!strcmp(argv[1], verbs[i].verb->name))
			return run_verb(i, argc - 1, argv + 1);
	return cli_refuse(NULL, "there is no verb '%.40s'; see 'pinsim --help'", argv[1]);
}

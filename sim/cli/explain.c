/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim explain: what a hazard, a check or a design is, and which races show it. */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/races.h"
#include "sim/explain/explain.h"

const struct cli_verb cli_verb_explain = {
	.name = "explain",
	.args = "[HAZARD|CHECK|DESIGN]...",
	.summary = "Tell what a hazard, a check or a design is",
	.details = "Tells what it is, why it matters, how it shows and what became of it,\n"
		   "and which races are about it. Without a name it lists all there are.",
	.min_args = 0,
	.max_args = 64,
};

static const char *const kinds[EXPLAIN_NR_KINDS] = {
	[EXPLAIN_HAZARD] = "Hazards: H- described by somebody, R- found by reading two RFCs:",
	[EXPLAIN_CHECK] = "Checks:",
	[EXPLAIN_DESIGN] = "Designs:",
};

static void list_all(void)
{
	const struct explain_entry *entry;
	enum explain_kind kind;
	unsigned int i;

	for (kind = 0; kind < EXPLAIN_NR_KINDS; kind++) {
		puts(kinds[kind]);
		for (i = 0; (entry = explain_nth(kind, i)); i++)
			printf("  %-20s %s\n", entry->id, entry->title);
	}
}

static bool is_among(const struct race_name *names, uint32_t nr, const char *id)
{
	while (nr--) {
		if (!strcmp(names[nr].s, id))
			return true;
	}
	return false;
}

/* Does the race say that somewhere, with some design, this check speaks? */
static bool violates(const struct race *race, const char *check)
{
	uint32_t i;

	for (i = 0; i < race->nr_expects; i++) {
		const struct race_expect *e = &race->expects[i];

		if (e->verdict == RACE_VIOLATES && is_among(e->checks, e->nr_checks, check))
			return true;
	}
	return false;
}

static void tell_about(const struct cli_races *races, enum explain_kind kind, const char *id)
{
	const char *label = "Races";
	unsigned int i;

	for (i = 0; i < races->nr; i++) {
		const struct race *race = races->race[i];
		char text[512];

		if (kind == EXPLAIN_HAZARD ? !is_among(race->hazards, race->nr_hazards, id) :
		    !violates(race, id))
			continue;
		snprintf(text, sizeof(text), "%s: %s", race->name.s, race->question.s);
		explain_print_field(stdout, label, text);
		label = "";
	}
	if (*label)
		explain_print_field(stdout, label, "none yet");
}

/*
 * What a design does to a race, as the race says: the checks that speak about it,
 * in some kernel and with some option, each once.
 *
 * Return: false if the race does not speak of it.
 */
static bool faults_in(const struct race *race, const char *design, char *text, size_t size)
{
	bool spoken = false;
	uint32_t i, j;

	*text = '\0';
	for (i = 0; i < race->nr_expects; i++) {
		const struct race_expect *e = &race->expects[i];

		if (strcmp(e->design.s, design))
			continue;
		spoken = true;
		for (j = 0; e->verdict == RACE_VIOLATES && j < e->nr_checks; j++) {
			size_t len = strlen(text);

			if (!strstr(text, e->checks[j].s))
				snprintf(text + len, size - len, "%s%s", len ? ", " : "",
					 e->checks[j].s);
		}
	}
	return spoken;
}

static void tell_verdicts(const struct cli_races *races, const char *design)
{
	const char *label = "Violates";
	char text[512], holds[4096] = "";
	unsigned int i;

	for (i = 0; i < races->nr; i++) {
		const char *name = races->race[i]->name.s;
		char line[640];

		if (!faults_in(races->race[i], design, text, sizeof(text)))
			continue;
		if (*text) {
			snprintf(line, sizeof(line), "%s: %s", name, text);
			explain_print_field(stdout, label, line);
			label = "";
			continue;
		}
		snprintf(holds + strlen(holds), sizeof(holds) - strlen(holds), "%s%s",
			 *holds ? ", " : "", name);
	}
	explain_print_field(stdout, "Holds in", *holds ? holds : "no race");
}

static void tell_races(const struct cli_races *races, enum explain_kind kind, const char *id)
{
	if (races->missing)
		explain_print_field(stdout, "Races", "there is no directory " CLI_RACES " here");
	else if (kind == EXPLAIN_DESIGN)
		tell_verdicts(races, id);
	else
		tell_about(races, kind, id);
}

static int explain(int argc, char **argv, const struct cli_races *races)
{
	int i;

	for (i = 0; i < argc; i++) {
		enum explain_kind kind;
		const struct explain_entry *entry = explain_find(argv[i], &kind);

		printf("%s", i ? "\n" : "");
		explain_print(stdout, kind, entry);
		tell_races(races, kind, entry->id);
	}
	return CLI_OK;
}

/* Nothing is told unless all of it can be. */
static int look_up(int argc, char **argv)
{
	enum explain_kind kind;
	int i;

	for (i = 0; i < argc; i++) {
		if (!explain_find(argv[i], &kind))
			return cli_refuse(&cli_verb_explain, "'%.60s' is no hazard, check or "
					  "design; 'pinsim explain' lists them", argv[i]);
	}
	return CLI_OK;
}

int cli_explain(int argc, char **argv)
{
	const char *dir = NULL;
	const struct cli_option options[] = {
		{ "races", CLI_TEXT, "DIR", "look for races in DIR (" CLI_RACES ")", &dir, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	struct cli_races races;
	int first, status = cli_parse(&cli_verb_explain, options, argc, argv, &first);

	if (status >= 0)
		return status;
	if (first == argc && !dir) {
		list_all();
		return CLI_OK;
	}
	if (first == argc)
		return cli_refuse(&cli_verb_explain, "--races without a name to look for");
	status = look_up(argc - first, argv + first);
	if (status)
		return status;
	status = cli_races_load(&cli_verb_explain, dir, &races);
	if (!status)
		status = explain(argc - first, argv + first, &races);
	cli_races_free(&races);
	return status;
}

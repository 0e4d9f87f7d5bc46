/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Races that are shipped: whichever way one is searched, what it can come to is
 * the same.  Ways that meet too many executions on the way are left out; the
 * default way never does.
 *
 * same FOLDER-OF-RACES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/explore/searching.h"

#define MAX_EXECUTIONS	40000

static const struct {
	const char *race, *design;
} cases[] = {
	{ "foreign-reference", "demand-ref" },
	{ "foreign-reference", "demand-late" },
	{ "foreign-reference", "demand-takeover" },
	{ "two-vcpus-one-gfn", "demand-ref" },
	{ "two-vcpus-one-gfn", "demand-late" },
	{ "two-vcpus-one-gfn", "demand-takeover" },
	{ "takeover-order", "demand-ref" },
	{ "memlock-boundary", "demand-takeover" },
};

static const struct {
	const char *name;
	bool reduce, states, rerun;
} ways[] = {
	{ "both", true, true, false },
	{ "states", false, true, false },
	{ "dpor", true, false, false },
	{ "both by re-execution", true, true, true },
	{ "none", false, false, false },
};

#define NR_WAYS		(sizeof(ways) / sizeof(*ways))

/* As a line of text: what a search came to. */
struct answer {
	bool complete;
	char words[512];
	struct race_final *finals;
	size_t nr;
};

static const char *folder;

static void search(struct answer *a, const char *name, const char *text, const char *design,
		   unsigned int way)
{
	static char checks[32][64];
	struct searching s;
	unsigned int i, n = 0;

	searching_open(&s, name, text, design);
	s.config.kind = SEARCH_DFS;
	s.config.trace = false;
	s.config.finals = true;
	s.config.executions = MAX_EXECUTIONS;
	s.config.reduce = ways[way].reduce;
	s.config.states = ways[way].states;
	s.config.rerun = ways[way].rerun;
	searching_run(&s);
	a->complete = s.result.complete;
	for (i = 0; i < s.result.nr_found; i++)
		snprintf(checks[n++], sizeof(checks[0]), "%s", s.result.found[i].violation.check);
	qsort(checks, n, sizeof(checks[0]), (int (*)(const void *, const void *))strcmp);
	a->words[0] = '\0';
	for (i = 0; i < n; i++)
		strcat(strcat(a->words, " "), checks[i]);
	for (i = 0; i < s.result.nr_conds; i++)
		snprintf(a->words + strlen(a->words), 16, " %d%d",
			 s.result.conds[i].positive > 0, s.result.conds[i].negative > 0);
	a->nr = s.result.finals.nr;
	a->finals = a->nr ? finals_sorted(&s.result.finals) : NULL;
	searching_close(&s);
}

static void compare(const char *race, const char *design)
{
	struct answer first, other;
	char path[512];
	unsigned int way, compared = 0;
	char *text;

	snprintf(path, sizeof(path), "%s/%s.race", folder, race);
	text = searching_read(path);
	search(&first, race, text, design, 0);
	assert_true(first.complete);
	for (way = 1; way < NR_WAYS; way++) {
		search(&other, race, text, design, way);
		if (other.complete) {
			assert_string_equal(other.words, first.words);
			assert_int_equal(other.nr, first.nr);
			if (first.nr)
				assert_memory_equal(other.finals, first.finals,
						    first.nr * sizeof(*first.finals));
			compared++;
		}
		free(other.finals);
	}
	assert_in_range(compared, 2, NR_WAYS - 1);
	free(first.finals);
	free(text);
}

static void all_ways_to_search_a_race_answer_the_same(void **state)
{
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		compare(cases[i].race, cases[i].design);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_ways_to_search_a_race_answer_the_same),
	};

	folder = argc > 1 ? argv[1] : "tests/races";
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

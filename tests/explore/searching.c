/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See searching.h. Nothing here runs on a task's stack, so asserts may fail. */
#include "tests/explore/searching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"

/* Executions compared for each search of a test. */
#define ROLLED_BACK	3

/**
 * searching_open() - parse a race and fill in the search
 * @s: to be closed by searching_close()
 * @name: the race's
 * @text: the race
 * @design: with its options
 */
void searching_open(struct searching *s, const char *name, const char *text, const char *design)
{
	struct race_error err;
	char label[80];

	memset(s, 0, sizeof(*s));
	snprintf(label, sizeof(label), "%s.race", name);
	s->race = race_parse_text(label, text, strlen(text), &err);
	if (!s->race)
		fail_msg("%s", err.text);
	check_set_all(&s->checks);
	s->config.race = s->race;
	s->config.design = design;
	s->config.checks = &s->checks;
	s->config.kind = SEARCH_ONE;
	s->config.unroll = 8;
	s->config.max_steps = 100000;
	s->config.trace = true;
	searching_kernel(s, "6.12");
}

void searching_kernel(struct searching *s, const char *kernel)
{
	s->config.profile = kernel_profile_find(kernel);
	assert_non_null(s->config.profile);
}

/*
 * The first executions of the search, each gone back from and compared byte for
 * byte; a single execution is none to go back from, so some random ones.
 */
static void under_rollback(const struct searching *s)
{
	struct search_config config = s->config;
	struct search_result result = { 0 };
	char error[512];

	if (config.kind == SEARCH_ONE)
		config.kind = SEARCH_RANDOM;
	config.executions = ROLLED_BACK;
	config.verify_rollback = true;
	config.replay = NULL;
	config.keep_last = false;
	/* Who listens hears of the search that was asked for. */
	config.violated = NULL;
	search_run(&config, &result, error, sizeof(error));
	search_result_free(&result);
}

/* Search (again). Return: as search_run(). */
int searching_try(struct searching *s)
{
	under_rollback(s);
	search_result_free(&s->result);
	return search_run(&s->config, &s->result, s->error, sizeof(s->error));
}

void searching_run(struct searching *s)
{
	if (searching_try(s))
		fail_msg("%s", s->error);
}

void searching_close(struct searching *s)
{
	search_result_free(&s->result);
	race_free(s->race);
}

/**
 * searching_violated() - the verdict: ids in the order of the registry
 * @s: after its run
 *
 * Return: "a, b", valid until the next call; "" if nothing was violated.
 */
const char *searching_violated(const struct searching *s)
{
	static char text[512];
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; check_nth(i); i++)
		if (searching_found(s, check_nth(i)->id))
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 used ? ", " : "", check_nth(i)->id);
	return text;
}

/* Return: what was found about a check, or NULL. */
const struct search_found *searching_found(const struct searching *s, const char *check)
{
	for (unsigned int i = 0; i < s->result.nr_found; i++)
		if (!strcmp(s->result.found[i].violation.check, check))
			return &s->result.found[i];
	return NULL;
}

/* Return: how often a condition of the race was true. */
const struct search_cond *searching_cond(const struct searching *s, const struct race_cond *cond)
{
	for (unsigned int i = 0; i < s->result.nr_conds; i++)
		if (s->result.conds[i].cond == cond)
			return &s->result.conds[i];
	fail_msg("the search did not judge the condition");
	return NULL;
}

/* Return: a whole file, to be freed. */
char *searching_read(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *in = fopen(path, "re");

	if (!in || getdelim(&text, &size, '\0', in) < 0)
		fail_msg("%s cannot be read", path);
	fclose(in);
	return text;
}

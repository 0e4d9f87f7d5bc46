/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A search for a test: a race's text in, what was violated out, over the whole
 * simulated kernel.
 */
#ifndef TESTS_EXPLORE_SEARCHING_H
#define TESTS_EXPLORE_SEARCHING_H

#include "sim/check/check.h"
#include "sim/explore/search.h"
#include "sim/race/race.h"
#include "tests/rolled.h"

/**
 * struct searching - one search
 * @race: parsed
 * @checks: all of them, until a test changes it
 * @config: the default schedule on 6.12 with its trace, until a test changes it
 * @result: what came out
 * @error: why the world could not be built
 */
struct searching {
	struct race *race;
	struct check_set checks;
	struct search_config config;
	struct search_result result;
	char error[512];
};

void searching_open(struct searching *s, const char *name, const char *text, const char *design);
void searching_kernel(struct searching *s, const char *kernel);
int searching_try(struct searching *s);
void searching_run(struct searching *s);
void searching_close(struct searching *s);
const char *searching_violated(const struct searching *s);
const struct search_found *searching_found(const struct searching *s, const char *check);
const struct search_cond *searching_cond(const struct searching *s, const struct race_cond *cond);
char *searching_read(const char *path);

#endif

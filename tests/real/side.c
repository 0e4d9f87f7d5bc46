/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main program of a side, and what can be reached: the set of final states
 * under exhaustive search, told as text by a wrapper round race_final_hash().
 *
 * usage: SIDE finals|record|replay RACE DESIGN KERNEL
 *             [checks=LIST] [seconds=S] [executions=N] [orders=N] [seed=N]
 *             [books=no]
 *
 * finals prints JSON; record prints orders, replay reads them from standard
 * input (orders.c).
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "sim/engine/arena.h"
#include "sim/engine/bug.h"
#include "sim/explore/search.h"
#include "sim/race/final.h"
#include "sim/race/race.h"
#include "sim/subject/subject.h"
#include "tests/real/side.h"

/* What the wrapper keeps; the search knows nothing of it. */
static json_t *texts;

/* What a design keeps in its own books is not shown by a subject. */
static bool no_books;

/* Glue counts here how often the kernel's functions were called. */
extern unsigned long real_calls;
unsigned long real_calls;

void __real_race_final_hash(const struct race *race, struct race_final *ret);
void __wrap_race_final_hash(const struct race *race, struct race_final *ret);

char *side_final_text(const struct race *race)
{
	char *text = NULL, *p;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	race_print_final(race, out);
	if (fclose(out))
		return NULL;
	for (p = text; *p; p++)
		if (*p == '\n')
			*p = ';';
	/* "vm guest 0: records 2 pins 2 locked 2;" */
	for (p = text; no_books && (p = strstr(p, ";vm ")); ) {
		p += strcspn(p, ":");
		memmove(p, p + strcspn(p, ";"), strlen(p + strcspn(p, ";")) + 1);
	}
	return text;
}

void __wrap_race_final_hash(const struct race *race, struct race_final *ret)
{
	char key[40], *text;

	__real_race_final_hash(race, ret);
	if (!texts)
		return;
	snprintf(key, sizeof(key), "%016" PRIx64 "%016" PRIx64, ret->hi, ret->lo);
	if (json_object_get(texts, key))
		return;
	text = side_final_text(race);
	json_object_set_new(texts, key, json_string(text ? text : "no memory"));
	free(text);
}

void *side_grow(void *array, size_t *max, size_t need, size_t size)
{
	if (need <= *max)
		return array;
	*max = need < 512 ? 1024 : 2 * need;
	array = reallocarray(array, *max, size);
	if (!array)
		SIM_BUG("out of memory");
	return array;
}

static json_t *found_of(const struct search_result *r)
{
	json_t *found = json_object();
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		json_object_set_new(found, r->found[i].violation.check,
				    json_integer(r->found[i].executions));
	return found;
}

static int print_finals(const struct search_result *r, FILE *out)
{
	json_t *doc = json_pack("{s:b,s:b,s:I,s:I,s:I,s:I,s:O,s:o}",
				"complete", r->complete && !r->timed_out,
				"out of time", r->timed_out,
				"executions", (json_int_t)r->executions,
				"steps", (json_int_t)r->steps,
				"bounded", (json_int_t)r->bounded,
				"calls", (json_int_t)real_calls,
				"finals", texts, "found", found_of(r));

	if (!doc || json_dumpf(doc, out, JSON_SORT_KEYS | JSON_INDENT(1)))
		return -ENOMEM;
	fputc('\n', out);
	json_decref(doc);
	return 0;
}

/**
 * side_finals() - search all orders, print what they end in.
 * @side: what is run
 * @out: gets JSON: the final states, the checks that spoke, how it ended
 *
 * Return: 0 or -errno.
 */
int side_finals(const struct side *side, FILE *out)
{
	struct search_config config = {
		.race = side->race,
		.design = side->setup.design,
		.profile = side->setup.profile,
		.kind = SEARCH_DFS,
		.seconds = side->seconds,
		.unroll = side->setup.unroll,
		.executions = side->executions,
		.max_steps = SIDE_MAX_STEPS,
		.memory = 1ULL << 31,
		.reduce = true,
		.states = true,
		.finals = true,
	};
	struct search_result result;
	struct check_set checks;
	char error[256] = "";
	int err;

	if (strcmp(side->checks, "none")) {
		err = check_set_parse(&checks, side->checks, error, sizeof(error));
	} else {
		memset(&checks, 0, sizeof(checks));
		err = 0;
	}
	config.checks = &checks;
	texts = json_object();
	if (!err)
		err = search_run(&config, &result, error, sizeof(error));
	if (err) {
		fprintf(stderr, "%s: %s\n", side->race->name.s, error);
		return err;
	}
	err = print_finals(&result, out);
	search_result_free(&result);
	json_decref(texts);
	texts = NULL;
	return err;
}

static int usage(void)
{
	fprintf(stderr, "usage: SIDE finals|record|replay RACE DESIGN KERNEL "
		"[checks=LIST] [seconds=S] [executions=N] [orders=N] [seed=N] "
		"[books=no]\n");
	return 2;
}

static bool option(struct side *side, const char *arg)
{
	const char *value = strchr(arg, '=');

	if (!value++)
		return false;
	if (!strncmp(arg, "checks=", value - arg))
		side->checks = value;
	else if (!strncmp(arg, "seconds=", value - arg))
		side->seconds = strtod(value, NULL);
	else if (!strncmp(arg, "orders=", value - arg))
		side->orders = strtoull(value, NULL, 10);
	else if (!strncmp(arg, "executions=", value - arg))
		side->executions = strtoull(value, NULL, 10);
	else if (!strncmp(arg, "books=", value - arg))
		no_books = !strcmp(value, "no");
	else if (!strncmp(arg, "seed=", value - arg))
		side->seed = strtoull(value, NULL, 10);
	else
		return false;
	return true;
}

/* A design by name, or a subject: the file that 'pinsim subject' wrote. */
static const char *design_of(const char *arg, const char *kernel)
{
	const struct subject_info *info;
	struct subject_error error;

	if (!subject_is_file(arg))
		return arg;
	info = subject_design(arg, kernel, &error);
	if (!info)
		fprintf(stderr, "%s\n", error.text);
	return info ? info->design : NULL;
}

int main(int argc, char **argv)
{
	struct side side = { .checks = "none", .orders = 1000, .seed = 1, .setup.unroll = 2 };
	struct race_error error;
	int i, err;

	if (argc < 5)
		return usage();
	for (i = 5; i < argc; i++)
		if (!option(&side, argv[i]))
			return usage();
	side.setup.profile = kernel_profile_find(argv[4]);
	side.race = race_parse_file(argv[2], &error);
	if (!side.race || !side.setup.profile) {
		fprintf(stderr, "%s\n", side.race ? "no such kernel profile" : error.text);
		return 2;
	}
	err = sim_arena_map();
	if (err) {
		fprintf(stderr, "the arena cannot be mapped: %s\n", strerror(-err));
		return 3;
	}
	side.setup.design = design_of(argv[3], argv[4]);
	if (!side.setup.design)
		return 2;
	if (!strcmp(argv[1], "finals"))
		err = side_finals(&side, stdout);
	else if (!strcmp(argv[1], "record"))
		err = side_record(&side, stdout);
	else if (!strcmp(argv[1], "replay"))
		err = side_replay(&side, stdin, stdout);
	else
		return usage();
	race_free(side.race);
	return err || fflush(stdout) ? 3 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a search of an item saw, as JSON, and back: counts, the set of checks
 * that were violated with a schedule for each, how often each condition was
 * true, the set of final states.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/results_private.h"

#define SCHEDULE_TEXT	34	/* bytes that a departure takes at most */

/* The counts, which add up. */
static const struct {
	const char *key;
	size_t offset;
} counts[] = {
	{ "executions", offsetof(struct search_result, executions) },
	{ "steps", offsetof(struct search_result, steps) },
	{ "violated", offsetof(struct search_result, violated) },
	{ "bounded", offsetof(struct search_result, bounded) },
	{ "known", offsetof(struct search_result, known) },
	{ "blocked", offsetof(struct search_result, blocked) },
	{ "pruned", offsetof(struct search_result, pruned) },
	{ "states", offsetof(struct search_result, states) },
	{ "unexpected", offsetof(struct search_result, unexpected) },
};

#define NR_COUNTS	(sizeof(counts) / sizeof(counts[0]))

static uint64_t *count_in(struct search_result *r, size_t i)
{
	return (uint64_t *)((char *)r + counts[i].offset);
}

/* --- to JSON -------------------------------------------------------------- */

static json_t *pack_found(const struct search_result *seen)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < seen->nr_found; i++) {
		const struct search_found *f = &seen->found[i];
		size_t size = 8 + f->schedule.nr * SCHEDULE_TEXT;
		char *text = malloc(size);

		if (text && schedule_print(&f->schedule, text, size) > 0)
			json_array_append_new(list, json_pack("{s:s, s:I, s:s}", "check",
				f->violation.check, "executions", (json_int_t)f->executions,
				"schedule", text));
		free(text);
	}
	if (json_array_size(list) == seen->nr_found)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *pack_conds(const struct search_result *seen)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < seen->nr_conds; i++)
		json_array_append_new(list, json_pack("[I, I]",
			(json_int_t)seen->conds[i].positive,
			(json_int_t)seen->conds[i].negative));
	return list;
}

/* Sorted, so that equal sets are equal lists. */
static json_t *pack_finals(const struct search_result *seen)
{
	struct race_final *state = finals_sorted(&seen->finals);
	json_t *list = state ? json_array() : NULL;
	char text[36];
	size_t i;

	for (i = 0; list && i < seen->finals.nr; i++) {
		snprintf(text, sizeof(text), "%016" PRIx64 "%016" PRIx64, state[i].hi,
			 state[i].lo);
		json_array_append_new(list, json_string(text));
	}
	free(state);
	return list;
}

json_t *results_pack(const struct search_result *seen)
{
	struct search_result copy = *seen;
	json_t *value = json_pack("{s:b, s:o, s:o, s:o, s:s, s:I}",
		"done", seen->complete && !seen->timed_out && !seen->over_memory,
		"found", pack_found(seen), "conditions", pack_conds(seen),
		"finals", pack_finals(seen), "unexpected-first", seen->unexpected_text,
		"longest", (json_int_t)seen->nr_choices_max);
	size_t i;

	for (i = 0; value && i < NR_COUNTS; i++)
		json_object_set_new(value, counts[i].key, json_integer(*count_in(&copy, i)));
	if (value && json_object_size(value) == 6 + NR_COUNTS)
		return value;
	json_decref(value);
	return NULL;
}

/* --- from JSON ------------------------------------------------------------ */

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool found_valid(const json_t *list)
{
	char error[160];
	json_t *f;
	size_t i;

	json_array_foreach(list, i, f) {
		const char *check = json_string_value(json_object_get(f, "check"));
		const char *text = json_string_value(json_object_get(f, "schedule"));
		struct schedule schedule;

		if (!check || !check_find(check) || !text ||
		    !is_count(json_object_get(f, "executions")) ||
		    schedule_parse(&schedule, text, error, sizeof(error)))
			return false;
		schedule_free(&schedule);
	}
	return json_is_array(list) && json_array_size(list) <= SEARCH_MAX_FOUND;
}

static bool conds_valid(const json_t *list)
{
	json_t *c;
	size_t i;

	json_array_foreach(list, i, c)
		if (json_array_size(c) != 2 || !is_count(json_array_get(c, 0)) ||
		    !is_count(json_array_get(c, 1)))
			return false;
	return json_is_array(list);
}

static bool parse_final(const json_t *value, struct race_final *ret)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32)
		return false;
	return sscanf(text, "%16" SCNx64 "%16" SCNx64, &ret->hi, &ret->lo) == 2;
}

static bool finals_valid(const json_t *list)
{
	struct race_final state;
	json_t *f;
	size_t i;

	json_array_foreach(list, i, f)
		if (!parse_final(f, &state))
			return false;
	return json_is_array(list);
}

bool results_item_valid(const json_t *value)
{
	size_t i;

	for (i = 0; i < NR_COUNTS; i++)
		if (!is_count(json_object_get(value, counts[i].key)))
			return false;
	return json_is_boolean(json_object_get(value, "done")) &&
	       json_is_string(json_object_get(value, "unexpected-first")) &&
	       is_count(json_object_get(value, "longest")) &&
	       found_valid(json_object_get(value, "found")) &&
	       conds_valid(json_object_get(value, "conditions")) &&
	       finals_valid(json_object_get(value, "finals"));
}

/* The first item that violates a check gives its schedule. */
static int unpack_found(const json_t *f, struct search_result *sum)
{
	const char *check = json_string_value(json_object_get(f, "check"));
	struct search_found *slot = sum->found;
	char error[160];
	int err;

	while (slot < sum->found + sum->nr_found && strcmp(slot->violation.check, check))
		slot++;
	if (slot == sum->found + SEARCH_MAX_FOUND)
		return -EINVAL;
	if (slot == sum->found + sum->nr_found) {
		err = schedule_parse(&slot->schedule,
				     json_string_value(json_object_get(f, "schedule")), error,
				     sizeof(error));
		if (err)
			return err;
		slot->violation.check = check_find(check)->id;
		slot->violation.task = -1;
		sum->nr_found++;
	}
	slot->executions += json_integer_value(json_object_get(f, "executions"));
	return 0;
}

static int unpack_conds(const json_t *list, struct search_result *sum)
{
	unsigned int i;

	if (json_array_size(list) != sum->nr_conds)
		return -EINVAL;
	for (i = 0; i < sum->nr_conds; i++) {
		const json_t *c = json_array_get(list, i);

		sum->conds[i].positive += json_integer_value(json_array_get(c, 0));
		sum->conds[i].negative += json_integer_value(json_array_get(c, 1));
	}
	return 0;
}

int results_unpack(const json_t *value, struct search_result *sum)
{
	uint64_t longest = json_integer_value(json_object_get(value, "longest"));
	struct race_final state;
	json_t *each;
	size_t i;
	int err = unpack_conds(json_object_get(value, "conditions"), sum);

	if (!sum->unexpected)
		snprintf(sum->unexpected_text, sizeof(sum->unexpected_text), "%s",
			 json_string_value(json_object_get(value, "unexpected-first")));
	for (i = 0; i < NR_COUNTS; i++)
		*count_in(sum, i) += json_integer_value(json_object_get(value, counts[i].key));
	if (longest > sum->nr_choices_max)
		sum->nr_choices_max = longest;
	json_array_foreach(json_object_get(value, "found"), i, each)
		err = err ? err : unpack_found(each, sum);
	json_array_foreach(json_object_get(value, "finals"), i, each)
		if (parse_final(each, &state) && finals_add(&sum->finals, &state))
			err = -ENOMEM;
	return err;
}

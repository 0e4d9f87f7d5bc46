/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The object of results: making it, merging it, and what it says.  See
 * results.h; results_item.c has what is inside an item, results_file.c what is
 * outside the program.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/step.h"
#include "sim/explore/results_private.h"
#include "sim/race/race.h"

static json_t *member(const json_t *object, const char *key)
{
	return json_object_get(object, key);
}

static const char *word(const json_t *object, const char *key)
{
	const char *s = json_string_value(member(object, key));

	return s ? s : "";
}

static json_t *the_case(const struct results *r, size_t c)
{
	return json_array_get(member(r->doc, "cases"), c);
}

int results_new(struct results *ret, const struct race *race, const char *text,
		const char *version, json_t *options, uint32_t shards)
{
	char hash[20], model[20];
	uint64_t h;

	*ret = (struct results){ .doc = NULL };
	if (!options || race_hash(race, &h))
		return -ENOMEM;
	snprintf(hash, sizeof(hash), "%016" PRIx64, h);
	snprintf(model, sizeof(model), "s%d", SIM_STEP_MODEL);
	ret->doc = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:I, s:[]}",
			     "pinsim", RESULTS_FORMAT, "holds", RESULTS_HOLDS,
			     "version", version, "steps", model, "race", race->name.s,
			     "hash", hash, "text", text, "options", options,
			     "shards", (json_int_t)shards, "cases");
	return ret->doc ? 0 : -ENOMEM;
}

void results_free(struct results *r)
{
	json_decref(r->doc);
	r->doc = NULL;
}

int results_add_case(struct results *r, const struct results_case *c, const struct work *work)
{
	json_t *items = json_array();
	size_t i;
	int err = items ? 0 : -ENOMEM;

	for (i = 0; i < work->nr && !err; i++) {
		char *text = work_item_print(&work->item[i]);

		err = text && !json_array_append_new(items, json_string(text)) ? 0 : -ENOMEM;
		free(text);
	}
	if (!err && json_array_append_new(member(r->doc, "cases"),
			json_pack("{s:s, s:s, s:s, s:O, s:{}}", "design", c->design, "kernel",
				  c->kernel, "checks", c->checks, "items", items, "results")))
		err = -ENOMEM;
	json_decref(items);
	return err;
}

/* --- what it says --------------------------------------------------------- */

const char *results_race_name(const struct results *r)
{
	return word(r->doc, "race");
}

const char *results_text(const struct results *r)
{
	return word(r->doc, "text");
}

const char *results_version(const struct results *r)
{
	return word(r->doc, "version");
}

json_t *results_options(const struct results *r)
{
	return member(r->doc, "options");
}

bool results_are_of(const struct results *r, const struct race *race)
{
	char hash[20];
	uint64_t h;

	if (race_hash(race, &h))
		return false;
	snprintf(hash, sizeof(hash), "%016" PRIx64, h);
	return !strcmp(hash, word(r->doc, "hash")) &&
	       !strcmp(race->name.s, word(r->doc, "race"));
}

size_t results_nr_cases(const struct results *r)
{
	return json_array_size(member(r->doc, "cases"));
}

void results_get_case(const struct results *r, size_t c, struct results_case *ret)
{
	const json_t *object = the_case(r, c);

	ret->design = word(object, "design");
	ret->kernel = word(object, "kernel");
	ret->checks = word(object, "checks");
}

size_t results_nr_items(const struct results *r, size_t c)
{
	return json_array_size(member(the_case(r, c), "items"));
}

const char *results_item(const struct results *r, size_t c, size_t i)
{
	return json_string_value(json_array_get(member(the_case(r, c), "items"), i));
}

static json_t *result_of(const struct results *r, size_t c, size_t i)
{
	return member(member(the_case(r, c), "results"), results_item(r, c, i));
}

bool results_done(const struct results *r, size_t c, size_t i)
{
	return json_is_true(member(result_of(r, c, i), "done"));
}

bool results_complete(const struct results *r)
{
	size_t c, i;

	for (c = 0; c < results_nr_cases(r); c++)
		for (i = 0; i < results_nr_items(r, c); i++)
			if (!results_done(r, c, i))
				return false;
	return true;
}

/* States that several items met are not known to be the same ones. */
static void say_covered(struct search_result *r)
{
	size_t n = search_say_executions(r, r->executions, r->blocked, r->blocked);

	if (r->pruned)
		n += snprintf(r->covered + n, sizeof(r->covered) - n,
			      "; %" PRIu64 " at a state that had been met in the same work item",
			      r->pruned);
	if (r->states)
		snprintf(r->covered + n, sizeof(r->covered) - n,
			 " (%" PRIu64 " states, counted in each item that met them)", r->states);
}

int results_total(const struct results *r, size_t c, const struct race *race,
		  struct search_result *ret)
{
	size_t i;
	int err;

	memset(ret, 0, sizeof(*ret));
	err = search_conds(race, ret);
	ret->complete = true;
	for (i = 0; i < results_nr_items(r, c) && !err; i++) {
		const json_t *value = result_of(r, c, i);

		if (value)
			err = results_unpack(value, ret);
		ret->complete &= results_done(r, c, i);
	}
	say_covered(ret);
	return err;
}

/* --- merging -------------------------------------------------------------- */

static int refuse(char *error, size_t size, const struct results *a, const struct results *b,
		  const char *what)
{
	snprintf(error, size, "%.200s: holds results of another %s than %.200s",
		 b->from ? b->from : "it", what, a->from ? a->from : "this search");
	return -EINVAL;
}

static bool same_cases(const struct results *a, const struct results *b, const char *key)
{
	size_t c, n = results_nr_cases(a);

	if (results_nr_cases(b) != n)
		return false;
	for (c = 0; c < n; c++)
		if (!json_equal(member(the_case(a, c), key), member(the_case(b, c), key)))
			return false;
	return true;
}

int results_same(const struct results *a, const struct results *b, char *ret_error, size_t size)
{
	static const struct {
		const char *key, *words;
	} whole[] = {
		{ "version", "version of pinsim" }, { "steps", "step model" },
		{ "race", "race" }, { "hash", "race of that name" },
		{ "text", "state of the race's file" }, { "options", "set of options" },
	}, cases[] = {
		{ "design", "set of designs" }, { "kernel", "set of kernels" },
		{ "checks", "set of checks" }, { "items", "division into items" },
	};
	size_t i;

	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (!json_equal(member(a->doc, whole[i].key), member(b->doc, whole[i].key)))
			return refuse(ret_error, size, a, b, whole[i].words);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!same_cases(a, b, cases[i].key))
			return refuse(ret_error, size, a, b, cases[i].words);
	return 0;
}

/*
 * Of two results of one item: which is to be kept? Any total order will do,
 * as long as it puts those that went further above.
 * Return: above 0 if @b is.
 */
static int compare(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "executions", "steps" };
	int order = json_is_true(member(b, "done")) - json_is_true(member(a, "done"));
	char *x, *y;
	size_t i;

	for (i = 0; !order && i < 2; i++) {
		json_int_t p = json_integer_value(member(a, keys[i]));
		json_int_t q = json_integer_value(member(b, keys[i]));

		order = (q > p) - (q < p);
	}
	if (order)
		return order;
	x = json_dumps(a, JSON_SORT_KEYS | JSON_COMPACT);
	y = json_dumps(b, JSON_SORT_KEYS | JSON_COMPACT);
	order = x && y ? strcmp(y, x) : 0;
	free(x);
	free(y);
	return order;
}

int results_put(struct results *r, size_t c, const char *item, json_t *value, char *ret_error,
		size_t size)
{
	json_t *all = member(the_case(r, c), "results"), *old = member(all, item);
	struct results_case which;

	results_get_case(r, c, &which);
	if (!value)
		return -ENOMEM;
	if (old && json_is_true(member(old, "done")) && json_is_true(member(value, "done")) &&
	    !json_equal(old, value)) {
		snprintf(ret_error, size, "design %s: item %.100s was run twice, with different "
			 "results", which.design, item);
		json_decref(value);
		return -EINVAL;
	}
	if (old && compare(old, value) <= 0) {
		json_decref(value);
		return 0;
	}
	return json_object_set_new(all, item, value) ? -ENOMEM : 0;
}

static int merge_case(struct results *into, const struct results *from, size_t c, char *error,
		      size_t size)
{
	json_t *value, *all = member(the_case(from, c), "results");
	const char *item;
	int err;

	json_object_foreach(all, item, value) {
		err = results_put(into, c, item, json_incref(value), error, size);
		if (err)
			return err;
	}
	return 0;
}

int results_merge(struct results *into, const struct results *from, char *ret_error,
		  size_t size)
{
	json_t *shards = member(into->doc, "shards");
	int err = results_same(into, from, ret_error, size);
	size_t c;

	for (c = 0; c < results_nr_cases(into) && !err; c++)
		err = merge_case(into, from, c, ret_error, size);
	/* Dealt in different ways: then only items can be named. */
	if (!err && !json_equal(shards, member(from->doc, "shards")))
		json_integer_set(shards, 0);
	return err;
}

/* --- what is missing ------------------------------------------------------ */

static size_t nr_missing(const struct results *r, size_t shard, size_t of)
{
	size_t c, i, n = 0;

	for (c = 0; c < results_nr_cases(r); c++)
		for (i = shard; i < results_nr_items(r, c); i += of)
			n += !results_done(r, c, i);
	return n;
}

static void missing_items(const struct results *r, FILE *out)
{
	size_t c, i, told = 0;

	fprintf(out, "%zu items:", nr_missing(r, 0, 1));
	for (c = 0; c < results_nr_cases(r); c++)
		for (i = 0; i < results_nr_items(r, c); i++) {
			struct results_case which;

			if (results_done(r, c, i) || ++told > 8)
				continue;
			results_get_case(r, c, &which);
			fprintf(out, "%s %s %s %.60s", told > 1 ? "," : "", which.design,
				which.kernel, results_item(r, c, i));
		}
	if (told > 8)
		fputs(", ...", out);
}

static void missing_shards(const struct results *r, uint32_t shards, FILE *out)
{
	uint32_t s, told = 0;

	for (s = 0; s < shards; s++)
		if (nr_missing(r, s, shards) && ++told <= 32)
			fprintf(out, "%s%" PRIu32 "/%" PRIu32, told > 1 ? ", " : "shard ", s + 1,
				shards);
	if (told > 32)
		fputs(", ...", out);
	fprintf(out, " (%zu items)", nr_missing(r, 0, 1));
}

void results_missing(const struct results *r, char *buf, size_t size)
{
	json_int_t shards = json_integer_value(member(r->doc, "shards"));
	FILE *out;

	buf[0] = '\0';
	if (results_complete(r))
		return;
	out = fmemopen(buf, size, "w");
	if (!out)
		return;
	if (shards > 1)
		missing_shards(r, shards, out);
	else
		missing_items(r, out);
	fclose(out);
	buf[size - 1] = '\0';
}

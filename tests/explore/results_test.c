/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of results: read with suspicion. One that pinsim could have written is
 * taken; whatever is changed in it so that a reader would stumble is refused, with
 * the file's name and a word about it.
 */
#include "tests/explore/searching.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/core/step.h"
#include "sim/explore/results_private.h"

#define ITEM	"cases/0/results/0.0"
#define FINAL	"569d1c551157a0a954c698c311a617bf"

static char path[] = P_tmpdir "/results_test.XXXXXX";

/* As pinsim writes it: two items, of which one was run. */
static json_t *written(void)
{
	char steps[20];
	json_t *item, *doc;

	snprintf(steps, sizeof(steps), "s%d", SIM_STEP_MODEL);
	item = json_pack("{s:b, s:[{s:s, s:i, s:s}], s:[[i, i]], s:[s], s:s, s:i}",
			 "done", 1, "found", "check", "ref-leak", "executions", 2,
			 "schedule", "12:1,40x3:2", "conditions", 1, 0, "finals", FINAL,
			 "unexpected-first", "", "longest", 3);
	json_object_update_new(item, json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}",
		"executions", 2, "steps", 9, "violated", 2, "bounded", 0, "known", 0,
		"blocked", 0, "pruned", 0, "states", 4, "unexpected", 0));
	doc = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:{}, s:i,"
			" s:[{s:s, s:s, s:s, s:[s, s], s:{s:o}}]}",
			"holds", RESULTS_HOLDS, "pinsim", RESULTS_FORMAT, "steps", steps,
			"version", "1", "race", "t", "hash", "0", "text", "race t",
			"options", "shards", 1, "cases", "design", "eager", "kernel", "6.12",
			"checks", "all", "items", "0.0", "0.1", "results", "0.0", item);
	assert_non_null(doc);
	return doc;
}

static int load(const char *text, char *error, size_t size)
{
	struct results r;
	FILE *out = fopen(path, "we");
	int err;

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	err = results_load(path, &r, error, size);
	if (!err)
		results_free(&r);
	return err;
}

/* The member of @doc that "a/0/b" names is replaced, or taken out if @with is NULL. */
static void change(json_t *doc, const char *where, const char *with)
{
	char copy[100], *save = NULL, *key, *next;
	json_t *value = with ? json_loads(with, JSON_DECODE_ANY, NULL) : NULL;

	snprintf(copy, sizeof(copy), "%s", where);
	for (key = strtok_r(copy, "/", &save);
	     (next = strtok_r(NULL, "/", &save)); key = next)
		doc = json_is_array(doc) ? json_array_get(doc, (size_t)atoi(key)) :
					   json_object_get(doc, key);
	assert_non_null(doc);
	if (json_is_array(doc))
		assert_int_equal(json_array_set_new(doc, (size_t)atoi(key), value), 0);
	else if (with)
		assert_int_equal(json_object_set_new(doc, key, value), 0);
	else
		assert_int_equal(json_object_del(doc, key), 0);
}

static void results_written_are_taken(void **state)
{
	json_t *doc = written();
	char *text = json_dumps(doc, 0), error[300] = "";

	if (load(text, error, sizeof(error)))
		fail_msg("%s", error);
	free(text);
	json_decref(doc);
}

static const struct changed {
	const char *where, *with, *word;
} changed[] = {
	{ "holds", NULL, "does not hold" }, { "holds", "\"verdicts\"", "does not hold" },
	{ "holds", "7", "does not hold" },
	{ "pinsim", NULL, "another format" }, { "pinsim", "99", "another format" },
	{ "steps", NULL, "step model" }, { "steps", "\"s0\"", "step model" },
	{ "version", NULL, "lacks" }, { "race", "1", "lacks" }, { "hash", "[]", "lacks" },
	{ "text", "null", "lacks" }, { "options", "[]", "lacks" },
	{ "shards", "\"1\"", "lacks" }, { "shards", "-1", "lacks" },
	{ "cases", "[]", "lacks" }, { "cases", NULL, "lacks" },
	{ "cases/0", "7", "a case that" },
	{ "cases/0/design", NULL, "a case that" }, { "cases/0/kernel", "6", "a case that" },
	{ "cases/0/checks", "{}", "a case that" },
	{ "cases/0/items", "{}", "a case that" }, { "cases/0/items", "[]", "a case that" },
	{ "cases/0/items/1", "7", "a case that" },
	{ "cases/0/items/1", "\"0.x\"", "a case that" },
	{ "cases/0/items/1", "\"0.0\"", "a case that" },
	{ "cases/0/results", "[]", "a case that" },
	{ "cases/0/results/0.7", "{}", "a case that" }, { ITEM, "1", "a case that" },
	{ ITEM "/steps", NULL, "a case that" }, { ITEM "/states", "-1", "a case that" },
	{ ITEM "/known", "0.5", "a case that" }, { ITEM "/done", "1", "a case that" },
	{ ITEM "/unexpected-first", "0", "a case that" },
	{ ITEM "/longest", "-3", "a case that" }, { ITEM "/longest", "\"\"", "a case that" },
	{ ITEM "/found", "{}", "a case that" }, { ITEM "/found/0", "1", "a case that" },
	{ ITEM "/found/0/check", "\"none-such\"", "a case that" },
	{ ITEM "/found/0/schedule", "1", "a case that" },
	{ ITEM "/found/0/schedule", "\"?\"", "a case that" },
	{ ITEM "/found/0/executions", "-1", "a case that" },
	{ ITEM "/found/0/executions", "\"2\"", "a case that" },
	{ ITEM "/conditions", "7", "a case that" }, { ITEM "/conditions/0", "[1]", "a case that" },
	{ ITEM "/conditions/0", "[1, -1]", "a case that" },
	{ ITEM "/conditions/0", "[null, 1]", "a case that" },
	{ ITEM "/finals", "\"" FINAL "\"", "a case that" },
	{ ITEM "/finals/0", "\"569d\"", "a case that" }, { ITEM "/finals/0", "0", "a case that" },
	{ ITEM "/finals/0", "\"+69d1c551157a0a954c698c311a617bf\"", "a case that" },
};

static void results_changed_are_refused(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
		char *text, error[300] = "";
		json_t *doc = written();
		int err;

		change(doc, changed[i].where, changed[i].with);
		text = json_dumps(doc, 0);
		err = load(text, error, sizeof(error));
		if (err != -EINVAL || !strstr(error, path) || !strstr(error, changed[i].word))
			fail_msg("%s as %s: %d '%s'", changed[i].where,
				 changed[i].with ? changed[i].with : "nothing", err, error);
		free(text);
		json_decref(doc);
	}
}

/* More checks than there are could not be kept. */
static void results_that_found_too_much_are_refused(void **state)
{
	json_t *doc = written(), *found, *one;
	char *text, error[300];
	int i;

	found = json_object_get(json_object_get(json_object_get(json_array_get(
		json_object_get(doc, "cases"), 0), "results"), "0.0"), "found");
	one = json_array_get(found, 0);
	for (i = 1; i <= SEARCH_MAX_FOUND; i++)
		assert_int_equal(json_array_append(found, one), 0);
	text = json_dumps(doc, 0);
	assert_int_equal(load(text, error, sizeof(error)), -EINVAL);
	free(text);
	json_decref(doc);
}

static void text_that_is_no_json_says_its_line(void **state)
{
	char error[300];

	assert_int_equal(load("{\n\"holds\": }\n", error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, ":2:"));
	assert_int_equal(load("{ \"holds\": 1, \"holds\": 1 }", error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, ":1:"));
	assert_int_equal(load("", error, sizeof(error)), -EINVAL);
}

static void file_that_cannot_be_opened_says_why(void **state)
{
	struct results r;
	char error[300], below[100];

	assert_int_equal(results_load("/nonexistent", &r, error, sizeof(error)), -ENOENT);
	assert_string_equal(error, "/nonexistent: No such file or directory");
	/* It is there, but no directory. */
	snprintf(below, sizeof(below), "%s/x", path);
	assert_int_equal(results_load(below, &r, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "Not a directory"));
}

/* What is not saved leaves nothing behind, and the old file as it was. */
static void save_that_fails_leaves_nothing(void **state)
{
	char folder[] = P_tmpdir "/results_folder.XXXXXX", name[100];
	struct results r = { .doc = written() };
	struct stat st;

	assert_non_null(mkdtemp(folder));
	snprintf(name, sizeof(name), "%s/none/results.json", folder);
	assert_int_equal(results_save(&r, name), -ENOENT);
	snprintf(name, sizeof(name), "%s/results.json", folder);
	assert_int_equal(results_save(&r, name), 0);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(unlink(name), 0);
	/* A directory is written to and not replaced: it cannot be. */
	assert_int_equal(results_save(&r, folder), -EISDIR);
	assert_int_equal(results_save(&r, "/dev/full"), -ENOSPC);
	/* Nothing else is in it. */
	assert_int_equal(rmdir(folder), 0);
	results_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_written_are_taken),
		cmocka_unit_test(results_changed_are_refused),
		cmocka_unit_test(results_that_found_too_much_are_refused),
		cmocka_unit_test(text_that_is_no_json_says_its_line),
		cmocka_unit_test(file_that_cannot_be_opened_says_why),
		cmocka_unit_test(save_that_fails_leaves_nothing),
	};
	int fd = mkstemp(path), failures;

	if (fd < 0)
		return 1;
	close(fd);
	failures = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failures ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON: what is written can be read again and says the same. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check/mock.h"
#include "tests/report/story.h"

static json_t *read_back(char *text, size_t size)
{
	json_error_t error;
	json_t *doc = json_loadb(text, size, 0, &error);

	if (!doc)
		fail_msg("line %d: %s", error.line, error.text);
	free(text);
	return doc;
}

static const char *str(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void json_story_reads_back(void **state)
{
	struct report_story story;
	json_t *doc, *events, *event;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	story_make(&story);
	report_json_begin(out, "run");
	report_json_string(out, "race", "odd \"name\"\n");
	report_json_string(out, "replay", NULL);
	report_json_string(out, "path", "\xff");
	assert_int_equal(report_json_story(out, &story), 0);
	report_json_end(out);
	fclose(out);
	doc = read_back(text, size);
	assert_int_equal(json_integer_value(json_object_get(doc, "pinsim")), 1);
	assert_string_equal(str(doc, "race"), "odd \"name\"\n");
	assert_true(json_is_null(json_object_get(doc, "replay")));
	assert_string_equal(str(doc, "path"), "(not UTF-8)");
	events = json_object_get(doc, "events");
	assert_int_equal(json_array_size(events), story.nr_recs);
	event = json_array_get(events, 6);
	assert_string_equal(str(event, "verb"), "get");
	assert_string_equal(str(event, "name"), "ram[0]");
	assert_string_equal(str(event, "object"), "16:16384");
	assert_int_equal(json_integer_value(json_object_get(event, "b")), 2);
	assert_false(json_is_true(json_object_get(event, "step")));
	assert_int_equal(json_array_size(json_object_get(doc, "tasks")), 2);
	assert_string_equal(str(json_array_get(json_object_get(doc, "violations"), 0), "check"),
			    "sleep-in-atomic");
	json_decref(doc);
}

static void json_verdicts_read_back(void **state)
{
	static const struct report_verdict v[] = {
		{ "r", "d", "6.12", "holds", NULL, false, NULL, 0xfedcba9876543210, NULL,
		  { .how = REPORT_SAMPLED, .executions = 5, .seed = 9 } },
		{ "r", "e", "6.12", "holds", "holds", true, "c", 0, "line",
		  { .how = REPORT_CUT, .bound = "--time 1" } },
	};
	json_t *doc, *list, *search;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report_json_begin(out, "explore");
	assert_int_equal(report_json_verdicts(out, v, 2), 0);
	report_json_end(out);
	fclose(out);
	doc = read_back(text, size);
	list = json_object_get(doc, "verdicts");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(str(json_array_get(list, 0), "hash"), "fedcba9876543210");
	assert_true(json_is_null(json_object_get(json_array_get(list, 0), "expected")));
	assert_true(json_is_true(json_object_get(json_array_get(list, 1), "met")));
	search = json_object_get(json_array_get(list, 0), "search");
	assert_string_equal(str(search, "how"), "sampled");
	assert_int_equal(json_integer_value(json_object_get(search, "seed")), 9);
	search = json_object_get(json_array_get(list, 1), "search");
	assert_string_equal(str(search, "bound"), "--time 1");
	json_decref(doc);
}

static void json_lists_read_back(void **state)
{
	json_t *doc, *list;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report_json_begin(out, "run");
	report_json_list(out, "none");
	report_json_list_end(out);
	report_json_list(out, "two");
	report_json_item(out, 1);
	report_json_truth(out, "yes", true);
	report_json_item_end(out);
	report_json_item(out, 2);
	report_json_integer(out, "least", INT64_MIN);
	report_json_item_end(out);
	report_json_list_end(out);
	report_json_end(out);
	fclose(out);
	doc = read_back(text, size);
	assert_int_equal(json_array_size(json_object_get(doc, "none")), 0);
	list = json_object_get(doc, "two");
	assert_int_equal(json_array_size(list), 2);
	assert_true(json_is_true(json_object_get(json_array_get(list, 0), "yes")));
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 1), "number")), 2);
	assert_true(json_integer_value(json_object_get(json_array_get(list, 1), "least")) ==
		    INT64_MIN);
	json_decref(doc);
}

static void json_full_disk_is_told(void **state)
{
	struct report_story story;
	FILE *out = fopen("/dev/full", "w");

	if (!out)
		skip();
	setvbuf(out, NULL, _IONBF, 0);
	story_make(&story);
	assert_int_equal(report_json_story(out, &story), -1);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_story_reads_back),
		cmocka_unit_test(json_verdicts_read_back),
		cmocka_unit_test(json_lists_read_back),
		cmocka_unit_test(json_full_disk_is_told),
	};

	mock_setup(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

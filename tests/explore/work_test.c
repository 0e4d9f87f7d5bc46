/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work items: together they are the search, and results of parts of it merge
 * to the whole in any order, any grouping, and more than once.
 */
#include "tests/explore/searching.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore/results.h"
#include "sim/explore/work.h"

static const char text[] =
	"race t \"Is the page there?\"\n"
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 0; }\n"
	"process vmm { map ram 4K anon in movable; }\n"
	"task a on 0 { touch ram; touch ram; }\n"
	"task b on 1 { hold ram; hold ram; }\n"
	"exists (b.hold == 0)\n";

/* Pins what lies in ZONE_MOVABLE before any task runs. */
static const char eager[] =
	"race t \"Is the set-up good?\"\n"
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 0; }\n"
	"process vmm { map ram 4K anon in movable populated; }\n"
	"vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; register ram; }\n"
	"task vcpu0 on 0 { fault gfn 0x100 write; }\n"
	"task vcpu1 on 1 { fault gfn 0x100 write; }\n";

static void open_search(struct searching *s)
{
	searching_open(s, "t", text, "demand-ref");
	s->config.kind = SEARCH_DFS;
	s->config.trace = false;
	s->config.finals = true;
}

/* The search of one item, or of all without one, added to @sum's JSON. */
static json_t *search_item(struct searching *s, const struct work_item *item)
{
	struct search_result seen;
	json_t *value;

	s->config.prefix = item ? item->pick : NULL;
	s->config.nr_prefix = item ? item->nr : 0;
	assert_int_equal(search_run(&s->config, &seen, s->error, sizeof(s->error)), 0);
	assert_true(seen.complete);
	value = results_pack(&seen);
	assert_non_null(value);
	search_result_free(&seen);
	return value;
}

static void list(struct searching *s, struct work *work)
{
	assert_int_equal(work_list(&s->config, work, s->error, sizeof(s->error)), 0);
}

static void begin(struct results *r, const struct searching *s, const struct work *work,
		  uint32_t shards)
{
	const struct results_case c = { .design = "demand-ref", .kernel = "6.12", .checks = "-" };

	assert_int_equal(results_new(r, s->race, text, "1", json_object(), shards), 0);
	assert_int_equal(results_add_case(r, &c, work), 0);
}

/* Shard @i of @n; @all: the results of every item, by number. */
static void deal(struct results *r, const struct searching *s, const struct work *work,
		 json_t *all, uint32_t i, uint32_t n)
{
	const struct shard shard = { .number = i, .of = n };
	char error[256];
	size_t k;

	begin(r, s, work, n);
	for (k = 0; k < work->nr; k++)
		if (shard_has(&shard, k))
			assert_int_equal(results_put(r, 0, results_item(r, 0, k),
						     json_incref(json_array_get(all, k)), error,
						     sizeof(error)), 0);
}

static void merge(struct results *into, const struct results *from)
{
	char error[256];

	assert_int_equal(results_merge(into, from, error, sizeof(error)), 0);
}

/* --- items ------------------------------------------------------------------ */

static void items_together_are_the_search(void **state)
{
	struct search_result sum;
	struct searching s;
	struct results r;
	struct work work;
	json_t *whole, *parts;
	char error[256];
	size_t i;

	(void)state;
	open_search(&s);
	list(&s, &work);
	assert_in_range(work.nr, WORK_MIN_ITEMS, 4 * WORK_MIN_ITEMS);
	begin(&r, &s, &work, 1);
	for (i = 0; i < work.nr; i++)
		assert_int_equal(results_put(&r, 0, results_item(&r, 0, i),
					     search_item(&s, &work.item[i]), error,
					     sizeof(error)), 0);
	assert_true(results_complete(&r));
	assert_int_equal(results_total(&r, 0, s.race, &sum), 0);
	assert_true(sum.executions > 400);
	assert_true(sum.finals.nr > 1);
	assert_true(sum.conds[0].positive > 0);
	/*
	 * Steps are more: a prefix is run for each item. Fewer tails are known:
	 * each item finds out for itself.
	 */
	whole = search_item(&s, NULL);
	sum.known = json_integer_value(json_object_get(whole, "known"));
	sum.steps = json_integer_value(json_object_get(whole, "steps"));
	parts = results_pack(&sum);
	assert_true(json_equal(whole, parts));
	json_decref(whole);
	json_decref(parts);
	search_result_free(&sum);
	results_free(&r);
	work_free(&work);
	searching_close(&s);
}

static void items_are_the_same_each_time_and_unlike_each_other(void **state)
{
	struct work a, b;
	struct searching s;
	size_t i;

	(void)state;
	open_search(&s);
	list(&s, &a);
	list(&s, &b);
	assert_int_equal(a.nr, b.nr);
	for (i = 0; i < a.nr; i++) {
		char *x = work_item_print(&a.item[i]), *y = work_item_print(&b.item[i]);
		char *z = i ? work_item_print(&a.item[i - 1]) : strdup("");

		assert_string_equal(x, y);
		assert_string_not_equal(x, z);
		free(x);
		free(y);
		free(z);
	}
	work_free(&a);
	work_free(&b);
	searching_close(&s);
}

static void setup_that_violates_is_one_item(void **state)
{
	struct searching s;
	struct work work;

	(void)state;
	searching_open(&s, "t", eager, "eager");
	list(&s, &work);
	assert_int_equal(work.nr, 1);
	assert_int_equal(work.item[0].nr, 0);
	work_free(&work);
	searching_close(&s);
}

static void prefix_text_is_parsed_or_refused(void **state)
{
	static const char *const good[] = { "-", "0", "0.1", "12.0.3.999999999" };
	static const char *const bad[] = { "", ".", "0.", ".0", "0..1", "x", "0,1", "-1", "+1",
					   " 0", "0 ", "1234567890", "--" };
	struct work_item item;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *again;

		assert_int_equal(work_item_parse(good[i], &item), 0);
		again = work_item_print(&item);
		assert_string_equal(again, good[i]);
		free(again);
		work_item_free(&item);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(work_item_parse(bad[i], &item), -EINVAL);
}

static void shard_text_is_parsed_or_refused(void **state)
{
	static const char *const bad[] = { "", "0/3", "4/3", "x/y", "1", "1/", "/3", "1/0", "1/3 ",
					   " 1/3", "-1/3", "1/3/5", "1/1000000000" };
	struct shard shard;
	size_t i;

	(void)state;
	assert_int_equal(shard_parse("2/7", &shard), 0);
	assert_int_equal(shard.number, 2);
	assert_int_equal(shard.of, 7);
	assert_true(shard_has(&shard, 1) && shard_has(&shard, 8) && !shard_has(&shard, 2));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(shard_parse(bad[i], &shard), -EINVAL);
}

/* --- merging ---------------------------------------------------------------- */

/* All that merging is tested on: the items of one search, and their results. */
struct merging {
	struct searching s;
	struct work work;
	json_t *all;
	struct results whole;
};

static void open_merging(struct merging *m)
{
	size_t i;

	open_search(&m->s);
	list(&m->s, &m->work);
	m->all = json_array();
	for (i = 0; i < m->work.nr; i++)
		json_array_append_new(m->all, search_item(&m->s, &m->work.item[i]));
	deal(&m->whole, &m->s, &m->work, m->all, 1, 1);
}

static void close_merging(struct merging *m)
{
	results_free(&m->whole);
	json_decref(m->all);
	work_free(&m->work);
	searching_close(&m->s);
}

/* Equal but for how they were dealt. */
static void assert_same(const struct results *a, const struct results *b)
{
	assert_true(json_equal(json_object_get(a->doc, "cases"),
			       json_object_get(b->doc, "cases")));
}

static void shards_merge_in_any_order(void **state)
{
	static const uint32_t counts[] = { 1, 2, 3, 7 };
	struct results part[7], sum;
	struct merging m;
	uint32_t c, i, first;

	(void)state;
	open_merging(&m);
	for (c = 0; c < 4; c++) {
		for (i = 0; i < counts[c]; i++)
			deal(&part[i], &m.s, &m.work, m.all, i + 1, counts[c]);
		for (first = 0; first < counts[c]; first++) {
			begin(&sum, &m.s, &m.work, counts[c]);
			/* 3 has no divisor in common with any of the counts but 3. */
			for (i = 0; i < counts[c]; i++)
				merge(&sum, &part[(first + i * (counts[c] == 3 ? 2 : 3)) %
						  counts[c]]);
			assert_same(&sum, &m.whole);
			results_free(&sum);
		}
		for (i = 0; i < counts[c]; i++)
			results_free(&part[i]);
	}
	close_merging(&m);
}

static void merge_is_associative_commutative_idempotent(void **state)
{
	struct results a, b, c, ab, bc, ba;
	struct merging m;

	(void)state;
	open_merging(&m);
	deal(&a, &m.s, &m.work, m.all, 1, 3);
	deal(&b, &m.s, &m.work, m.all, 2, 3);
	deal(&c, &m.s, &m.work, m.all, 2, 5);
	begin(&ab, &m.s, &m.work, 3);
	begin(&ba, &m.s, &m.work, 3);
	begin(&bc, &m.s, &m.work, 5);
	merge(&ab, &a);
	merge(&ab, &b);
	merge(&ba, &b);
	merge(&ba, &a);
	assert_true(json_equal(ab.doc, ba.doc));
	merge(&ba, &ba);
	merge(&ba, &a);
	assert_true(json_equal(ab.doc, ba.doc));
	merge(&ab, &c);		/* (a + b) + c */
	merge(&bc, &c);
	merge(&bc, &b);
	merge(&bc, &a);		/* a + (b + c) */
	assert_true(json_equal(ab.doc, bc.doc));
	results_free(&a);
	results_free(&b);
	results_free(&c);
	results_free(&ab);
	results_free(&ba);
	results_free(&bc);
	close_merging(&m);
}

static void merge_keeps_who_went_further(void **state)
{
	struct results less, more;
	struct merging m;
	json_t *cut;
	char error[256];
	const char *item;

	(void)state;
	open_merging(&m);
	item = results_item(&m.whole, 0, 0);
	cut = json_deep_copy(json_array_get(m.all, 0));
	json_object_set_new(cut, "done", json_false());
	begin(&less, &m.s, &m.work, 1);
	begin(&more, &m.s, &m.work, 1);
	assert_int_equal(results_put(&less, 0, item, json_deep_copy(cut), error, 256), 0);
	json_object_set_new(cut, "steps", json_integer(1));
	assert_int_equal(results_put(&more, 0, item, cut, error, 256), 0);
	merge(&more, &less);
	assert_same(&more, &less);
	assert_false(results_done(&less, 0, 0));
	merge(&less, &m.whole);
	assert_same(&less, &m.whole);
	merge(&m.whole, &more);
	assert_same(&less, &m.whole);
	results_free(&less);
	results_free(&more);
	close_merging(&m);
}

static void two_results_of_a_finished_item_that_differ_are_refused(void **state)
{
	struct merging m;
	char error[256];
	json_t *other;

	(void)state;
	open_merging(&m);
	other = json_deep_copy(json_array_get(m.all, 0));
	json_object_set_new(other, "executions", json_integer(1));
	assert_int_equal(results_put(&m.whole, 0, results_item(&m.whole, 0, 0), other, error,
				     256), -EINVAL);
	assert_non_null(strstr(error, "was run twice, with different results"));
	close_merging(&m);
}

static void other_searches_are_refused(void **state)
{
	static const char *const keys[] = { "version", "race", "hash", "text", "options",
					   "steps" };
	struct merging m;
	char error[512];
	size_t i;

	(void)state;
	open_merging(&m);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct results other = { .doc = json_deep_copy(m.whole.doc), .from = "f" };

		json_object_set_new(other.doc, keys[i], json_string("x"));
		assert_int_equal(results_merge(&m.whole, &other, error, sizeof(error)), -EINVAL);
		assert_non_null(strstr(error, "f: holds results of another "));
		results_free(&other);
	}
	close_merging(&m);
}

static void missing_shards_are_named(void **state)
{
	struct results sum, part;
	struct merging m;
	char words[512];

	(void)state;
	open_merging(&m);
	results_missing(&m.whole, words, sizeof(words));
	assert_string_equal(words, "");
	begin(&sum, &m.s, &m.work, 3);
	deal(&part, &m.s, &m.work, m.all, 2, 3);
	merge(&sum, &part);
	results_missing(&sum, words, sizeof(words));
	assert_non_null(strstr(words, "shard 1/3, 3/3 ("));
	results_free(&part);
	deal(&part, &m.s, &m.work, m.all, 1, 2);
	merge(&sum, &part);
	results_missing(&sum, words, sizeof(words));
	assert_non_null(strstr(words, "items: demand-ref 6.12 "));
	results_free(&part);
	results_free(&sum);
	close_merging(&m);
}

/* --- files ------------------------------------------------------------------ */

static void file_is_read_as_it_was_written(void **state)
{
	char path[] = "pinsim-work-test-XXXXXX";
	struct results again;
	struct merging m;
	char error[512];

	(void)state;
	open_merging(&m);
	close(mkstemp(path));
	assert_int_equal(results_save(&m.whole, path), 0);
	assert_int_equal(results_load(path, &again, error, sizeof(error)), 0);
	assert_true(json_equal(again.doc, m.whole.doc));
	results_free(&again);
	/* Whatever is cut off, it is not a file any more. */
	assert_int_equal(truncate(path, 1000), 0);
	assert_int_equal(results_load(path, &again, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, path));
	unlink(path);
	assert_int_equal(results_load(path, &again, error, sizeof(error)), -ENOENT);
	close_merging(&m);
}

/* Every member that is taken away, or of another type, is missed. */
static void file_with_a_spoilt_member_is_refused(void **state)
{
	char path[] = "pinsim-work-test-XXXXXX";
	struct merging m;
	const char *key;
	json_t *value, *item;
	unsigned int n = 0;

	(void)state;
	open_merging(&m);
	close(mkstemp(path));
	item = json_array_get(m.all, 0);
	json_object_foreach(item, key, value) {
		struct results spoilt = { .doc = json_deep_copy(m.whole.doc) }, again;
		json_t *c = json_array_get(json_object_get(spoilt.doc, "cases"), 0);
		char error[512];

		json_object_set_new(json_object_get(json_object_get(c, "results"),
						    results_item(&m.whole, 0, 0)), key,
				    json_real(1.5));
		assert_int_equal(results_save(&spoilt, path), 0);
		assert_int_equal(results_load(path, &again, error, sizeof(error)), -EINVAL);
		results_free(&spoilt);
		n++;
	}
	assert_true(n > 8);
	unlink(path);
	close_merging(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_together_are_the_search),
		cmocka_unit_test(items_are_the_same_each_time_and_unlike_each_other),
		cmocka_unit_test(setup_that_violates_is_one_item),
		cmocka_unit_test(prefix_text_is_parsed_or_refused),
		cmocka_unit_test(shard_text_is_parsed_or_refused),
		cmocka_unit_test(shards_merge_in_any_order),
		cmocka_unit_test(merge_is_associative_commutative_idempotent),
		cmocka_unit_test(merge_keeps_who_went_further),
		cmocka_unit_test(two_results_of_a_finished_item_that_differ_are_refused),
		cmocka_unit_test(other_searches_are_refused),
		cmocka_unit_test(missing_shards_are_named),
		cmocka_unit_test(file_is_read_as_it_was_written),
		cmocka_unit_test(file_with_a_spoilt_member_is_refused),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each report against the text that a person has looked at, in expected/.
 * "report_test --promote DIR" writes what comes out now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "tests/check/mock.h"
#include "tests/report/story.h"

static const char *expected_dir;
static bool promote;

struct page {
	FILE *out;
	char *text;
	size_t size;
};

static void page_open(struct page *p)
{
	p->out = open_memstream(&p->text, &p->size);
	assert_non_null(p->out);
}

static char *read_all(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("%s cannot be read", path);
	assert_true(fread(text, 1, 65535, f) < 65535);
	fclose(f);
	return text;
}

static void page_close(struct page *p, const char *name)
{
	char path[512], *want;
	FILE *f;

	fclose(p->out);
	snprintf(path, sizeof(path), "%s/%s", expected_dir, name);
	if (promote) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(p->text, f);
		fclose(f);
	}
	want = read_all(path);
	assert_string_equal(p->text, want);
	free(want);
	free(p->text);
}

static void cputable_two_tasks_as_expected(void **state)
{
	static const struct report_style style = { 0 };
	struct report_story story;
	struct page p;

	story_make(&story);
	page_open(&p);
	assert_int_equal(report_cputable(p.out, &style, &story), 0);
	page_close(&p, "cputable.txt");
}

static void cputable_narrow_wraps_words(void **state)
{
	static const struct report_style style = { .width = 60, .colour = true };
	struct report_story story;
	struct page p;

	story_make(&story);
	story.nr_recs = 40;
	page_open(&p);
	assert_int_equal(report_cputable(p.out, &style, &story), 0);
	page_close(&p, "cputable-narrow.txt");
}

static void cputable_no_line_over_its_width(void **state)
{
	for (unsigned int width = 40; width <= 120; width += 5) {
		struct report_style style = { .width = width };
		struct report_story story;
		struct page p;

		story_make(&story);
		page_open(&p);
		report_cputable(p.out, &style, &story);
		fclose(p.out);
		for (char *line = strtok(p.text, "\n"); line; line = strtok(NULL, "\n")) {
			if (line[0] == '|' || line[0] == '+')
				assert_in_range(strlen(line), width - 2, width);
			else
				assert_in_range(strlen(line), 0, width);
		}
		free(p.text);
	}
}

static void cputable_nothing_happened_is_empty(void **state)
{
	static const struct report_style style = { 0 };
	struct report_story story = { 0 };
	struct page p;

	page_open(&p);
	assert_int_equal(report_cputable(p.out, &style, &story), 0);
	fclose(p.out);
	assert_int_equal(p.size, 0);
	free(p.text);
}

static void steplist_as_expected(void **state)
{
	struct report_story story;
	struct page p;

	story_make(&story);
	page_open(&p);
	report_steplist(p.out, &story);
	page_close(&p, "steplist.txt");
}

static void holders_as_expected(void **state)
{
	static const uint64_t pfns[] = { PFN, PFN + 1, PFN + 2, 0x9999 };
	struct probe_page *page;
	struct page p;

	mock_setup(NULL);
	page = mock_page(PFN);
	page->zone = PROBE_ZONE_MOVABLE;
	page->refcount = 1026;
	page->expected = 1026;
	page->mapcount = 1;
	page->pins = 1;
	page->held = 1;
	mock_ref(PFN, PAGE_REF_MAP, SIM_OWNER(OWNER_MM, 0))->site = "do_anonymous_page";
	mock_held(PFN, PAGE_REF_PIN);
	mock_ref(PFN, PAGE_REF_GET, SIM_OWNER(OWNER_FAULT, 0))->task = 1;
	page = mock_page(PFN + 1);
	page->cma = true;
	page->isolate = true;
	page->refcount = 2;
	page->expected = 1;
	mock_page(PFN + 2)->free = true;
	page_open(&p);
	report_holders(p.out, &story_names, pfns, 4);
	page_close(&p, "holders.txt");
}

/* A.25, A.26, L.18: each kernel's fields and names of flags, in its order. */
static void dump_page_as_expected(void **state)
{
	static const struct kernel_profile profiles[] = {
		{ .name = "6.1", .dump_names_page = true },
		{ .name = "6.12", .exclusive_is_owner_2 = true },
	};
	struct probe_page *page;
	struct page p;

	mock_setup(NULL);
	page = mock_page(PFN);
	page->zone = PROBE_ZONE_MOVABLE;
	page->cma = true;
	page->anon = true;
	page->refcount = 1026;
	page->mapcount = 1;
	mock.words.index = 0x7f0000000;
	mock.words.flags = PROBE_FLAG_LOCKED | PROBE_FLAG_REFERENCED | PROBE_FLAG_UPTODATE |
			   PROBE_FLAG_LRU | PROBE_FLAG_ACTIVE | PROBE_FLAG_SWAPCACHE |
			   PROBE_FLAG_EXCLUSIVE | PROBE_FLAG_HEAD | PROBE_FLAG_SWAPBACKED |
			   PROBE_FLAG_MLOCKED;
	page_open(&p);
	for (int i = 0; i < 2; i++)
		report_dump_page(p.out, &story_names, &profiles[i], PFN, "migration failure");
	/* No such page, no dump. */
	report_dump_page(p.out, &story_names, &profiles[0], 0x9999, "migration failure");
	page_close(&p, "dump.txt");
}

static const struct report_verdict verdicts[] = {
	{ "late-longterm-pin", "demand-late", "6.12", "always (vcpu0.fault == -EFAULT)",
	  "always (vcpu0.fault == -EFAULT)", true, "vcpu0.fault == -EFAULT", 0xabc, NULL,
	  { .how = REPORT_SAMPLED, .executions = 10000, .positive = 10000, .seed = 1 } },
	{ "late-longterm-pin", "demand-ref", "6.12", "violates longterm-placement",
	  "violates longterm-placement", true, "vcpu0.fault == -EFAULT", 0xabc, "1:a:b",
	  { .how = REPORT_EXHAUSTIVE, .executions = 1, .violated = 1 } },
	{ "late-longterm-pin", "demand-takeover", "6.12", "violates ref-leak", "holds", false,
	  "page(ram).zone == \"movable\"", 0xabc, "-",
	  { .how = REPORT_BOUNDED, .executions = 12, .bounded = 3, .positive = 4, .negative = 5,
	    .bound = "--unroll 2" } },
	{ "takeover-order", "eager", "6.1", "holds", NULL, false, NULL, 0x12, NULL,
	  { .how = REPORT_CUT, .executions = 77, .bound = "--time 5" } },
	{ "takeover-order", "eager", "6.12", "holds", NULL, false, NULL, 0x12, NULL,
	  { .how = REPORT_ONE, .executions = 1 } },
};

#define NR_VERDICTS	(sizeof(verdicts) / sizeof(*verdicts))

static void verdicts_table_as_expected(void **state)
{
	struct report_style style = { 0 };
	struct page p;

	page_open(&p);
	report_verdicts(p.out, &style, verdicts, NR_VERDICTS);
	style.colour = true;
	report_verdicts(p.out, &style, &verdicts[2], 1);
	page_close(&p, "verdicts.txt");
}

/* A sample says what it did not see the end of. */
static void search_words_sample_tells_what_was_cut(void **state)
{
	struct report_search s = { .how = REPORT_SAMPLED, .executions = 9, .seed = 2,
				   .bound = "--unroll" };
	char words[160];

	report_search_words(&s, words, sizeof(words));
	assert_string_equal(words, "sampled, 9 random executions, seed 2");
	s.bounded = 3;
	report_search_words(&s, words, sizeof(words));
	assert_string_equal(words, "sampled, 9 random executions, seed 2, 3 cut by --unroll");
}

static void herd_block_as_expected(void **state)
{
	struct page p;

	page_open(&p);
	for (size_t i = 0; i < NR_VERDICTS; i++)
		report_herd(p.out, &verdicts[i]);
	page_close(&p, "herd.txt");
}

static void ktap_as_expected(void **state)
{
	struct page p;

	page_open(&p);
	report_ktap_plan(p.out, 0, NULL, 2);
	report_ktap_plan(p.out, 1, "late#longterm", 3);
	report_ktap_result(p.out, 1, 1, REPORT_OK, "demand-late", NULL);
	report_ktap_result(p.out, 1, 2, REPORT_NOT_OK, "demand-ref #1\nx",
			   "expected: holds\nseen: no");
	report_ktap_result(p.out, 1, 3, REPORT_SKIP, "eager", "no CMA # here");
	report_ktap_result(p.out, 0, 1, REPORT_NOT_OK, "late#longterm", NULL);
	report_ktap_result(p.out, 0, 2, REPORT_OK, "takeover-order", "two designs");
	page_close(&p, "ktap.txt");
}

static void junit_case_of_each_kind(struct report_junit *j)
{
	assert_int_equal(report_junit_begin(j, "late \"long\"\tterm & <co>"), 0);
	report_junit_case(j, REPORT_OK, "demand-late:6.12", "not looked at", "holds\n");
	report_junit_case(j, REPORT_OK, "silent", NULL, NULL);
	report_junit_case(j, REPORT_NOT_OK, "a'b<c>&\n", "1 < 2 && \"x\"",
			  "]]> <![CDATA[ &amp;\n\tpinsim replay 'p1/\r'\n");
	report_junit_case(j, REPORT_NOT_OK, "no text", "why", NULL);
	report_junit_case(j, REPORT_SKIP, "eager", "no CMA & here", NULL);
}

static void junit_as_expected(void **state)
{
	struct report_junit j;
	struct page p;

	page_open(&p);
	junit_case_of_each_kind(&j);
	assert_int_equal(report_junit_end(&j, p.out), 0);
	page_close(&p, "junit.txt");
}

/* Bytes that are no character of XML beside some that are, and what is written. */
static void junit_what_is_not_xml_is_replaced(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "\x01|\x1b[0m|\x7f", "\xef\xbf\xbd|\xef\xbf\xbd[0m|\x7f" },
		{ "\x80|\xff", "\xef\xbf\xbd|\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7",
		  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7" },
		{ "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xf4\x90\x80\x80|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xe0\x80\x80|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xf0\x80\x80\x80|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xef\xbf\xbf|\xef\xbf\xbd",
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd" },
	};
	char want[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct report_junit j;
		char *text;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		assert_non_null(out);
		assert_int_equal(report_junit_begin(&j, "s"), 0);
		report_junit_case(&j, REPORT_OK, "n", NULL, cases[i].in);
		assert_int_equal(report_junit_end(&j, out), 0);
		assert_int_equal(fclose(out), 0);
		snprintf(want, sizeof(want), "<system-out>%s</system-out>", cases[i].out);
		assert_non_null(strstr(text, want));
		free(text);
	}
}

#define T(name)	cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		T(cputable_two_tasks_as_expected),
		T(cputable_narrow_wraps_words),
		T(cputable_no_line_over_its_width),
		T(cputable_nothing_happened_is_empty),
		T(steplist_as_expected),
		T(holders_as_expected),
		T(dump_page_as_expected),
		T(verdicts_table_as_expected),
		T(search_words_sample_tells_what_was_cut),
		T(herd_block_as_expected),
		T(ktap_as_expected),
		T(junit_as_expected),
		T(junit_what_is_not_xml_is_replaced),
	};

	promote = argc == 3 && !strcmp(argv[1], "--promote");
	if (argc != 2 + promote) {
		fprintf(stderr, "usage: %s [--promote] DIR\n", argv[0]);
		return 2;
	}
	expected_dir = argv[argc - 1];
	mock_setup(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

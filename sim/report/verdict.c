/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts as text: the table of designs, and herd's block with its numbers of
 * executions.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/report/report_private.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/**
 * report_search_words() - how a search ended
 * @s: the search
 * @buf: room for one line
 * @size: of @buf
 */
void report_search_words(const struct report_search *s, char *buf, size_t size)
{
	const char *bound = s->bound ? s->bound : "a limit";
	int n;

	switch (s->how) {
	case REPORT_ONE:
		snprintf(buf, size, "one schedule");
		break;
	case REPORT_EXHAUSTIVE:
		snprintf(buf, size, "exhaustive, %" PRIu64 " execution%s", s->executions,
			 plural(s->executions));
		break;
	case REPORT_BOUNDED:
		snprintf(buf, size, "bounded by %s, %" PRIu64 " of %" PRIu64 " executions cut",
			 bound, s->bounded, s->executions);
		break;
	case REPORT_SAMPLED:
		n = snprintf(buf, size, "sampled, %" PRIu64 " random execution%s, seed %" PRIu64,
			     s->executions, plural(s->executions), s->seed);
		if (s->bounded && n < (int)size)
			snprintf(buf + n, size - n, ", %" PRIu64 " cut by %s", s->bounded, bound);
		break;
	case REPORT_CUT:
		snprintf(buf, size, "cut by %s after %" PRIu64 " execution%s", bound,
			 s->executions, plural(s->executions));
		break;
	}
}

/* What a design did against what is known of it. */
static const char *mark(const struct report_verdict *v)
{
	if (!v->expected)
		return "";
	return v->met ? "as expected" : "NOT EXPECTED";
}

struct widths {
	int race, design, kernel, verdict;
};

static void widen(int *width, const char *text)
{
	int len = (int)strlen(text);

	if (len > *width)
		*width = len;
}

static void print_verdict(FILE *out, const struct report_style *style, const struct widths *w,
			  const struct report_verdict *v)
{
	bool red = style->colour && v->expected && !v->met;
	char words[160];

	report_search_words(&v->search, words, sizeof(words));
	fprintf(out, "%-*s  %-*s  %-*s  ", w->design, v->design, w->kernel, v->kernel,
		w->verdict, v->verdict);
	if (red)
		fputs("\033[1;31m", out);
	fprintf(out, "%-12s", mark(v));
	if (red)
		fputs("\033[0m", out);
	fprintf(out, "  %s\n", words);
	if (v->expected && !v->met)
		fprintf(out, "%-*s  expected: %s\n", w->design, "", v->expected);
}

/**
 * report_verdicts() - the table of designs
 * @out: where to
 * @style: colour marks what was not expected
 * @v: verdicts; those of one race stand together
 * @n: how many
 */
void report_verdicts(FILE *out, const struct report_style *style,
		     const struct report_verdict *v, size_t n)
{
	struct widths w = { .design = 6, .kernel = 6, .verdict = 7 };

	for (size_t i = 0; i < n; i++) {
		widen(&w.design, v[i].design);
		widen(&w.kernel, v[i].kernel);
		widen(&w.verdict, v[i].verdict);
	}
	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(v[i].race, v[i - 1].race))
			fprintf(out, "%s%s\n%-*s  %-*s  %-*s  %-12s  %s\n", i ? "\n" : "",
				v[i].race, w.design, "design", w.kernel, "kernel", w.verdict,
				"verdict", "", "search");
		print_verdict(out, style, &w, &v[i]);
	}
}

/* Nobody reached an end: "Never" would claim what was not looked at. */
static bool nothing_judged(const struct report_search *s)
{
	return !s->positive && !s->negative;
}

static const char *observation(const struct report_search *s)
{
	if (nothing_judged(s))
		return "Undef";
	if (!s->positive)
		return "Never";
	return s->negative ? "Sometimes" : "Always";
}

/**
 * report_herd() - a verdict in herd's words and order
 * @out: where to
 * @v: the verdict; without a condition nothing is printed
 *
 * The two numbers of the Observation line are executions. Executions that
 * ended in a violation or were cut have no end, so they are in neither; if
 * there were no others, the condition is undefined, not "Never".
 */
void report_herd(FILE *out, const struct report_verdict *v)
{
	const struct report_search *s = &v->search;
	char words[160];

	if (!v->condition)
		return;
	report_search_words(s, words, sizeof(words));
	fprintf(out, "Test %s Allowed\n", v->race);
	fprintf(out, "%s%s\n", s->bounded ? "Loop " : "",
		nothing_judged(s) ? "Undef" : s->positive ? "Ok" : "No");
	fprintf(out, "Witnesses\n");
	fprintf(out, "Positive: %" PRIu64 " Negative: %" PRIu64 "\n", s->positive, s->negative);
	fprintf(out, "Condition exists (%s)\n", v->condition);
	fprintf(out, "Observation %s %s %" PRIu64 " %" PRIu64 "\n", v->race, observation(s),
		s->positive, s->negative);
	fprintf(out, "Design %s Kernel %s\n", v->design, v->kernel);
	fprintf(out, "Search %s\n", words);
	fprintf(out, "Executions %" PRIu64 " Violated %" PRIu64 " Cut %" PRIu64 "\n",
		s->executions, s->violated, s->bounded);
	fprintf(out, "Hash=%016" PRIx64 "\n\n", v->hash);
}

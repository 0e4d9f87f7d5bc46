/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts as text: the table of designs, and herd's block with its numbers of
 * executions.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/report/report_private.h"

#define MAX_TOLD	8	/* different bounds below a table */

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void report_verdict_words(const char *const *ids, unsigned int n, char *buf, size_t size)
{
	size_t len = snprintf(buf, size, n ? "violates " : "holds");
	unsigned int i;

	for (i = 0; i < n && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s", i ? "," : "", ids[i]);
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
		n = snprintf(buf, size, "bounded by %s, ", bound);
		if (s->bounded && n < (int)size)
			n += snprintf(buf + n, size - n, "%" PRIu64 " of ", s->bounded);
		if (n < (int)size)
			snprintf(buf + n, size - n, "%" PRIu64 " executions%s", s->executions,
				 s->bounded ? " cut" : "");
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

/* The same in a cell of the table; footnotes() has the rest. */
static void short_words(const struct report_search *s, char *buf, size_t size)
{
	static const char *const how[] = {
		[REPORT_ONE] = "one schedule",
		[REPORT_EXHAUSTIVE] = "exhaustive",
		[REPORT_BOUNDED] = "bounded",
		[REPORT_SAMPLED] = "sampled",
		[REPORT_CUT] = "stopped",
	};
	int n;

	if (s->how == REPORT_ONE) {
		snprintf(buf, size, "%s", how[s->how]);
		return;
	}
	n = snprintf(buf, size, "%s, %" PRIu64, how[s->how], s->executions);
	if (s->bounded)
		snprintf(buf + n, size - n, ", %" PRIu64 " cut", s->bounded);
}

/* What a design did against what is known of it. */
static const char *mark(const struct report_verdict *v)
{
	if (!v->expected)
		return "";
	return v->met ? "expected" : "UNEXPECTED";
}

/* Columns; the kernel has one only where there are several. */
struct widths {
	int design, kernel, verdict;
};

static void widen(int *width, const char *text)
{
	int len = (int)strlen(text);

	if (len > *width)
		*width = len;
}

static struct widths widths_of(const struct report_verdict *v, size_t n)
{
	struct widths w = { .design = 6, .verdict = 7 };
	bool several = false;

	for (size_t i = 0; i < n; i++)
		several |= strcmp(v[i].kernel, v->kernel) != 0;
	for (size_t i = 0; i < n; i++) {
		widen(&w.design, v[i].design);
		widen(&w.verdict, v[i].verdict);
		if (several)
			widen(&w.kernel, v[i].kernel);
	}
	if (several)
		widen(&w.kernel, "kernel");
	return w;
}

static void print_columns(FILE *out, const struct widths *w, const char *design,
			  const char *kernel, const char *verdict)
{
	fprintf(out, "%-*s  ", w->design, design);
	if (w->kernel)
		fprintf(out, "%-*s  ", w->kernel, kernel);
	fprintf(out, "%-*s  ", w->verdict, verdict);
}

static void print_verdict(FILE *out, const struct report_style *style, const struct widths *w,
			  const struct report_verdict *v)
{
	bool red = style->colour && v->expected && !v->met;
	char words[160];

	short_words(&v->search, words, sizeof(words));
	print_columns(out, w, v->design, v->kernel, v->verdict);
	if (red)
		fputs("\033[1;31m", out);
	fprintf(out, "%-10s", mark(v));
	if (red)
		fputs("\033[0m", out);
	fprintf(out, "  %s\n", words);
	if (v->expected && !v->met)
		fprintf(out, "%-*s  the race expects: %s\n", w->design, "", v->expected);
}

/* One line for each thing that ended searches, or executions, of the table. */
static void tell_bound(FILE *out, const char *what, const char *bound, const char **told)
{
	unsigned int i;

	for (i = 0; told[i]; i++) {
		if (!strcmp(told[i], bound))
			return;
	}
	if (i == MAX_TOLD)
		return;
	told[i] = bound;
	fprintf(out, "%s: by %s\n", what, bound);
}

static void tell_bounds(FILE *out, const struct report_search *s, const char **told)
{
	if (s->how == REPORT_CUT)
		tell_bound(out, "stopped", s->bound ? s->bound : "a limit", told);
	if (s->bounded)
		tell_bound(out, "cut", s->how != REPORT_CUT && s->bound ? s->bound : REPORT_CUT_BY,
			   told);
}

/* What the columns leave open. */
static void footnotes(FILE *out, const struct report_verdict *v, size_t n, bool kernel)
{
	const char *told[MAX_TOLD + 1] = { NULL };
	bool sampled = false;

	if (kernel && n)
		fprintf(out, "kernel: %s\n", v->kernel);
	for (size_t i = 0; i < n; i++) {
		const struct report_search *s = &v[i].search;

		if (s->how == REPORT_SAMPLED && !sampled) {
			fprintf(out, "sampled: random schedules, seed %" PRIu64
				"; what they did not meet may exist\n", s->seed);
			sampled = true;
		}
		tell_bounds(out, s, told);
	}
}

/**
 * report_verdicts() - the table of designs
 * @out: where to
 * @style: colour marks what was not expected
 * @v: verdicts; those of one race stand together
 * @n: how many
 *
 * Races are named, and kernels told, only where there are several. Numbers in
 * the last column are executions.
 */
void report_verdicts(FILE *out, const struct report_style *style,
		     const struct report_verdict *v, size_t n)
{
	struct widths w = widths_of(v, n);
	bool several = n && strcmp(v[0].race, v[n - 1].race);

	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(v[i].race, v[i - 1].race)) {
			if (several)
				fprintf(out, "%s%s\n", i ? "\n" : "", v[i].race);
			print_columns(out, &w, "design", "kernel", "verdict");
			fprintf(out, "%-10s  %s\n", "", "search, executions");
		}
		print_verdict(out, style, &w, &v[i]);
	}
	footnotes(out, v, n, !w.kernel);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JUnit XML, as Jenkins and GitLab read it: one test suite with a case for each
 * result. No standard says what it is; this is what both have in common, and no
 * times, as nothing is measured.
 *
 * XML 1.0 has no way at all to write most control characters: they, and bytes
 * that are not UTF-8, become U+FFFD.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/report_private.h"

/*
 * Bytes of the character at @s if XML may hold it, else 0. The table of
 * well-formed UTF-8 is Unicode's 3-7; U+FFFE and U+FFFF are no characters.
 */
static size_t well_formed(const unsigned char *s)
{
	size_t len, i;

	if (*s < 0x80)
		return *s >= ' ' || strchr("\t\n\r", *s) ? 1 : 0;
	len = *s >= 0xf5 ? 0 : *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc2 ? 2 : 0;
	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than need be, a surrogate, or beyond the last plane. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	if (*s == 0xef && s[1] == 0xbf && s[2] >= 0xbe)
		return 0;
	return len;
}

/* Of white space only a blank comes through in an attribute as it is. */
static const char *escape_of(unsigned char c, bool attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r':
		return "&#13;";
	case '\n':
		return attribute ? "&#10;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	default:
		return NULL;
	}
}

void report_put_escaped(FILE *out, const char *text, bool attribute)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		size_t len = well_formed(s);
		const char *escape = escape_of(*s, attribute);

		if (!len)
			fputs("\xef\xbf\xbd", out);
		else if (escape)
			fputs(escape, out);
		else
			fwrite(s, 1, len, out);
		s += len ? len : 1;
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	report_put_escaped(out, value, true);
	fputc('"', out);
}

/**
 * report_junit_begin() - begin a test suite
 * @j: to be ended by report_junit_end(), unless this fails
 * @suite: its name; must stay
 *
 * Return: 0, or -ENOMEM.
 */
int report_junit_begin(struct report_junit *j, const char *suite)
{
	*j = (struct report_junit){ .suite = suite };
	j->body = open_memstream(&j->text, &j->size);
	return j->body ? 0 : -ENOMEM;
}

/**
 * report_junit_case() - one result
 * @j: of which suite
 * @result: what came out
 * @name: of the result
 * @message: of one that is not OK: why, in a line; else not looked at
 * @text: all there is to say, or NULL; the body of a failure, else the case's
 *	output
 */
void report_junit_case(struct report_junit *j, enum report_result result, const char *name,
		       const char *message, const char *text)
{
	FILE *out = j->body;

	j->tests++;
	fputs("<testcase", out);
	put_attribute(out, "classname", j->suite);
	put_attribute(out, "name", name);
	fputs(">\n", out);
	if (result == REPORT_SKIP) {
		j->skipped++;
		fputs("<skipped", out);
		put_attribute(out, "message", message);
		fputs("/>\n", out);
	} else if (result == REPORT_NOT_OK) {
		j->failures++;
		fputs("<failure", out);
		put_attribute(out, "message", message);
		fputc('>', out);
		report_put_escaped(out, text ? text : "", false);
		fputs("</failure>\n", out);
	}
	if (text && result != REPORT_NOT_OK) {
		fputs("<system-out>", out);
		report_put_escaped(out, text, false);
		fputs("</system-out>\n", out);
	}
	fputs("</testcase>\n", out);
}

/**
 * report_junit_end() - write the file
 * @j: suite; free again afterwards
 * @out: where to; NULL: nowhere
 *
 * The suite's head has the sums, so nothing is written before all is known.
 *
 * Return: 0, or -ENOMEM. Whether @out took it is for its owner to see.
 */
int report_junit_end(struct report_junit *j, FILE *out)
{
	bool bad = ferror(j->body);

	bad |= fclose(j->body) != 0;
	if (out && !bad) {
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite", out);
		put_attribute(out, "name", j->suite);
		fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
			j->tests, j->failures, j->skipped);
		fwrite(j->text, 1, j->size, out);
		fputs("</testsuite>\n</testsuites>\n", out);
	}
	free(j->text);
	return bad ? -ENOMEM : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every design on every race, as one page: a heat map whose cells lead to their
 * story.  No script, nothing from elsewhere; a cell is a link, so that a
 * keyboard opens it, and what it says is a letter, so that no colour is needed.
 */
#include <string.h>

#include "sim/report/matrix.h"
#include "sim/report/report_private.h"

/* Colours that differ for every eye (Okabe and Ito's), and in brightness. */
static const char style[] =
"body { font: 15px/1.4 sans-serif; margin: 1.5em; color: #000; background: #fff; }\n"
"table { border-collapse: collapse; margin: 0 0 1.5em; }\n"
"th { font-weight: normal; text-align: left; padding: 1px 8px; }\n"
"thead th { vertical-align: bottom; padding: 4px 2px; }\n"
"thead span { writing-mode: vertical-rl; transform: rotate(180deg); }\n"
"td { border: 1px solid #fff; padding: 0; }\n"
"td a, .legend b { display: block; box-sizing: border-box; width: 3em; padding: 3px 0;\n"
"  text-align: center; text-decoration: none; font: bold 15px monospace; color: #000; }\n"
".legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; padding: 0; }\n"
".legend li { display: flex; gap: 6px; align-items: center; }\n"
"a.holds, b.holds { background: #0072b2; color: #fff; }\n"
"a.holds-searched, b.holds-searched { background: #a6d8f5; }\n"
"a.violated, b.violated { background: #d55e00; }\n"
"a.not-applicable, b.not-applicable { background: #eee; color: #555; }\n"
"a.failed, b.failed { background: #000; color: #fff; }\n"
"a.not-run, b.not-run { background: #fff; border: 1px dashed #999; }\n"
"a.disappointed, b.disappointed { outline: 3px solid #000; outline-offset: -3px; }\n"
"a:focus-visible, section:focus-visible { outline: 3px solid #009e73; }\n"
"section { display: none; position: fixed; inset: 0; overflow: auto; background: #fff;\n"
"  padding: 1em 2em; }\n"
"section:target { display: block; }\n"
"pre, code { font: 13px/1.3 monospace; }\n"
"pre { overflow-x: auto; background: #f6f6f6; padding: 8px; }\n"
"code { overflow-wrap: anywhere; }\n";

static void put(FILE *out, const char *text)
{
	report_put_escaped(out, text, false);
}

static void put_attribute(FILE *out, const char *text)
{
	report_put_escaped(out, text, true);
}

/* An element of nothing but text. */
static void put_element(FILE *out, const char *element, const char *text)
{
	fprintf(out, "<%s>", element);
	put(out, text);
	fprintf(out, "</%s>\n", element);
}

/* The letter of a cell, and its mark. */
static void put_letters(FILE *out, const json_t *cell)
{
	const char *expectation = report_member(cell, "expectation");

	put(out, report_glyph_of(report_member(cell, "verdict"))->letter);
	if (report_is_judged(cell))
		put(out, report_mark_of(expectation)->letter);
}

/* --- the map -------------------------------------------------------------- */

static void put_legend(FILE *out)
{
	const struct report_glyph *g;
	size_t i;

	fputs("<ul class=\"legend\">\n", out);
	for (i = 0; (g = report_glyph_nth(i)); i++) {
		fprintf(out, "<li><b class=\"%s\">%s</b> ", g->verdict, g->letter);
		put(out, g->words);
		fputs("</li>\n", out);
	}
	for (i = 0; (g = report_mark_nth(i)); i++) {
		if (!*g->letter)
			continue;
		fprintf(out, "<li><b class=\"%s\">%s</b> ", g->verdict, g->letter);
		put(out, g->words);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void put_heads(FILE *out, const struct report_matrix *m)
{
	json_t *design;
	size_t i;

	fputs("<thead><tr><th scope=\"col\">race</th>\n", out);
	json_array_foreach(m->designs, i, design) {
		fputs("<th scope=\"col\" title=\"", out);
		put_attribute(out, report_member(design, "summary"));
		fputs("\"><span>", out);
		put(out, report_member(design, "name"));
		fputs("</span></th>\n", out);
	}
	fputs("</tr></thead>\n", out);
}

static void put_link(FILE *out, const json_t *cell, size_t number)
{
	const struct report_glyph *g = report_glyph_of(report_member(cell, "verdict"));

	fprintf(out, "<td><a href=\"#cell-%zu\" class=\"%s", number, g->verdict);
	if (report_is_judged(cell))
		fprintf(out, " %s", report_mark_of(report_member(cell, "expectation"))->verdict);
	fputs("\" title=\"", out);
	put_attribute(out, report_member(cell, "race"));
	fputs(", ", out);
	put_attribute(out, report_member(cell, "design"));
	fprintf(out, ": %s\">", g->words);
	put_letters(out, cell);
	fputs("</a></td>", out);
}

static void put_table(FILE *out, const struct report_matrix *m, size_t kernel)
{
	size_t i, k, races = json_array_size(m->races), nr = json_array_size(m->designs);
	json_t *race;

	fprintf(out, "<h2 id=\"kernel-%zu\">Kernel ", kernel);
	put(out, json_string_value(json_array_get(m->kernels, kernel)));
	fputs("</h2>\n<table>\n", out);
	put_heads(out, m);
	fputs("<tbody>\n", out);
	json_array_foreach(m->races, i, race) {
		fprintf(out, "<tr><th scope=\"row\"><a href=\"#race-%zu\" title=\"", i);
		put_attribute(out, report_member(race, "question"));
		fputs("\">", out);
		put(out, report_member(race, "name"));
		fputs("</a></th>", out);
		for (k = 0; k < nr; k++)
			put_link(out, report_matrix_cell(m, kernel, i, k),
				 (kernel * races + i) * nr + k);
		fputs("</tr>\n", out);
	}
	fputs("</tbody>\n</table>\n", out);
}

/* --- the stories ---------------------------------------------------------- */

static void begin_section(FILE *out, const char *kind, size_t number, size_t back)
{
	fprintf(out, "<section id=\"%s-%zu\" tabindex=\"-1\">\n"
		"<p><a href=\"#kernel-%zu\">back to the table</a></p>\n", kind, number, back);
}

static void put_violations(FILE *out, const json_t *search)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(search, "violations"), i, v) {
		put_element(out, "h4", report_member(v, "check"));
		put_element(out, "p", report_member(v, "text"));
		fputs("<p><code class=\"replay\">pinsim replay &#39;", out);
		put(out, report_member(v, "replay"));
		fputs("&#39;</code></p>\n<pre>", out);
		put(out, report_member(v, "story"));
		fputs("</pre>\n", out);
	}
}

static void put_search(FILE *out, const json_t *search)
{
	const char *checks = report_member(search, "checks");
	const char *expected = report_member(search, "expected");
	char words[200];

	fprintf(out, "<h3>With %s", strcmp(checks, "all") ? "checks " : "all checks");
	put(out, strcmp(checks, "all") ? checks : "");
	fputs(": ", out);
	put(out, report_member(search, "verdict"));
	report_matrix_search(search, words, sizeof(words));
	fputs("</h3>\n<p>The search: ", out);
	put(out, words);
	if (*expected) {
		fputs(".<br>The race expects: ", out);
		put(out, expected);
	}
	fputs(".</p>\n", out);
	put_violations(out, search);
}

static void put_cell(FILE *out, const struct report_matrix *m, const json_t *cell, size_t number)
{
	size_t row = number / json_array_size(m->designs), races = json_array_size(m->races);
	const json_t *race = json_array_get(m->races, row % races);
	const char *why = report_member(cell, "why");
	json_t *search;
	size_t i;

	begin_section(out, "cell", number, row / races);
	fputs("<h2>", out);
	put_letters(out, cell);
	fprintf(out, " <a href=\"#race-%zu\">", row % races);
	put(out, report_member(cell, "race"));
	fputs("</a>, ", out);
	put(out, report_member(cell, "design"));
	fputs(", kernel ", out);
	put(out, report_member(cell, "kernel"));
	fputs("</h2>\n", out);
	put_element(out, "p", report_member(race, "question"));
	fputs("<p>", out);
	put(out, report_glyph_of(report_member(cell, "verdict"))->words);
	if (report_is_judged(cell)) {
		fputs("; ", out);
		put(out, report_mark_of(report_member(cell, "expectation"))->words);
	}
	fputs(*why ? ": " : "", out);
	put(out, why);
	fputs(".</p>\n", out);
	json_array_foreach(json_object_get(cell, "searches"), i, search)
		put_search(out, search);
	fputs("</section>\n", out);
}

static void put_race(FILE *out, const json_t *race, size_t number)
{
	begin_section(out, "race", number, 0);
	put_element(out, "h2", report_member(race, "name"));
	put_element(out, "p", report_member(race, "question"));
	put_element(out, "pre", report_member(race, "text"));
	fputs("</section>\n", out);
}

/**
 * report_matrix_html() - a page with a heat map for each kernel
 * @out: where to
 * @m: the document
 */
void report_matrix_html(FILE *out, const struct report_matrix *m)
{
	json_t *value;
	size_t i;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	      "&#39;none&#39;; style-src &#39;unsafe-inline&#39;\">\n"
	      "<title>pinsim: every design on every race</title>\n<style>\n", out);
	fputs(style, out);
	fputs("</style>\n</head>\n<body>\n<h1>Every design on every race</h1>\n", out);
	put_legend(out);
	for (i = 0; i < json_array_size(m->kernels); i++)
		put_table(out, m, i);
	json_array_foreach(m->cells, i, value)
		put_cell(out, m, value, i);
	json_array_foreach(m->races, i, value)
		put_race(out, value, i);
	fputs("</body>\n</html>\n", out);
}

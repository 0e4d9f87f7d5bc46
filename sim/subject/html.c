/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mail that was saved from a web archive: HTML back to the text it shows.
 *
 * No parser of HTML: archives show mail in <pre> with links, colours and
 * entities in it, some quote by <blockquote>, some hide addresses. That much,
 * and whatever else there is must do no harm.
 */
#include "sim/subject/html.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/subject/source.h"

#define TAG_MAX		(16 << 10)	/* bytes from '<' to '>' */
#define NAME_MAX_HTML	16
#define QUOTES_MAX	64		/* <blockquote> in each other */

/* What an element does to the text around it. */
enum html_effect {
	HTML_INLINE,
	HTML_BREAK,		/* a line ends here */
	HTML_CELL,		/* a blank */
	HTML_SKIP,		/* its contents are not shown */
	HTML_PRE,
	HTML_QUOTE,
};

struct html_element {
	const char *name;
	enum html_effect effect;
};

static const struct html_element elements[] = {
	{ "a", HTML_INLINE }, { "abbr", HTML_INLINE },
	{ "address", HTML_BREAK }, { "article", HTML_BREAK },
	{ "aside", HTML_BREAK }, { "b", HTML_INLINE }, { "base", HTML_INLINE },
	{ "big", HTML_INLINE }, { "blockquote", HTML_QUOTE },
	{ "body", HTML_BREAK }, { "br", HTML_BREAK }, { "button", HTML_INLINE },
	{ "center", HTML_BREAK }, { "cite", HTML_INLINE },
	{ "code", HTML_INLINE }, { "col", HTML_INLINE }, { "dd", HTML_BREAK },
	{ "del", HTML_INLINE }, { "details", HTML_BREAK }, { "dir", HTML_BREAK },
	{ "div", HTML_BREAK }, { "dl", HTML_BREAK }, { "dt", HTML_BREAK },
	{ "em", HTML_INLINE }, { "fieldset", HTML_BREAK },
	{ "font", HTML_INLINE }, { "footer", HTML_BREAK },
	{ "form", HTML_BREAK }, { "frame", HTML_INLINE },
	{ "h1", HTML_BREAK }, { "h2", HTML_BREAK }, { "h3", HTML_BREAK },
	{ "h4", HTML_BREAK }, { "h5", HTML_BREAK }, { "h6", HTML_BREAK },
	{ "head", HTML_BREAK }, { "header", HTML_BREAK }, { "hr", HTML_BREAK },
	{ "html", HTML_BREAK }, { "i", HTML_INLINE }, { "iframe", HTML_INLINE },
	{ "img", HTML_INLINE }, { "input", HTML_INLINE }, { "ins", HTML_INLINE },
	{ "kbd", HTML_INLINE }, { "label", HTML_INLINE }, { "li", HTML_BREAK },
	{ "link", HTML_INLINE }, { "main", HTML_BREAK }, { "map", HTML_INLINE },
	{ "meta", HTML_INLINE }, { "nav", HTML_BREAK }, { "nobr", HTML_INLINE },
	{ "noscript", HTML_INLINE }, { "ol", HTML_BREAK },
	{ "option", HTML_BREAK }, { "p", HTML_BREAK }, { "pre", HTML_PRE },
	{ "q", HTML_INLINE }, { "s", HTML_INLINE }, { "script", HTML_SKIP },
	{ "section", HTML_BREAK }, { "select", HTML_INLINE },
	{ "small", HTML_INLINE }, { "span", HTML_INLINE },
	{ "strike", HTML_INLINE }, { "strong", HTML_INLINE },
	{ "style", HTML_SKIP }, { "sub", HTML_INLINE },
	{ "summary", HTML_BREAK }, { "sup", HTML_INLINE }, { "svg", HTML_SKIP },
	{ "table", HTML_BREAK }, { "tbody", HTML_BREAK }, { "td", HTML_CELL },
	{ "template", HTML_SKIP }, { "textarea", HTML_BREAK },
	{ "tfoot", HTML_BREAK }, { "th", HTML_CELL }, { "thead", HTML_BREAK },
	{ "time", HTML_INLINE }, { "title", HTML_BREAK }, { "tr", HTML_BREAK },
	{ "tt", HTML_INLINE }, { "u", HTML_INLINE }, { "ul", HTML_BREAK },
	{ "var", HTML_INLINE }, { "wbr", HTML_INLINE },
};

struct html_entity {
	const char *name;
	uint32_t code;
};

/* Those that code, quotes and addresses are made of. */
static const struct html_entity entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
	{ "nbsp", 0xa0 }, { "AMP", '&' }, { "LT", '<' }, { "GT", '>' },
	{ "QUOT", '"' }, { "apos", '\'' }, { "Tab", '\t' }, { "NewLine", '\n' },
	{ "ast", '*' }, { "bsol", '\\' }, { "colon", ':' }, { "comma", ',' },
	{ "commat", '@' }, { "dollar", '$' }, { "equals", '=' },
	{ "excl", '!' }, { "grave", '`' }, { "hyphen", '-' }, { "lbrace", '{' },
	{ "lbrack", '[' }, { "lcub", '{' }, { "lowbar", '_' }, { "lpar", '(' },
	{ "lsqb", '[' }, { "minus", '-' }, { "num", '#' }, { "percnt", '%' },
	{ "period", '.' }, { "plus", '+' }, { "quest", '?' }, { "rbrace", '}' },
	{ "rbrack", ']' }, { "rcub", '}' }, { "rpar", ')' }, { "rsqb", ']' },
	{ "semi", ';' }, { "shy", 0xad }, { "sol", '/' }, { "verbar", '|' },
	{ "vert", '|' }, { "zwnj", 0x200c },
};

/* The first ones were in HTML before the semicolon was a must. */
#define ENTITIES_LAX	9

/**
 * struct html - a page being read
 * @out: where lines go
 * @in: the page's lines
 * @row: the one that @at is in
 * @at: what is read next, in a copy of the page in which newlines end lines
 * @end: behind that
 * @line: what will be a line of @out
 * @line_no: where that began
 * @pre: how many <pre> @at is in
 * @quotes: how many <blockquote>
 * @gap: a blank is due before the next character
 * @endless: up to here no tag ends that began before
 * @plain: the page has neither <pre> nor <br>: newlines are newlines anywhere
 */
struct html {
	struct subject_lines *out;
	const struct subject_lines *in;
	size_t row;
	const char *at, *end, *endless;
	struct subject_text line;
	uint32_t line_no;
	unsigned int pre, quotes;
	bool gap, plain;
};

/* The line of the file that is being read. */
static uint32_t html_no(const struct html *h)
{
	return h->in->line[h->row < h->in->nr ? h->row : h->in->nr - 1].no;
}

/* A line ends here. */
static void html_line(struct html *h)
{
	struct subject_text text = { 0 };
	unsigned int i;

	for (i = 0; i < h->quotes; i++)
		subject_text_add(&text, "> ", 2);
	if (h->line.len)
		subject_text_add(&text, h->line.at, h->line.len);
	subject_lines_add(h->out, text.at ? text.at : "", text.len,
			  h->line.len ? h->line_no : html_no(h));
	subject_text_free(&text);
	h->line.len = 0;
	h->gap = false;
}

/* A line ends here if there is one. */
static void html_break(struct html *h)
{
	if (h->line.len)
		html_line(h);
	h->gap = false;
}

/* Show bytes. */
static void html_put(struct html *h, const char *bytes, size_t len)
{
	if (!h->line.len)
		h->line_no = html_no(h);
	else if (h->gap)
		subject_text_add(&h->line, " ", 1);
	h->gap = false;
	subject_text_add(&h->line, bytes, len);
}

/* Show a character by its number, in UTF-8. */
static void html_put_code(struct html *h, uint32_t code)
{
	char b[4];

	if (code == '\n')
		html_line(h);
	if (code == '\n' || code == '\r' || code == 0xad || !code ||
	    (code >= 0x200b && code <= 0x200d) || code == 0xfeff ||
	    code > 0x10ffff)
		return;
	if (code == 0xa0)
		code = ' ';
	if (code < 0x80) {
		b[0] = code;
		html_put(h, b, 1);
	} else if (code < 0x800) {
		b[0] = 0xc0 | code >> 6;
		b[1] = 0x80 | (code & 0x3f);
		html_put(h, b, 2);
	} else if (code < 0x10000) {
		b[0] = 0xe0 | code >> 12;
		b[1] = 0x80 | (code >> 6 & 0x3f);
		b[2] = 0x80 | (code & 0x3f);
		html_put(h, b, 3);
	} else {
		b[0] = 0xf0 | code >> 18;
		b[1] = 0x80 | (code >> 12 & 0x3f);
		b[2] = 0x80 | (code >> 6 & 0x3f);
		b[3] = 0x80 | (code & 0x3f);
		html_put(h, b, 4);
	}
}

/* &#NN; or &#xNN; at h->at. Return: is it one? */
static bool html_number(struct html *h)
{
	const char *p = h->at + 2;
	uint32_t code = 0;
	int base = 10, digit, digits = 0;

	if (p < h->end && (*p == 'x' || *p == 'X')) {
		base = 16;
		p++;
	}
	for (; p < h->end && isxdigit((unsigned char)*p); p++, digits++) {
		digit = isdigit((unsigned char)*p) ? *p - '0' :
			tolower((unsigned char)*p) - 'a' + 10;
		if (digit >= base)
			break;
		if (code <= 0x10ffff)
			code = code * base + digit;
	}
	if (!digits)
		return false;
	h->at = p + (p < h->end && *p == ';');
	html_put_code(h, code);
	return true;
}

/* '&' at h->at. */
static void html_entity(struct html *h)
{
	size_t i, len, left = h->end - h->at;
	const char *after;

	if (left > 2 && h->at[1] == '#' && html_number(h))
		return;
	for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		len = strlen(entities[i].name);
		if (left <= len || strncmp(h->at + 1, entities[i].name, len))
			continue;
		after = h->at + 1 + len;
		if (after < h->end && *after == ';')
			after++;
		else if (i >= ENTITIES_LAX ||
			 (after < h->end &&
			  (isalnum((unsigned char)*after) || *after == '=')))
			continue;
		h->at = after;
		html_put_code(h, entities[i].code);
		return;
	}
	html_put(h, h->at++, 1);
}

/* Go on at @to, counting lines. */
static void html_skip(struct html *h, const char *to)
{
	for (; h->at < to; h->at++)
		h->row += *h->at == '\n';
}

/* Where this text is next, whatever its case; or the end of the page. */
static const char *html_find(const struct html *h, const char *what)
{
	const char *p = h->at;
	size_t n = strlen(what);

	for (; (size_t)(h->end - p) >= n; p++)
		if (*p == *what && !strncasecmp(p, what, n))
			return p;
	return h->end;
}

/* Behind the '>' that ends the tag at h->at; NULL if none is near. */
static const char *html_tag_end(struct html *h)
{
	const char *p = h->at + 1, *limit = h->end;
	char quote = 0;

	if (limit - h->at > TAG_MAX)
		limit = h->at + TAG_MAX;
	if (p < h->endless)
		p = h->endless;
	for (; p < limit; p++) {
		if (quote) {
			if (*p == quote)
				quote = 0;
		} else if ((*p == '"' || *p == '\'') && p[-1] == '=') {
			quote = *p;
		} else if (*p == '>') {
			return p + 1;
		}
	}
	h->endless = limit;
	return NULL;
}

/* The element of the tag at h->at, or NULL if it is none. */
static const struct html_element *html_element(const struct html *h,
					       bool *closes)
{
	const char *p = h->at + 1;
	char name[NAME_MAX_HTML];
	size_t i, n = 0;

	*closes = p < h->end && *p == '/';
	p += *closes;
	while (p < h->end && isalnum((unsigned char)*p) &&
	       n < sizeof(name) - 1)
		name[n++] = tolower((unsigned char)*p++);
	name[n] = '\0';
	if (!n || p >= h->end || !strchr(" \t\r\n/>", *p))
		return NULL;
	/* <dir/file.h> is no <dir/>. */
	if (*p == '/' && (p + 1 >= h->end || p[1] != '>'))
		return NULL;
	for (i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (!strcmp(name, elements[i].name))
			return &elements[i];
	return NULL;
}

static int hex(const char *p)
{
	char digits[3] = { p[0], p[1], '\0' };

	return isxdigit((unsigned char)p[0]) && isxdigit((unsigned char)p[1]) ?
		(int)strtol(digits, NULL, 16) : -1;
}

/*
 * A tag that hides an address (or what was taken for one) in a number: each
 * byte is XORed with the first one. Return: was it one?
 */
static bool html_hidden(struct html *h, const char *tag_end,
			const struct html_element *element)
{
	static const char key_word[] = "data-cfemail=\"";
	const char *p = memmem(h->at, tag_end - h->at, key_word,
			       sizeof(key_word) - 1);
	char close[NAME_MAX_HTML + 3], c;
	int key, byte;

	if (!p)
		return false;
	p += sizeof(key_word) - 1;
	key = hex(p);
	for (p += 2; key >= 0 && p + 1 < tag_end && hex(p) >= 0; p += 2) {
		byte = hex(p) ^ key;
		c = byte;
		if (byte >= ' ')
			html_put(h, &c, 1);
	}
	html_skip(h, tag_end);
	snprintf(close, sizeof(close), "</%s", element->name);
	html_skip(h, html_find(h, close));
	return true;
}

/* '<' at h->at. */
static void html_tag(struct html *h)
{
	const struct html_element *element;
	const char *end = html_tag_end(h);
	char close[NAME_MAX_HTML + 3];
	bool closes;

	if (!strncmp(h->at, "<!--", 4)) {
		html_skip(h, html_find(h, "-->"));
		html_skip(h, h->end - h->at < 3 ? h->end : h->at + 3);
		return;
	}
	if (end && (h->at[1] == '?' ||
		    subject_begins_nocase(h->at, h->end - h->at, "<!doctype"))) {
		html_skip(h, end);
		return;
	}
	element = html_element(h, &closes);
	if (!element || !end) {
		html_put(h, h->at++, 1);
		return;
	}
	if (!closes && html_hidden(h, end, element))
		return;
	html_skip(h, end);
	switch (element->effect) {
	case HTML_INLINE:
		break;
	case HTML_CELL:
		h->gap = h->line.len > 0;
		break;
	case HTML_SKIP:
		snprintf(close, sizeof(close), "</%s", element->name);
		if (!closes)
			html_skip(h, html_find(h, close));
		break;
	case HTML_BREAK:
		if (!strcmp(element->name, "br"))
			html_line(h);
		else
			html_break(h);
		break;
	case HTML_PRE:
		html_break(h);
		h->pre += closes ? (h->pre ? -1 : 0) : 1;
		break;
	case HTML_QUOTE:
		html_break(h);
		if (closes)
			h->quotes -= h->quotes > 0;
		else
			h->quotes += h->quotes < QUOTES_MAX;
		break;
	}
}

static void html_read(struct html *h)
{
	while (h->at < h->end) {
		if (*h->at == '<') {
			html_tag(h);
		} else if (*h->at == '&') {
			html_entity(h);
		} else if (*h->at == '\n' && (h->pre || h->plain)) {
			html_line(h);
			h->at++;
			h->row++;
		} else if (isspace((unsigned char)*h->at) && !h->pre &&
			   !h->plain) {
			h->gap = h->line.len > 0;
			h->row += *h->at++ == '\n';
		} else {
			html_put(h, h->at++, 1);
		}
	}
	html_break(h);
}

void subject_html_text(struct subject_lines *ret,
		       const struct subject_lines *in)
{
	struct subject_text page = { 0 };
	struct html h = { .out = ret, .in = in };
	size_t i;

	if (!in->nr)
		return;
	for (i = 0; i < in->nr; i++) {
		subject_text_add(&page, in->line[i].text, in->line[i].len);
		subject_text_add(&page, "\n", 1);
	}
	h.at = h.endless = page.at;
	h.end = h.at + page.len;
	h.plain = html_find(&h, "<pre") == h.end &&
		  html_find(&h, "<br") == h.end;
	html_read(&h);
	subject_text_free(&h.line);
	subject_text_free(&page);
}

bool subject_html_is(const struct subject_lines *in)
{
	const char *p;
	size_t i, seen = 0;

	for (i = 0; i < in->nr && seen < 5; i++) {
		p = in->line[i].text + strspn(in->line[i].text, " \t\f");
		if (!*p)
			continue;
		seen++;
		if (subject_begins_nocase(p, strlen(p), "<!doctype html") ||
		    subject_begins_nocase(p, strlen(p), "<html") ||
		    subject_begins_nocase(p, strlen(p), "<head") ||
		    subject_begins_nocase(p, strlen(p), "<body") ||
		    subject_begins_nocase(p, strlen(p), "<pre") ||
		    subject_begins_nocase(p, strlen(p), "<?xml") ||
		    subject_begins_nocase(p, strlen(p), "<meta") ||
		    subject_begins_nocase(p, strlen(p), "<table"))
			return true;
	}
	return false;
}

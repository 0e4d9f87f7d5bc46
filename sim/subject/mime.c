/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mail as it was sent or saved: its headers, parts and encodings taken off
 * (RFC 5322, 2045, 2046, 3676), so that its text remains.
 *
 * Lenient where mailers are sloppy: an unknown charset or encoding is taken as
 * it is, a part without an end ends with the mail.
 */
#include "sim/subject/mime.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/subject/html.h"

#define DEPTH_MAX	8		/* parts in each other */
#define PARTS_MAX	64		/* of one mail */
#define LINE_MAX_BYTES	(1u << 20)

enum mime_encoding { ENCODING_NONE, ENCODING_QP, ENCODING_BASE64 };
enum mime_type { TYPE_PLAIN, TYPE_PATCH, TYPE_HTML, TYPE_MULTIPART,
		 TYPE_MESSAGE, TYPE_OTHER };

/**
 * struct mime_head - what the headers of a mail or a part say
 * @subject: to be freed, or NULL
 */
struct mime_head {
	enum mime_type type;
	enum mime_encoding encoding;
	bool flowed, delsp;
	char boundary[80];
	char *subject;
};

/**
 * struct mime - a mail being taken apart
 * @raw: the file's lines
 * @part: text parts in the order of the mail
 * @type: of each
 * @nr: how many
 * @subject: of the outermost headers
 */
struct mime {
	struct subject_lines raw;
	struct subject_mpart part[PARTS_MAX];
	enum mime_type type[PARTS_MAX];
	unsigned int nr;
	char *subject;
};

/* --- headers --- */

/* Is it "Name: ..."? */
static bool is_header(const struct subject_mline *line)
{
	size_t n = 0;

	while (isalnum((unsigned char)line->text[n]) || line->text[n] == '-')
		n++;
	return n > 1 && line->text[n] == ':' &&
	       (line->text[n + 1] == ' ' || line->text[n + 1] == '\t' ||
		!line->text[n + 1]);
}

/* Headers, and a known one among them, up to an empty line? */
static bool has_headers(const struct subject_lines *raw, size_t from)
{
	static const char *const known[] = {
		"from:", "to:", "subject:", "date:", "message-id:", "received:",
		"content-type:", "mime-version:", "return-path:",
	};
	size_t i, k;
	bool found = false;

	for (i = from; i < raw->nr && raw->line[i].len; i++) {
		if (i > from && (raw->line[i].text[0] == ' ' ||
				 raw->line[i].text[0] == '\t'))
			continue;
		if (!is_header(&raw->line[i]))
			return false;
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			found |= subject_begins_nocase(raw->line[i].text,
						       raw->line[i].len,
						       known[k]);
	}
	return found && i < raw->nr;
}

/* The value of a parameter ("charset"), or false. */
static bool parameter(const char *value, const char *name, char *ret,
		      size_t size)
{
	size_t n = strlen(name), len = 0;
	const char *p = value;
	char quote;

	while ((p = strchr(p, ';'))) {
		p += 1 + strspn(p + 1, " \t\r\n");
		if (strncasecmp(p, name, n))
			continue;
		p += n;
		p += strspn(p, " \t");
		if (*p++ != '=')
			continue;
		p += strspn(p, " \t");
		quote = *p == '"' ? *p++ : '\0';
		for (; *p && len < size - 1; p++) {
			if (quote ? *p == quote : strchr("; \t", *p) != NULL)
				break;
			ret[len++] = *p;
		}
		ret[len] = '\0';
		return true;
	}
	return false;
}

static void content_type(struct mime_head *head, const char *value)
{
	char word[80], name[160] = "";
	size_t len = strcspn(value, "; \t");
	bool patch;

	if (!parameter(value, "name", name, sizeof(name)))
		name[0] = '\0';
	patch = strstr(name, ".patch") || strstr(name, ".diff");
	if (subject_begins_nocase(value, len, "multipart/"))
		head->type = TYPE_MULTIPART;
	else if (subject_begins_nocase(value, len, "message/rfc822"))
		head->type = TYPE_MESSAGE;
	else if (subject_begins_nocase(value, len, "text/html"))
		head->type = TYPE_HTML;
	else if (subject_begins_nocase(value, len, "text/x-patch") ||
		 subject_begins_nocase(value, len, "text/x-diff") || patch)
		head->type = TYPE_PATCH;
	else if (subject_begins_nocase(value, len, "text/"))
		head->type = TYPE_PLAIN;
	else
		head->type = TYPE_OTHER;
	if (!parameter(value, "boundary", head->boundary,
		       sizeof(head->boundary)))
		head->boundary[0] = '\0';
	head->flowed = parameter(value, "format", word, sizeof(word)) &&
		       !strcasecmp(word, "flowed");
	head->delsp = parameter(value, "delsp", word, sizeof(word)) &&
		      !strcasecmp(word, "yes");
}

static void header(struct mime_head *head, const char *text)
{
	const char *value = strchr(text, ':') + 1;
	size_t n = value - text;

	value += strspn(value, " \t");
	if (subject_begins_nocase(text, n, "content-type:")) {
		content_type(head, value);
	} else if (subject_begins_nocase(text, n,
					 "content-transfer-encoding:")) {
		if (!strncasecmp(value, "quoted-printable", 16))
			head->encoding = ENCODING_QP;
		else if (!strncasecmp(value, "base64", 6))
			head->encoding = ENCODING_BASE64;
	} else if (subject_begins_nocase(text, n, "subject:") &&
		   !head->subject) {
		head->subject = subject_must(strdup(value));
	}
}

/* Read headers from @i. Return: the first line of what follows them. */
static size_t read_head(const struct subject_lines *raw, size_t i, size_t end,
			struct mime_head *head)
{
	struct subject_text text = { 0 };

	for (; i < end && raw->line[i].len; i++) {
		text.len = 0;
		if (!is_header(&raw->line[i]))
			continue;
		subject_text_add(&text, raw->line[i].text, raw->line[i].len);
		while (i + 1 < end && (raw->line[i + 1].text[0] == ' ' ||
				       raw->line[i + 1].text[0] == '\t')) {
			i++;
			subject_text_add(&text, raw->line[i].text,
					 raw->line[i].len);
		}
		header(head, text.at);
	}
	subject_text_free(&text);
	return i < end ? i + 1 : end;
}

/* --- encodings --- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One line of quoted-printable. Return: does it end softly? */
static bool qp_line(const struct subject_mline *line, struct subject_text *ret)
{
	size_t i, len = line->len;
	char c;

	while (len && (line->text[len - 1] == ' ' ||
		       line->text[len - 1] == '\t'))
		len--;
	for (i = 0; i < len; i++) {
		c = line->text[i];
		if (c == '=' && i + 1 == len)
			return true;
		if (c == '=' && i + 2 < len + 0 &&
		    hex_digit(line->text[i + 1]) >= 0 &&
		    hex_digit(line->text[i + 2]) >= 0) {
			c = hex_digit(line->text[i + 1]) << 4 |
			    hex_digit(line->text[i + 2]);
			i += 2;
		}
		/* An encoded end of line would make one line two. */
		if (c && c != '\n' && c != '\r')
			subject_text_add(ret, &c, 1);
	}
	return false;
}

static void decode_qp(const struct subject_lines *raw, size_t i, size_t end,
		      struct subject_lines *ret)
{
	struct subject_text text = { 0 };
	uint32_t no;

	while (i < end) {
		no = raw->line[i].no;
		text.len = 0;
		while (i < end && qp_line(&raw->line[i++], &text))
			;
		subject_lines_add(ret, text.len ? text.at : "", text.len, no);
	}
	subject_text_free(&text);
}

static void decode_base64(const struct subject_lines *raw, size_t i, size_t end,
			  struct subject_lines *ret)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct subject_text text = { 0 };
	uint32_t bits = 0, no = i < end ? raw->line[i].no : 1;
	unsigned int have = 0;
	const char *p, *digit;
	char c;

	for (; i < end; i++) {
		for (p = raw->line[i].text; *p; p++) {
			digit = strchr(digits, *p);
			if (!digit)
				continue;
			bits = bits << 6 | (digit - digits);
			have += 6;
			if (have < 8)
				continue;
			have -= 8;
			c = bits >> have;
			if (c)
				subject_text_add(&text, &c, 1);
		}
	}
	subject_lines_split(ret, text.at ? text.at : "", text.len, no);
	subject_text_free(&text);
}

/* --- text --- */

/* No-break spaces become spaces, what has no width goes. */
static void plain_spaces(struct subject_mline *line)
{
	unsigned char *s = (unsigned char *)line->text;
	size_t i, n = 0;

	for (i = 0; i < line->len; i++) {
		if (s[i] == 0xc2 && s[i + 1] == 0xa0) {
			s[n++] = ' ';
			i++;
		} else if ((s[i] == 0xe2 && s[i + 1] == 0x80 &&
			    s[i + 2] == 0x8b) ||
			   (s[i] == 0xef && s[i + 1] == 0xbb &&
			    s[i + 2] == 0xbf)) {
			i += 2;
		} else if (s[i] == 0xa0 && (!i || s[i - 1] < 0x80)) {
			s[n++] = ' ';	/* ISO 8859 */
		} else {
			s[n++] = s[i];
		}
	}
	s[n] = '\0';
	line->len = n;
}

/* How deep a line is quoted; *@at is behind its last '>'. */
static unsigned int flowed_depth(const struct subject_mline *line, size_t *at)
{
	for (*at = 0; line->text[*at] == '>'; ++*at)
		;
	return *at;
}

/* What no line of a patch is joined to: it has a meaning of its own. */
static bool begins_diff_line(const char *s)
{
	return strchr("+-@\\", *s) || !strncmp(s, "diff ", 5) ||
	       !strncmp(s, "index ", 6);
}

/*
 * RFC 3676: a line that ends in a space goes on in the next one of the same
 * depth; a space in front of a line may be stuffing. Mailers that send patches
 * like this keep to it badly, so what begins like a line of a diff is one.
 */
static void unflow(struct subject_lines *l, bool delsp)
{
	struct subject_lines out = { 0 };
	unsigned int depth, last_depth = 0;
	bool soft = false;
	size_t i, at, len;
	const char *s;

	for (i = 0; i < l->nr; i++) {
		depth = flowed_depth(&l->line[i], &at);
		s = l->line[i].text + at;
		if (*s == ' ' && !depth) {
			s++;
			at++;
		}
		len = l->line[i].len - at;
		if (soft && depth == last_depth && len &&
		    !begins_diff_line(s + (*s == ' ' && depth))) {
			if (delsp && out.line[out.nr - 1].len)
				out.line[out.nr - 1].len--;
			s += *s == ' ' && depth;
			subject_lines_join(&out, out.nr - 1, s, strlen(s),
					   false);
		} else {
			subject_lines_add(&out, depth ? l->line[i].text : s,
					  depth ? l->line[i].len : len,
					  l->line[i].no);
		}
		/* A context line that is empty, "-- ": not soft. */
		soft = len > 40 && s[strlen(s) - 1] == ' ';
		last_depth = depth;
	}
	subject_lines_free(l);
	*l = out;
}

/* --- parts --- */

static void take_part(struct mime *m, const struct mime_head *head, size_t i,
		      size_t end)
{
	struct subject_lines *part, html = { 0 };
	/* A multipart without a boundary, say, is taken as it is. */
	enum mime_type type = head->type == TYPE_PATCH ||
			      head->type == TYPE_HTML ? head->type : TYPE_PLAIN;
	size_t k;

	if (m->nr == PARTS_MAX)
		return;
	memset(&m->part[m->nr], 0, sizeof(m->part[m->nr]));
	part = &m->part[m->nr].lines;
	m->part[m->nr].exact = head->encoding != ENCODING_BASE64;
	if (head->encoding == ENCODING_QP)
		decode_qp(&m->raw, i, end, part);
	else if (head->encoding == ENCODING_BASE64)
		decode_base64(&m->raw, i, end, part);
	else
		for (; i < end; i++)
			subject_lines_add(part, m->raw.line[i].text,
					  m->raw.line[i].len,
					  m->raw.line[i].no);
	if (type == TYPE_HTML || subject_html_is(part)) {
		subject_html_text(&html, part);
		subject_lines_free(part);
		*part = html;
		type = TYPE_HTML;
	}
	for (k = 0; k < part->nr; k++)
		plain_spaces(&part->line[k]);
	if (head->flowed && type == TYPE_PLAIN)
		unflow(part, head->delsp);
	m->part[m->nr].html = type == TYPE_HTML;
	m->type[m->nr++] = type;
}

static void entity(struct mime *m, size_t i, size_t end, bool headers,
		   unsigned int depth);

/* The parts between the lines "--boundary". */
static void multipart(struct mime *m, const struct mime_head *head, size_t i,
		      size_t end, unsigned int depth)
{
	size_t n = strlen(head->boundary), begin = SIZE_MAX;
	const char *s;
	bool last;

	for (; i < end; i++) {
		s = m->raw.line[i].text;
		if (strncmp(s, "--", 2) || strncmp(s + 2, head->boundary, n))
			continue;
		last = !strncmp(s + 2 + n, "--", 2);
		if (!last && s[2 + n + strspn(s + 2 + n, " \t")])
			continue;
		if (begin != SIZE_MAX)
			entity(m, begin, i, true, depth + 1);
		begin = i + 1;
		if (last)
			return;
	}
	if (begin != SIZE_MAX)
		entity(m, begin, end, true, depth + 1);
}

/* A mail, or a part of one. */
static void entity(struct mime *m, size_t i, size_t end, bool headers,
		   unsigned int depth)
{
	struct mime_head head = { 0 };

	if (headers)
		i = read_head(&m->raw, i, end, &head);
	if (!depth)
		m->subject = head.subject;
	else
		free(head.subject);
	if (head.type == TYPE_MULTIPART && head.boundary[0]) {
		if (depth < DEPTH_MAX)
			multipart(m, &head, i, end, depth);
	} else if (head.type == TYPE_MESSAGE) {
		if (depth < DEPTH_MAX)
			entity(m, i, end, true, depth + 1);
	} else if (head.type != TYPE_OTHER) {
		take_part(m, &head, i, end);
	}
}

static int refuse(struct subject_error *err, const char *path, size_t line,
		  const char *what)
{
	snprintf(err->text, sizeof(err->text), "%s:%zu: %s", path, line, what);
	return -EINVAL;
}

/* What no mail has. */
static int check_bytes(const char *path, const char *bytes, size_t size,
		       struct subject_error *err)
{
	const char *p = bytes, *end = bytes + size, *newline;
	size_t line = 1;

	while (p < end && isspace((unsigned char)*p))
		p++;
	if (p == end)
		return refuse(err, path, 1, "is empty, expected a mail");
	p = bytes;
	if (size > SUBJECT_SOURCE_MAX)
		return refuse(err, path, 1, "is too big for a mail: the limit is 32 MiB");
	for (; p < end; p = newline + 1, line++) {
		newline = memchr(p, '\n', end - p);
		if (!newline)
			newline = end;
		if (memchr(p, '\0', newline - p))
			return refuse(err, path, line,
				      "holds a NUL byte: expected a mail as "
				      "text or HTML, not binary data");
		if (newline - p > LINE_MAX_BYTES)
			return refuse(err, path, line,
				      "is longer than a mail's line can be: the limit is 1 MiB");
	}
	return 0;
}

/* The next "From ..." line with headers below it. Return: its index, or nr. */
static size_t next_mail(const struct subject_lines *raw, size_t i)
{
	for (i++; i < raw->nr; i++)
		if (!raw->line[i - 1].len &&
		    subject_line_begins(&raw->line[i], "From ") &&
		    strchr(raw->line[i].text, ':') && has_headers(raw, i + 1))
			return i;
	return raw->nr;
}

/* One mail: lines from @i up to @end. */
static void read_mail(struct subject_mime *ret, struct mime *m, size_t i,
		      size_t end)
{
	/* The order in which parts are looked at. */
	static const enum mime_type order[] = { TYPE_PLAIN, TYPE_PATCH,
						TYPE_HTML };
	unsigned int k, n;

	while (i < end && subject_lines_blank(&m->raw.line[i]))
		i++;
	m->nr = 0;
	entity(m, i, end, has_headers(&m->raw, i), 0);
	for (k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
		for (n = 0; n < m->nr; n++) {
			if (m->type[n] != order[k])
				continue;
			ret->part = subject_grow(ret->part, ret->nr, &ret->room,
						 sizeof(*ret->part));
			m->part[n].mail = ret->nr_mails;
			ret->part[ret->nr++] = m->part[n];
		}
	}
	if (ret->nr_mails++)
		free(m->subject);
	else
		ret->subject = m->subject;
	m->subject = NULL;
}

int subject_mime_read(struct subject_mime *ret, const char *path,
		      const char *bytes, size_t size,
		      struct subject_error *err)
{
	struct mime *m;
	size_t i = 0, next;

	memset(ret, 0, sizeof(*ret));
	if (check_bytes(path, bytes, size, err))
		return -EINVAL;
	m = subject_must(calloc(1, sizeof(*m)));
	subject_lines_split(&m->raw, bytes, size, 1);
	if (subject_line_begins(&m->raw.line[0], "From ") &&
	    has_headers(&m->raw, 1)) {
		for (; i < m->raw.nr; i = next) {
			next = next_mail(&m->raw, i);
			read_mail(ret, m, i + 1, next);
		}
	} else {
		read_mail(ret, m, 0, m->raw.nr);
	}
	subject_lines_free(&m->raw);
	free(m);
	return 0;
}

void subject_mime_free(struct subject_mime *mime)
{
	size_t i;

	for (i = 0; i < mime->nr; i++)
		subject_lines_free(&mime->part[i].lines);
	free(mime->part);
	free(mime->subject);
	memset(mime, 0, sizeof(*mime));
}

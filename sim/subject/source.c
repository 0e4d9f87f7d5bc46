/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text of the user's: reading it, its lines, complaints about it, and text
 * that grows. Stands for nothing in the kernel.
 */
#include "sim/subject/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *subject_must(void *p)
{
	if (!p) {
		fputs("pinsim: out of memory\n", stderr);
		exit(3);
	}
	return p;
}

void *subject_grow(void *array, size_t nr, size_t *room, size_t size)
{
	if (nr < *room)
		return array;
	*room = *room ? 2 * *room : 16;
	return subject_must(reallocarray(array, *room, size));
}

void subject_text_add(struct subject_text *t, const char *from, size_t len)
{
	size_t room = t->room ? t->room : 256;

	while (room - t->len <= len)
		room *= 2;
	if (room != t->room) {
		t->at = subject_must(realloc(t->at, room));
		t->room = room;
	}
	if (len)
		memcpy(t->at + t->len, from, len);
	t->len += len;
	t->at[t->len] = '\0';
}

void subject_text_puts(struct subject_text *t, const char *string)
{
	subject_text_add(t, string, strlen(string));
}

void subject_text_printf(struct subject_text *t, const char *format, ...)
{
	va_list args;
	char *made;
	int len;

	va_start(args, format);
	len = vasprintf(&made, format, args);
	va_end(args);
	if (len < 0)
		subject_must(NULL);
	subject_text_add(t, made, len);
	free(made);
}

void subject_text_quote(struct subject_text *t, const char *string)
{
	const char *p;

	subject_text_puts(t, "\"");
	for (p = string; *p; p++) {
		if (*p == '"' || *p == '\\')
			subject_text_printf(t, "\\%c", *p);
		else if ((unsigned char)*p < ' ' || *p == 0x7f)
			subject_text_printf(t, "\\%03o", (unsigned char)*p);
		else
			subject_text_add(t, p, 1);
	}
	subject_text_puts(t, "\"");
}

void subject_text_free(struct subject_text *t)
{
	free(t->at);
	*t = (struct subject_text){ 0 };
}

static void find_lines(struct subject_source *s)
{
	const char *p = s->text, *end = s->text + s->size;
	size_t room = 0;

	for (;;) {
		s->line = subject_grow(s->line, s->nr_lines, &room,
				       sizeof(*s->line));
		s->line[s->nr_lines++] = p - s->text;
		p = memchr(p, '\n', end - p);
		if (!p)
			break;
		p++;
	}
}

uint32_t subject_source_line(const struct subject_source *s, uint32_t at)
{
	uint32_t from = 0, to = s->nr_lines;

	while (to - from > 1) {
		uint32_t mid = from + (to - from) / 2;

		if (s->line[mid] <= at)
			from = mid;
		else
			to = mid;
	}
	return from + 1;
}

int subject_source_refuse(const struct subject_source *s, uint32_t at,
			  struct subject_error *err, const char *format, ...)
{
	uint32_t line = subject_source_line(s, at);
	va_list args;
	int len;

	len = snprintf(err->text, sizeof(err->text), "%.500s:%u:%u: ", s->path,
		       line, at - s->line[line - 1] + 1);
	va_start(args, format);
	vsnprintf(err->text + len, sizeof(err->text) - len, format, args);
	va_end(args);
	return -EINVAL;
}

static int refuse_size(const char *path, struct subject_error *err)
{
	snprintf(err->text, sizeof(err->text),
		 "%.500s: more than %u MiB, too much for a source", path,
		 SUBJECT_SOURCE_MAX >> 20);
	return -EINVAL;
}

/* Take @text over; it is @size bytes and a NUL. */
static int take(struct subject_source *ret, const char *path, char *text,
		size_t size, struct subject_error *err)
{
	struct subject_source s = {
		.path = subject_must(strdup(path)),
		.text = text,
		.size = size,
	};
	size_t len = strlen(text);

	find_lines(&s);
	if (len != size) {
		subject_source_refuse(&s, len, err,
				      "a NUL byte, this is no C text");
		subject_source_free(&s);
		return -EINVAL;
	}
	*ret = s;
	return 0;
}

int subject_source_from(struct subject_source *ret, const char *path,
			const char *text, size_t size,
			struct subject_error *err)
{
	char *copy;

	if (size > SUBJECT_SOURCE_MAX)
		return refuse_size(path, err);
	copy = subject_must(malloc(size + 1));
	if (size)
		memcpy(copy, text, size);
	copy[size] = '\0';
	return take(ret, path, copy, size, err);
}

static int read_all(FILE *file, const char *path, struct subject_text *text,
		    struct subject_error *err)
{
	char buf[16384];
	size_t n;

	while ((n = fread(buf, 1, sizeof(buf), file)) > 0) {
		subject_text_add(text, buf, n);
		if (text->len > SUBJECT_SOURCE_MAX)
			return refuse_size(path, err);
	}
	if (ferror(file)) {
		int error = errno;

		snprintf(err->text, sizeof(err->text), "%.500s: %s", path,
			 strerror(error));
		return -error;
	}
	return 0;
}

int subject_source_read(struct subject_source *ret, const char *path,
			struct subject_error *err)
{
	struct subject_text text = { 0 };
	FILE *file = fopen(path, "re");
	int r;

	if (!file) {
		r = -errno;
		snprintf(err->text, sizeof(err->text), "%.500s: %s", path,
			 strerror(-r));
		return r;
	}
	r = read_all(file, path, &text, err);
	fclose(file);
	if (!r) {
		/* An empty file has no buffer yet. */
		subject_text_add(&text, "", 0);
		return take(ret, path, text.at, text.len, err);
	}
	subject_text_free(&text);
	return r;
}

void subject_source_cut(struct subject_source *s, uint32_t line,
			uint32_t braces)
{
	s->cut = subject_must(reallocarray(s->cut, s->nr_cuts + 1,
					   sizeof(*s->cut)));
	s->cut[s->nr_cuts++] = (struct subject_cut){ line, braces };
}

void subject_source_free(struct subject_source *s)
{
	free(s->path);
	free(s->text);
	free(s->line);
	free(s->cut);
	*s = (struct subject_source){ 0 };
}

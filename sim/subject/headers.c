/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers, and what follows from them: see headers.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/layout.h"
#include "sim/subject/cache.h"
#include "sim/subject/headers_private.h"

/* FNV-1a: as headers.py computes it. */
static uint64_t hash64(const char *at, size_t size)
{
	uint64_t h = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < size; i++)
		h = (h ^ (unsigned char)at[i]) * 0x100000001b3;
	return h;
}

#define HEADER_MAX	(1u << 20)	/* bytes; a longer one is not ours */

static bool same(const char *path, uint64_t hash, char *buf)
{
	FILE *in = fopen(path, "re");
	size_t size;

	if (!in)
		return false;
	size = fread(buf, 1, HEADER_MAX, in);
	fclose(in);
	return hash64(buf, size) == hash;
}

int subject_headers_check(char *const dirs[2], struct subject_error *err)
{
	char *buf = subject_must(malloc(HEADER_MAX));
	unsigned int i;
	int r = 0;

	for (i = 0; i < subject_nr_headers && !r; i++) {
		const struct header *h = &subject_header[i];
		char *path = subject_format("%s/%s", dirs[!strncmp(h->name, "sim/", 4)],
					    h->name);

		if (!same(path, h->hash, buf)) {
			snprintf(err->text, sizeof(err->text), "%.800s is not the header that "
				 "this pinsim was built with: build pinsim again, or set "
				 "$PINSIM_INCLUDE", path);
			r = -ESTALE;
		}
		free(path);
	}
	free(buf);
	return r;
}

void subject_headers_assert(struct subject_text *ret)
{
	unsigned int i;

	for (i = 0; i < fakes_nr_layouts; i++)
		subject_text_printf(ret, "#line 1 \"" SUBJECT_LAYOUT_PATH "%s\"\n"
				    "_Static_assert(sizeof(%s) == %u, \"layout\");\n",
				    fakes_layout[i].type, fakes_layout[i].type,
				    fakes_layout[i].size);
	/* What compilers add behind all is nobody's. */
	subject_text_puts(ret, "#line 1 \"pinsim-glue\"\n");
}

/* ---- the user's own headers ---- */

#define NEAR_DEPTH	16	/* headers in headers */

/**
 * struct reading - a text and the headers in it
 * @ret: where they go
 * @seen: the path of each that was read, on a line
 * @near: folder of the user's file
 * @depth: headers that are being read
 */
struct reading {
	struct subject_text *ret, seen;
	const char *near;
	unsigned int depth;
};

static void read_headers(struct reading *r, const char *text, const char *dir);

static bool read_header(struct reading *r, const char *dir, const char *name, size_t len)
{
	char *path = subject_format("%s/%.*s", dir, (int)len, name);
	char *line = subject_format("\n%s\n", path), *slash;
	struct subject_source s;
	struct subject_error err;
	bool is_there = true;

	if (r->seen.len && strstr(r->seen.at, line)) {
		;
	} else if (subject_source_read(&s, path, &err)) {
		is_there = false;
	} else {
		subject_text_puts(&r->seen, line);
		subject_text_add(r->ret, s.text, s.size);
		slash = strrchr(path, '/');
		*slash = '\0';
		if (r->depth < NEAR_DEPTH) {
			r->depth++;
			read_headers(r, s.text, path);
			r->depth--;
		}
		subject_source_free(&s);
	}
	free(line);
	free(path);
	return is_there;
}

/* The name in #include "name", or NULL. */
static const char *included(const char *line, size_t *len)
{
	line += strspn(line, " \t");
	if (*line++ != '#')
		return NULL;
	line += strspn(line, " \t");
	if (strncmp(line, "include", 7))
		return NULL;
	line += 7 + strspn(line + 7, " \t");
	*len = *line == '"' ? strcspn(line + 1, "\"\n") : 0;
	return *len ? line + 1 : NULL;
}

static void read_headers(struct reading *r, const char *text, const char *dir)
{
	const char *line, *name;
	size_t len;

	for (line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		name = included(line, &len);
		if (name && !read_header(r, dir, name, len) && strcmp(dir, r->near))
			read_header(r, r->near, name, len);
	}
}

void subject_headers_near(struct subject_text *ret, const char *text, const char *near)
{
	struct reading r = { .ret = ret, .near = near };

	if (near)
		read_headers(&r, text, near);
	subject_text_free(&r.seen);
}

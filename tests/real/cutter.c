/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts a kernel file as 'pinsim subject' does, and prints it as JSON: its text,
 * and the functions in it with the lines that they have. What becomes of it is
 * build.py's business: it is linked into the model, not loaded.
 *
 * usage: CUTTER FILE PATH [keep=NAMES] [stop=NAMES] [in=FOLDER]...
 *
 * FILE is what is read, PATH is what it is called. keep: these functions and no
 * others; everything without it. in: where headers are that stay included.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/slice.h"

#define NAMES_MAX	256

/**
 * struct request - the command line
 * @names: what is kept, @nr_names of them
 * @stops: what is not, @nr_stops of them
 * @dirs: folders of headers
 */
struct request {
	const char *names[NAMES_MAX], *stops[NAMES_MAX], *dirs[NAMES_MAX];
	uint32_t nr_names, nr_stops, nr_dirs;
};

/* "a,b" in place. Return: how many. */
static uint32_t split(char *list, const char **ret)
{
	char *save = NULL, *word;
	uint32_t n = 0;

	for (word = strtok_r(list, ",", &save); word && n < NAMES_MAX;
	     word = strtok_r(NULL, ",", &save))
		ret[n++] = word;
	return n;
}

static json_t *functions_of(const struct subject_slice *slice)
{
	json_t *list = json_array();
	uint32_t i;

	for (i = 0; i < slice->nr_parts; i++) {
		const struct subject_part *part = &slice->part[i];

		if (part->is_function)
			json_array_append_new(list, json_pack("[s,i]", part->name,
							      part->end_line - part->line + 1));
	}
	return list;
}

static int cut(const struct request *r, const struct subject_source *source,
	       struct subject_error *err)
{
	const struct subject_wanted wanted = {
		.named = r->names, .nr_named = r->nr_names,
		.stop = r->stops, .nr_stop = r->nr_stops,
		.only_named = r->nr_names,
	};
	struct subject_dirs dirs = { r->dirs, r->nr_dirs };
	const struct subject_slice_options options = {
		.has_header = subject_dirs_have, .ctx = &dirs,
	};
	struct subject_closure closure;
	struct subject_slice slice;
	struct subject_scan scan;
	json_t *doc;
	int e = subject_scan(&scan, source, err);

	if (e)
		return e;
	e = subject_close(&closure, &scan, &wanted, err);
	if (!e) {
		subject_slice(&slice, &closure, &options);
		doc = json_pack("{s:s%,s:o}", "text", slice.text.at, slice.text.len,
				"functions", functions_of(&slice));
		e = doc && !json_dumpf(doc, stdout, 0) ? 0 : -EINVAL;
		if (e)
			snprintf(err->text, sizeof(err->text), "%s: is no text", source->path);
		json_decref(doc);
		subject_slice_free(&slice);
		subject_closure_free(&closure);
	}
	subject_scan_free(&scan);
	return e;
}

/* @path instead of where the file happens to be. */
static int read_as(struct subject_source *ret, const char *file, const char *path,
		   struct subject_error *err)
{
	struct subject_source raw;
	int e = subject_source_read(&raw, file, err);

	if (e)
		return e;
	e = subject_source_from(ret, path, raw.text, raw.size, err);
	subject_source_free(&raw);
	return e;
}

int main(int argc, char **argv)
{
	struct subject_source source;
	struct request r = { .nr_names = 0 };
	struct subject_error err;
	int i, e;

	for (i = 3; i < argc; i++) {
		if (!strncmp(argv[i], "keep=", 5))
			r.nr_names = split(argv[i] + 5, r.names);
		else if (!strncmp(argv[i], "stop=", 5))
			r.nr_stops = split(argv[i] + 5, r.stops);
		else if (!strncmp(argv[i], "in=", 3) && r.nr_dirs < NAMES_MAX)
			r.dirs[r.nr_dirs++] = argv[i] + 3;
		else
			break;
	}
	if (argc < 3 || i < argc) {
		fprintf(stderr, "usage: CUTTER FILE PATH [keep=NAMES] [stop=NAMES] "
			"[in=FOLDER]...\n");
		return 2;
	}
	e = read_as(&source, argv[1], argv[2], &err);
	if (!e) {
		e = cut(&r, &source, &err);
		subject_source_free(&source);
	}
	if (e)
		fprintf(stderr, "%s\n", err.text);
	return e ? 2 : 0;
}

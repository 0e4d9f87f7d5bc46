/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subjects that are designs now: see subject.h.  The list is the program's, as
 * the engine's list of images is that it goes with.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/subject/cache.h"
#include "sim/subject/load.h"
#include "sim/subject/object.h"
#include "sim/subject/subject.h"

struct opened {
	struct subject_info info;
	struct subject_loaded *loaded;
	uint64_t hash;		/* of the file that it was loaded from */
};

static struct opened opened[SIM_MAX_IMAGES];
static unsigned int nr_opened;

static void copy(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* One line of the description; unknown words are left alone. */
static void take_line(struct opened *o, const char *line, size_t len)
{
	size_t word = strcspn(line, " ");
	const char *value = line + word + 1;
	size_t rest = word < len ? len - word - 1 : 0;
	struct subject_info *i = &o->info;

	if (!strncmp(line, "design ", 7))
		copy(i->design, sizeof(i->design), value, rest);
	else if (!strncmp(line, "path ", 5))
		copy(i->path, sizeof(i->path), value, rest);
	else if (!strncmp(line, "kernel ", 7))
		copy(i->kernel, sizeof(i->kernel), value, rest);
	else if (!strncmp(line, "records ", 8))
		o->loaded->image.has_records = *value == '1';
	else if (!strncmp(line, "cut ", 4) && i->nr_cuts < 8)
		i->cut[i->nr_cuts++] = strtoul(value, NULL, 10);
}

static void take(struct opened *o)
{
	const char *line = o->loaded->about;

	while (*line) {
		size_t len = strcspn(line, "\n");

		take_line(o, line, len);
		line += len + (line[len] == '\n');
	}
	o->loaded->image.name = o->info.design;
}

static int hash_of(const char *path, uint64_t *ret, struct subject_error *err)
{
	struct subject_object o;
	int r = subject_object_read(&o, path, err);

	if (r)
		return r;
	*ret = XXH3_64bits(o.data, o.size);
	subject_object_free(&o);
	return 0;
}

/* What was loaded from such a file already, or NULL. */
static const struct subject_info *loaded_from(uint64_t hash)
{
	unsigned int i;

	for (i = 0; i < nr_opened; i++)
		if (opened[i].hash == hash)
			return subject_of(opened[i].info.design);
	return NULL;
}

const struct subject_info *subject_open(const char *path, struct subject_error *err)
{
	struct opened *o = &opened[nr_opened];
	const struct subject_info *same;
	uint64_t hash;

	if (hash_of(path, &hash, err))
		return NULL;
	same = loaded_from(hash);
	if (same)
		return same;
	if (nr_opened == SIM_MAX_IMAGES) {
		snprintf(err->text, sizeof(err->text), "%s: more than %d subjects at once", path,
			 SIM_MAX_IMAGES);
		return NULL;
	}
	o->loaded = subject_load(path, err);
	if (!o->loaded)
		return NULL;
	take(o);
	o->hash = hash;
	copy(o->info.object, sizeof(o->info.object), path, strlen(path));
	o->info.base = o->loaded->image.base;
	if (!*o->info.design) {
		snprintf(err->text, sizeof(err->text), "%s: a subject without a name", path);
		return NULL;
	}
	/* The first one answers to the name; the second is never asked. */
	same = subject_of(o->info.design);
	nr_opened++;
	return same ? same : &o->info;
}

const struct subject_info *subject_of(const char *design)
{
	unsigned int i;

	for (i = 0; i < nr_opened; i++)
		if (!strcmp(opened[i].info.design, design))
			return &opened[i].info;
	return NULL;
}

void subject_print_cuts(const char *design, const char *lead, FILE *out)
{
	const struct subject_info *info = subject_of(design);
	uint32_t i;

	for (i = 0; info && i < info->nr_cuts; i++)
		fprintf(out, "%s%s:%u: the code is cut off here; what followed was NOT tested\n",
			lead, info->path, info->cut[i]);
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len > n && !strcmp(text + len - n, end);
}

bool subject_is_file(const char *text)
{
	return strchr(text, '/') || ends_in(text, ".so") || ends_in(text, ".c");
}

static const struct subject_info *make_and_open(const char *path, const char *kernel,
						struct subject_error *err)
{
	const struct subject_info *ret = NULL;
	struct subject_source source;
	struct subject_made made;
	char *near;

	if (subject_source_read(&source, path, err))
		return NULL;
	near = subject_folder_of(path);
	struct subject_request r = { .source = &source, .kernel = kernel, .near = near };

	if (!subject_make(&r, &made, err))
		ret = subject_open(made.object, err);
	subject_made_free(&made);
	subject_source_free(&source);
	free(near);
	return ret;
}

const struct subject_info *subject_design(const char *text, const char *kernel,
					  struct subject_error *err)
{
	const struct subject_info *info = ends_in(text, ".c") ?
					  make_and_open(text, kernel, err) :
					  subject_open(text, err);

	if (!info || !kernel || !strcmp(info->kernel, kernel))
		return info;
	snprintf(err->text, sizeof(err->text), "%s was compiled for kernel %s, not %s; make it "
		 "again with 'pinsim subject --kernel %s'", text, info->kernel, kernel, kernel);
	return NULL;
}

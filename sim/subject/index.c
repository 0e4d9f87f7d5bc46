/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which header defines a name: an open hash table, whose order nobody sees.
 * Stands for nothing in the kernel.
 */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/needs.h"

struct entry {
	enum subject_space space;
	const char *name;	/* NULL: free */
	uint32_t len;
	const char *header;
};

/**
 * struct subject_index - the table
 * @entry: @size of them, a power of two
 * @nr: used
 * @size: always more than @nr
 * @kept: strings that entries point to, @nr_kept of them
 * @refused: headers that could not be scanned
 */
struct subject_index {
	struct entry *entry;
	uint32_t nr, size;
	char **kept;
	size_t nr_kept, kept_room;
	uint32_t refused;
};

struct subject_index *subject_index_new(void)
{
	struct subject_index *index = subject_must(calloc(1, sizeof(*index)));

	index->size = 1024;
	index->entry = subject_must(calloc(index->size, sizeof(*index->entry)));
	return index;
}

void subject_index_free(struct subject_index *index)
{
	size_t i;

	if (!index)
		return;
	for (i = 0; i < index->nr_kept; i++)
		free(index->kept[i]);
	free(index->kept);
	free(index->entry);
	free(index);
}

static char *keep(struct subject_index *index, char *string)
{
	index->kept = subject_grow(index->kept, index->nr_kept,
				   &index->kept_room, sizeof(*index->kept));
	index->kept[index->nr_kept++] = subject_must(string);
	return string;
}

/* FNV-1a. Where the name is, or would be. */
static struct entry *slot(const struct subject_index *index,
			  enum subject_space space, const char *name,
			  size_t len)
{
	uint32_t hash = 2166136261u ^ space, i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	for (;; hash++) {
		struct entry *entry = &index->entry[hash & (index->size - 1)];

		if (!entry->name ||
		    (entry->space == space && entry->len == len &&
		     !memcmp(entry->name, name, len)))
			return entry;
	}
}

static void widen(struct subject_index *index)
{
	struct entry *old = index->entry;
	uint32_t size = index->size, i;

	if (2 * index->nr < size)
		return;
	index->size *= 2;
	index->entry = subject_must(calloc(index->size, sizeof(*index->entry)));
	for (i = 0; i < size; i++)
		if (old[i].name)
			*slot(index, old[i].space, old[i].name, old[i].len) =
				old[i];
	free(old);
}

static void add_name(struct subject_index *index, const char *header,
		     const struct subject_name *name)
{
	struct entry *entry;

	/* "struct x;" tells nothing about x. */
	if (name->space == SUBJECT_TAG && !name->defines)
		return;
	entry = slot(index, name->space, name->name, name->len);
	if (entry->name)
		return;
	entry->space = name->space;
	entry->name = keep(index, strndup(name->name, name->len));
	entry->len = name->len;
	entry->header = header;
	index->nr++;
	widen(index);
}

void subject_index_add(struct subject_index *index, const char *header,
		       const char *text, size_t size)
{
	struct subject_source source;
	struct subject_names names;
	struct subject_error err;
	struct subject_scan scan;
	const char *kept;
	size_t i;

	if (subject_source_from(&source, header, text, size, &err)) {
		index->refused++;
		return;
	}
	if (subject_scan(&scan, &source, &err)) {
		index->refused++;
		subject_source_free(&source);
		return;
	}
	kept = keep(index, strdup(header));
	subject_names_of(&names, &scan);
	for (i = 0; i < names.nr; i++)
		add_name(index, kept, &names.name[i]);
	subject_names_free(&names);
	subject_scan_free(&scan);
	subject_source_free(&source);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_file(struct subject_index *index, const char *path,
		    const char *header, struct subject_error *err)
{
	struct subject_source source;
	int r = subject_source_read(&source, path, err);

	/* Too large, or no text: as one that cannot be scanned. */
	if (r == -EINVAL) {
		index->refused++;
		return 0;
	}
	if (r)
		return r;
	subject_index_add(index, header, source.text, source.size);
	subject_source_free(&source);
	return 0;
}

int subject_index_dir(struct subject_index *index, const char *dir,
		      struct subject_error *err)
{
	char *const paths[] = { (char *)dir, NULL };
	size_t len = strlen(dir);
	FTSENT *at;
	int r = 0;
	FTS *fts;

	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	while (fts && !r && (at = fts_read(fts))) {
		if (at->fts_info == FTS_ERR || at->fts_info == FTS_DNR ||
		    at->fts_info == FTS_NS) {
			r = -at->fts_errno;
			snprintf(err->text, sizeof(err->text), "%.500s: %s",
				 at->fts_path, strerror(at->fts_errno));
		} else if (at->fts_info == FTS_F && at->fts_namelen > 2 &&
			   !strcmp(at->fts_name + at->fts_namelen - 2, ".h")) {
			r = add_file(index, at->fts_path,
				     at->fts_path + len +
				     strspn(at->fts_path + len, "/"), err);
		}
	}
	if (fts)
		fts_close(fts);
	return r;
}

uint32_t subject_index_refused(const struct subject_index *index)
{
	return index->refused;
}

const char *subject_index_find(const struct subject_index *index,
			       enum subject_space space, const char *name,
			       size_t len)
{
	const struct entry *entry = slot(index, space, name, len);

	return entry->name ? entry->header : NULL;
}

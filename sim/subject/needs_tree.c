/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the simulator lacks, looked up in the user's tree. Stands for nothing
 * in the kernel.
 */
#include "sim/subject/needs_tree.h"

#include <stdlib.h>
#include <string.h>

#include "sim/subject/tree.h"

#define HEADERS_MAX	3000	/* a kernel's file includes about a thousand */
/*
 * After so many headers in a row that have nothing of it, what is left is of
 * another making: generated, or pasted together.
 */
#define HEADERS_IN_VAIN	1000

/**
 * struct headers - a search at work
 * @needs: what is looked for
 * @tree: where
 * @path: headers that were met, those from @next on not yet looked at
 * @nr: how many
 * @room: allocated
 * @next: the one to look at
 */
struct headers {
	struct subject_needs *needs;
	struct subject_tree tree;
	char **path;
	size_t nr, room, next;
};

static void add(struct headers *h, char *path)
{
	size_t i;

	for (i = 0; i < h->nr; i++) {
		if (!strcmp(h->path[i], path)) {
			free(path);
			return;
		}
	}
	if (h->nr == HEADERS_MAX) {
		free(path);
		return;
	}
	h->path = subject_grow(h->path, h->nr, &h->room, sizeof(*h->path));
	h->path[h->nr++] = path;
}

/* Is there @folder @name in the tree? */
static bool try(struct headers *h, const char *folder, size_t len,
		const char *name)
{
	struct subject_text path = { 0 };
	struct subject_error err;
	char *there = NULL;

	subject_text_add(&path, folder, len);
	subject_text_puts(&path, name);
	/* "../x.h": the way there may lead out of the tree. */
	if (!strstr(path.at, "..") && *path.at != '/')
		there = subject_tree_file(&h->tree, path.at, &err);
	if (!there) {
		subject_text_free(&path);
		return false;
	}
	free(there);
	add(h, path.at);
	return true;
}

static void follow(struct headers *h, const char *from,
		   const struct subject_line *line)
{
	/* As a kernel for x86 is built, with KVM's own folder. */
	static const char *const folders[] = {
		"arch/x86/include/", "include/", "arch/x86/include/uapi/",
		"include/uapi/",
	};
	const char *slash = strrchr(from, '/');
	size_t i;

	if (line->quoted && slash && try(h, from, slash - from + 1, line->name))
		return;
	if (line->quoted && try(h, "arch/x86/kvm/", strlen("arch/x86/kvm/"),
				line->name))
		return;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (try(h, folders[i], strlen(folders[i]), line->name))
			return;
}

static void follow_all(struct headers *h, const struct subject_scan *scan)
{
	uint32_t i;

	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];

		if (line->kind == SUBJECT_INCLUDE && !line->skipped &&
		    *line->name)
			follow(h, scan->source->path, line);
	}
}

/* One header. Return: how many needs are still not found. */
static uint32_t look_at(struct headers *h, const char *path)
{
	struct subject_source source;
	struct subject_error err;
	struct subject_scan scan;
	uint32_t left;

	if (subject_tree_read(&source, &h->tree, path, &err))
		return subject_needs_elsewhere(h->needs, path, "", 0);
	left = subject_needs_elsewhere(h->needs, path, source.text,
				       source.size);
	/* Its own includes are told by its path from the tree's top. */
	free(source.path);
	source.path = subject_must(strdup(path));
	if (left && !subject_scan(&scan, &source, &err)) {
		follow_all(h, &scan);
		subject_scan_free(&scan);
	}
	subject_source_free(&source);
	return left;
}

uint32_t subject_needs_tree(struct subject_needs *needs,
			    const struct subject_scan *scan, const char *tree)
{
	struct headers h = { .needs = needs };
	struct subject_error err;
	uint32_t left = needs->nr_unknown, before = left, vain = 0;
	size_t i;

	if (!left || subject_tree_open(&h.tree, tree, &err))
		return left;
	follow_all(&h, scan);
	while (left && h.next < h.nr && vain < HEADERS_IN_VAIN) {
		left = look_at(&h, h.path[h.next++]);
		vain = left < before ? 0 : vain + 1;
		before = left;
	}
	for (i = 0; i < h.nr; i++)
		free(h.path[i]);
	free(h.path);
	subject_tree_close(&h.tree);
	return left;
}

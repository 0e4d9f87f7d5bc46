/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel tree: a folder, or the tarball that Debian's linux-source packages
 * are made of, from which files are taken one by one into the cache.
 */
#ifndef SIM_SUBJECT_TREE_H
#define SIM_SUBJECT_TREE_H

#include "sim/subject/source.h"

/**
 * struct subject_tree - a tree
 * @name: as the user wrote it
 * @version: by its Makefile, "6.12.117"
 * @profile: the modelled kernel that is nearest, "6.12"
 * @kver: the version as PINSIM_KVER, 612
 * @notes: what the user must know, a line each: another version is taken, a
 *	patch applied with fuzz
 * @changed: files that patches change, make or remove, from the tree's top;
 *	@nr_changed of them
 * @nr_changed: how many
 */
struct subject_tree {
	char *name;
	char *version;
	const char *profile;
	unsigned int kver;
	struct subject_text notes;
	char **changed;
	size_t nr_changed;

	/* Private: where files are, patched ones first; opened when needed. */
	char *dir, *patched, *tarball_path;
	struct subject_tarball *tarball;
};

/**
 * subject_tree_open() - open a tree and see which kernel it is.
 * @ret: filled; untouched on failure
 * @path: a folder, a .tar.xz, or such a file's name without ".tar.xz"
 * @err: why not
 *
 * Return: 0, -EINVAL for what is the user's to mend, or another negative errno.
 */
int subject_tree_open(struct subject_tree *ret, const char *path,
		      struct subject_error *err);
/* Give the memory back; what was unpacked stays in the cache. */
void subject_tree_close(struct subject_tree *tree);

/**
 * subject_tree_file() - where a file of the tree can be read.
 * @tree: which
 * @path: from the tree's top, "mm/gup.c"
 * @err: that it is not there
 *
 * Return: a path, to be freed, or NULL with @err.
 */
char *subject_tree_file(struct subject_tree *tree, const char *path,
			struct subject_error *err);
/* Read it. Return: 0, or a negative errno with @err. */
int subject_tree_read(struct subject_source *ret, struct subject_tree *tree,
		      const char *path, struct subject_error *err);

/* The same without any patch; a file that a patch makes is empty then. */
int subject_tree_read_before(struct subject_source *ret, struct subject_tree *tree,
			     const char *path, struct subject_error *err);

/**
 * subject_tree_find() - the file that has functions with these names.
 * @tree: searched in the folders that KVM and memory management are in
 * @names: "f", or with a file's path or the end of it "sev.c:f"; those without
 *	one may stand where the others do
 * @nr: how many, at least 1
 * @err: which is not there, or is in several files, or not where others are
 *
 * Return: the file's path from the tree's top, to be freed, or NULL with @err.
 */
char *subject_tree_find(struct subject_tree *tree, const char *const *names,
			unsigned int nr, struct subject_error *err);
/* The function's own name: behind the ':' if there is one. */
const char *subject_tree_function(const char *name);

/**
 * subject_tree_patch() - apply patches to a copy of the files they change.
 * @tree: sees the patched files from then on; called once at most
 * @patches: files: diffs, patch mails or replies that quote a whole patch
 * @nr: how many
 * @err: which hunk of which patch does not apply to which file
 *
 * The user's tree stays as it is.
 *
 * Return: 0, or a negative errno with @err.
 */
int subject_tree_patch(struct subject_tree *tree, const char *const *patches,
		       unsigned int nr, struct subject_error *err);

/* The nearest modelled kernel of "6.12.117", or NULL: there is none near. */
const char *subject_tree_profile(const char *version);

#endif

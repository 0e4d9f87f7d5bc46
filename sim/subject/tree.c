/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel tree: a folder, or the tarball that Debian's linux-source packages
 * are made of, from which files are taken one by one into the cache.
 *
 * The cache has a folder for each tarball, named by its name, size and date,
 * and in it the files as in the tree. A folder of the tree is unpacked as a
 * whole; a mark says that it was.
 */
#include "sim/subject/tree_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/subject/cache.h"
#include "sim/subject/mail.h"
#include "sim/subject/tarball.h"

/* Releases that a model may be from the tree's own. */
#define RELEASES_MAX	8

struct release {
	const char *name;
	int number;	/* 6.0 comes after 5.19, 7.0 after 6.19 */
};

/* Those that are modelled. */
static const struct release models[] = {
	{ "5.17", 17 },
	{ "6.1", 21 },
	{ "6.12", 32 },
};

const char *subject_tree_profile(const char *version)
{
	const struct release *best = NULL;
	unsigned int major, minor, i;
	int number, distance, least = RELEASES_MAX + 1;

	if (sscanf(version, "%3u.%3u", &major, &minor) != 2 || major < 5)
		return NULL;
	number = (major - 5) * 20 + minor;
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		distance = abs(number - models[i].number);
		if (distance < least) {
			least = distance;
			best = &models[i];
		}
	}
	return best ? best->name : NULL;
}

static int refuse(struct subject_error *err, const char *path, int error)
{
	snprintf(err->text, sizeof(err->text), "%s: %s", path, strerror(error));
	return -error;
}

/* --- where files are --- */

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

/* A name for the mark that a folder, or a file at the top, was unpacked. */
static char *mark_of(const struct subject_tree *tree, const char *what)
{
	char *mark = subject_format("%s/.unpacked/%s", tree->dir, what), *p;

	for (p = mark + strlen(tree->dir) + strlen("/.unpacked/"); *p; p++)
		if (*p == '/')
			*p = '+';
	return mark;
}

/* Is this folder, or one that it is in, unpacked already? */
static bool is_unpacked(const struct subject_tree *tree, const char *what)
{
	char *part = subject_must(strdup(what)), *mark, *slash;
	bool found;

	do {
		mark = mark_of(tree, part);
		found = !access(mark, F_OK);
		free(mark);
		slash = strrchr(part, '/');
		if (slash && !slash[1]) {
			*slash = '\0';
			slash = strrchr(part, '/');
		}
		if (slash)
			slash[1] = '\0';
	} while (!found && slash);
	free(part);
	return found;
}

/* Get a file at the top, or a folder. Return: 0, or -errno with @err. */
static int unpack(struct subject_tree *tree, const char *what,
		  struct subject_error *err)
{
	char *mark;
	int result = 0;

	if (!tree->tarball_path || is_unpacked(tree, what))
		return 0;
	if (!tree->tarball)
		result = subject_tarball_open(&tree->tarball,
					      tree->tarball_path, err);
	if (result)
		return result;
	result = subject_tarball_unpack(tree->tarball, what, tree->dir, err);
	if (result < 0)
		return result;
	mark = mark_of(tree, what);
	result = subject_make_dirs_above(mark);
	if (!result)
		result = subject_write_whole(mark, "", 0);
	if (result)
		refuse(err, mark, -result);
	else
		subject_cache_trim(tree->dir);
	free(mark);
	return result;
}

int subject_tree_unpack_for(struct subject_tree *tree, const char *path,
			    struct subject_error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int result;

	if (!slash)
		return unpack(tree, path, err);
	folder = subject_must(strndup(path, slash + 1 - path));
	result = unpack(tree, folder, err);
	free(folder);
	return result;
}

/* Without any patch. */
static char *file_before(struct subject_tree *tree, const char *path,
			 struct subject_error *err)
{
	char *file;

	if (subject_tree_unpack_for(tree, path, err))
		return NULL;
	file = subject_format("%s/%s", tree->dir, path);
	if (is_file(file))
		return file;
	free(file);
	snprintf(err->text, sizeof(err->text), "%s: there is no %s in it",
		 tree->name, path);
	return NULL;
}

char *subject_tree_file(struct subject_tree *tree, const char *path,
			struct subject_error *err)
{
	char *file;

	if (tree->patched) {
		file = subject_format("%s/%s", tree->patched, path);
		if (is_file(file))
			return file;
		free(file);
	}
	return file_before(tree, path, err);
}

int subject_tree_read(struct subject_source *ret, struct subject_tree *tree,
		      const char *path, struct subject_error *err)
{
	char *file = subject_tree_file(tree, path, err);
	int result;

	if (!file)
		return -ENOENT;
	result = subject_source_read(ret, file, err);
	free(file);
	return result;
}

int subject_tree_read_before(struct subject_source *ret, struct subject_tree *tree,
			     const char *path, struct subject_error *err)
{
	char *file = file_before(tree, path, err);
	int result;

	if (!file)
		return subject_source_from(ret, path, "", 0, err);
	result = subject_source_read(ret, file, err);
	free(file);
	return result;
}

/* --- opening --- */

/* "VERSION = 6" of a Makefile; -1 if it is not there. */
static long makefile_value(const char *text, const char *name)
{
	size_t n = strlen(name);
	const char *line = text;

	while (line) {
		if (!strncmp(line, name, n)) {
			const char *p = line + n + strspn(line + n, " \t");

			if (*p == '=')
				return strtol(p + 1, NULL, 10);
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return -1;
}

static int read_version(struct subject_tree *tree, struct subject_error *err)
{
	struct subject_text makefile = { 0 };
	long major = -1, minor = -1, sub = -1;
	char *file;
	int result;

	/* A tarball that cannot be read says so itself. */
	result = subject_tree_unpack_for(tree, "Makefile", err);
	if (result)
		return result;
	file = subject_tree_file(tree, "Makefile", err);
	if (file && !subject_bytes_read(&makefile, file, err) && makefile.at) {
		major = makefile_value(makefile.at, "VERSION");
		minor = makefile_value(makefile.at, "PATCHLEVEL");
		sub = makefile_value(makefile.at, "SUBLEVEL");
	}
	free(file);
	subject_text_free(&makefile);
	if (major < 0 || minor < 0) {
		snprintf(err->text, sizeof(err->text),
			 "%s: is no kernel tree: expected a Makefile with "
			 "VERSION and PATCHLEVEL", tree->name);
		return -EINVAL;
	}
	tree->version = sub < 0 ? subject_format("%ld.%ld", major, minor) :
		subject_format("%ld.%ld.%ld", major, minor, sub);
	tree->profile = subject_tree_profile(tree->version);
	tree->kver = major * 100 + minor;
	if (!tree->profile) {
		snprintf(err->text, sizeof(err->text),
			 "%s: is Linux %s, too far from what is modelled: "
			 "expected a kernel near 6.1 or 6.12", tree->name,
			 tree->version);
		return -EINVAL;
	}
	if (strncmp(tree->version, tree->profile, strlen(tree->profile)) ||
	    (tree->version[strlen(tree->profile)] &&
	     tree->version[strlen(tree->profile)] != '.'))
		subject_text_printf(&tree->notes,
				    "%s is Linux %s, which is not modelled: "
				    "it is run as %s, the nearest that is\n",
				    tree->name, tree->version, tree->profile);
	return 0;
}

static int open_tarball(struct subject_tree *tree, const char *path,
			const struct stat *st, struct subject_error *err)
{
	const char *name = strrchr(path, '/');
	char *below;

	tree->tarball_path = subject_must(strdup(path));
	below = subject_format("trees/%s-%llu-%llx.%lx",
			       name ? name + 1 : path,
			       (unsigned long long)st->st_size,
			       (unsigned long long)st->st_mtim.tv_sec,
			       st->st_mtim.tv_nsec);
	tree->dir = subject_cache_dir(below, err);
	free(below);
	if (!tree->dir)
		return -EACCES;
	subject_cache_use(tree->dir);
	return 0;
}

static int open_at(struct subject_tree *tree, const char *path,
		   struct subject_error *err)
{
	size_t len = strlen(path);
	struct stat st;
	char *tarball;
	int result;

	while (len > 1 && path[len - 1] == '/')
		len--;
	tarball = subject_format("%.*s.tar.xz", (int)len, path);
	if (stat(path, &st)) {
		result = -errno;
		if (!stat(tarball, &st) && S_ISREG(st.st_mode))
			result = open_tarball(tree, tarball, &st, err);
		else
			refuse(err, path, -result);
	} else if (S_ISDIR(st.st_mode)) {
		tree->dir = subject_must(strndup(path, len));
		result = 0;
	} else {
		result = open_tarball(tree, path, &st, err);
	}
	free(tarball);
	return result;
}

int subject_tree_open(struct subject_tree *ret, const char *path,
		      struct subject_error *err)
{
	struct subject_tree tree = { .name = NULL };
	int result;

	tree.name = subject_must(strdup(path));
	result = open_at(&tree, path, err);
	if (!result)
		result = read_version(&tree, err);
	if (result)
		subject_tree_close(&tree);
	else
		*ret = tree;
	return result;
}

void subject_tree_close(struct subject_tree *tree)
{
	subject_tarball_close(tree->tarball);
	while (tree->nr_changed)
		free(tree->changed[--tree->nr_changed]);
	free(tree->changed);
	free(tree->name);
	free(tree->version);
	free(tree->dir);
	free(tree->patched);
	free(tree->tarball_path);
	subject_text_free(&tree->notes);
	memset(tree, 0, sizeof(*tree));
}

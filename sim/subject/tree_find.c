/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which file of a kernel tree has the functions that the user named.
 *
 * Only the folders that KVM and memory management are in are searched, one
 * after the other, so that a name that is used in both means KVM's.
 */
#include "sim/subject/tree_private.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/cache.h"
#include "sim/subject/item.h"

static const char *const folders[] = {
	"arch/x86/kvm/svm", "arch/x86/kvm", "arch/x86/kvm/mmu",
	"arch/x86/kvm/vmx", "virt/kvm", "mm",
};

#define NR_FOLDERS	(sizeof(folders) / sizeof(folders[0]))
#define FILES_MAX	8

/**
 * struct places - files that have a function
 * @file: their paths, to be freed
 * @nr: how many, FILES_MAX at most
 */
struct places {
	char *file[FILES_MAX];
	unsigned int nr;
};

static void places_free(struct places *p)
{
	while (p->nr)
		free(p->file[--p->nr]);
}

const char *subject_tree_function(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

/* Does this file define this function? One that is no C does not. */
static bool defines(struct subject_tree *tree, const char *path,
		    const char *function)
{
	struct subject_source source;
	struct subject_error ignored;
	struct subject_scan scan;
	bool found = false;

	if (subject_tree_read(&source, tree, path, &ignored))
		return false;
	if (strstr(source.text, function) &&
	    !subject_scan(&scan, &source, &ignored)) {
		found = subject_function(&scan, function) != NULL;
		subject_scan_free(&scan);
	}
	subject_source_free(&source);
	return found;
}

static int is_c(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 2 && !strcmp(entry->d_name + len - 2, ".c");
}

/* Is this the path, or the end of it, that the user wrote before the ':'? */
static bool fits(const char *path, const char *name)
{
	const char *colon = strrchr(name, ':');
	size_t len, n;

	if (!colon)
		return true;
	n = colon - name;
	len = strlen(path);
	return len >= n && !strncmp(path + len - n, name, n) &&
	       (len == n || path[len - n - 1] == '/');
}

static bool has_place(const struct places *places, const char *path)
{
	unsigned int i;

	for (i = 0; i < places->nr; i++)
		if (!strcmp(places->file[i], path))
			return true;
	return false;
}

/* Look through a folder below @top: of the tree, or of what is patched. */
static void search_in(struct subject_tree *tree, const char *top,
		      const char *folder, const char *name,
		      struct places *places)
{
	char *dir = subject_format("%s/%s", top, folder), *path;
	struct dirent **entry = NULL;
	int i, nr = scandir(dir, &entry, is_c, alphasort);

	for (i = 0; i < nr; i++) {
		path = subject_format("%s/%s", folder, entry[i]->d_name);
		if (places->nr < FILES_MAX && fits(path, name) &&
		    !has_place(places, path) &&
		    defines(tree, path, subject_tree_function(name)))
			places->file[places->nr++] = path;
		else
			free(path);
		free(entry[i]);
	}
	free(entry);
	free(dir);
}

static int search(struct subject_tree *tree, const char *folder,
		  const char *name, struct places *places,
		  struct subject_error *err)
{
	char *path = subject_format("%s/x", folder);
	int result = subject_tree_unpack_for(tree, path, err);

	free(path);
	if (result)
		return result;
	search_in(tree, tree->dir, folder, name, places);
	if (tree->patched)
		search_in(tree, tree->patched, folder, name, places);
	return 0;
}

static int not_found(const struct subject_tree *tree, const char *name,
		     struct subject_error *err)
{
	size_t i, n;

	n = snprintf(err->text, sizeof(err->text),
		     "%s: there is no function %s in", tree->name, name);
	for (i = 0; i < NR_FOLDERS && n < sizeof(err->text); i++)
		n += snprintf(err->text + n, sizeof(err->text) - n, "%s %s",
			      i + 1 == NR_FOLDERS ? " or" : i ? "," : "",
			      folders[i]);
	return -1;
}

static int ambiguous(const struct subject_tree *tree, const char *name,
		     const struct places *places, struct subject_error *err)
{
	unsigned int i;
	size_t n;

	n = snprintf(err->text, sizeof(err->text),
		     "%s: function %s is in several files, expected one of",
		     tree->name, name);
	for (i = 0; i < places->nr && n < sizeof(err->text); i++)
		n += snprintf(err->text + n, sizeof(err->text) - n, "%s %s:%s",
			      i ? "," : "", places->file[i],
			      subject_tree_function(name));
	return -1;
}

/* Where this one is. Return: its file, to be freed, or NULL with @err. */
static char *find_one(struct subject_tree *tree, const char *name,
		      struct subject_error *err)
{
	struct places places = { .nr = 0 };
	char *file = NULL;
	const char *colon = strrchr(name, ':');
	size_t i;

	/* A whole path may be anywhere. */
	if (colon && memchr(name, '/', colon - name)) {
		file = subject_must(strndup(name, colon - name));
		if (defines(tree, file, colon + 1))
			return file;
		free(file);
		file = NULL;
	}
	for (i = 0; i < NR_FOLDERS && !places.nr; i++)
		if (search(tree, folders[i], name, &places, err))
			goto out;
	if (!places.nr)
		not_found(tree, name, err);
	else if (places.nr > 1)
		ambiguous(tree, name, &places, err);
	else
		file = subject_must(strdup(places.file[0]));
out:
	places_free(&places);
	return file;
}

char *subject_tree_find(struct subject_tree *tree, const char *const *names,
			unsigned int nr, struct subject_error *err)
{
	char *file = NULL, *other;
	const char *first = names[0];
	unsigned int i;

	/* One that says where it is leads the others there. */
	for (i = 0; i < nr; i++) {
		if (strchr(names[i], ':')) {
			first = names[i];
			break;
		}
	}
	file = find_one(tree, first, err);
	for (i = 0; i < nr && file; i++) {
		if (names[i] == first ||
		    (fits(file, names[i]) &&
		     defines(tree, file, subject_tree_function(names[i]))))
			continue;
		other = find_one(tree, names[i], err);
		if (other && strcmp(file, other))
			snprintf(err->text, sizeof(err->text),
				 "%s: function %s is in %s, %s in %s: expected "
				 "functions of one file", tree->name,
				 subject_tree_function(first), file,
				 subject_tree_function(names[i]), other);
		if (!other || strcmp(file, other)) {
			free(file);
			file = NULL;
		}
		free(other);
	}
	return file;
}

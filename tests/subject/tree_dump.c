/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests of trees: what sim/subject makes of one.
 *
 * usage: tree_dump TREE [--patch FILE]... [--find NAME]... [--read PATH]
 *
 * Prints the version, the profile and notes; then the file that has all
 * functions of --find; then what --read names. Exit status 2 with one line on
 * standard error if something is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/tree.h"

#define MANY	16

/**
 * struct asked - the command line
 */
struct asked {
	const char *patch[MANY], *find[MANY], *read;
	unsigned int patches, finds;
};

static int parse(int argc, char **argv, struct asked *a)
{
	int i;

	for (i = 2; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--patch") && a->patches < MANY)
			a->patch[a->patches++] = argv[i + 1];
		else if (!strcmp(argv[i], "--find") && a->finds < MANY)
			a->find[a->finds++] = argv[i + 1];
		else if (!strcmp(argv[i], "--read"))
			a->read = argv[i + 1];
		else
			return -1;
	}
	return argc > 1 && i == argc ? 0 : -1;
}

static int show(struct subject_tree *tree, const struct asked *a,
		struct subject_error *err)
{
	struct subject_source source;
	char *file;

	if (subject_tree_patch(tree, a->patch, a->patches, err))
		return -1;
	printf("version %s\nprofile %s\n", tree->version, tree->profile);
	if (tree->notes.len)
		printf("%s", tree->notes.at);
	if (a->finds) {
		file = subject_tree_find(tree, a->find, a->finds, err);
		if (!file)
			return -1;
		printf("file %s\n", file);
		free(file);
	}
	if (a->read) {
		if (subject_tree_read(&source, tree, a->read, err))
			return -1;
		printf("path %s\n", source.path);
		fwrite(source.text, 1, source.size, stdout);
		subject_source_free(&source);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct asked asked = { .read = NULL };
	struct subject_error err;
	struct subject_tree tree;
	int result;

	if (parse(argc, argv, &asked))
		return 3;
	result = subject_tree_open(&tree, argv[1], &err);
	if (!result) {
		result = show(&tree, &asked, &err);
		subject_tree_close(&tree);
	}
	if (result)
		fprintf(stderr, "%s\n", err.text);
	return result ? 2 : 0;
}

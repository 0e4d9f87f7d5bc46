/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways in: from what the user names (a C file, a kernel tree with patches on
 * it, a mail) to a text that can be cut, and what belongs to it.
 */
#ifndef SIM_SUBJECT_WAYS_H
#define SIM_SUBJECT_WAYS_H

#include "sim/subject/mail.h"
#include "sim/subject/scan.h"

#define SUBJECT_NAMES_MAX	256

/**
 * struct subject_way - where the code is
 * @file: a C file; or NULL
 * @tree: a kernel tree; or NULL
 * @mail: a mail; or NULL
 * @patch: patches to apply to a copy of the tree first
 * @nr_patches: how many
 * @function: names, as they were given: in a tree they may have a file's
 * @nr_functions: how many
 */
struct subject_way {
	const char *file, *tree, *mail;
	const char *const *patch;
	uint32_t nr_patches;
	const char *const *function;
	uint32_t nr_functions;
};

/**
 * struct subject_taken - what was found there
 * @source: the text
 * @before: what stands before it: headers, definitions; empty if nothing does
 * @function: names in the text; @nr_functions of them
 * @nr_functions: 0: all
 * @hook: "hook=function" that the mail's patch says
 * @nr_hooks: how many
 * @kernel: that the tree is nearest to; or NULL
 * @kver: the tree's own version, as PINSIM_KVER; or 0
 * @near: folder of a file's own headers; or NULL
 * @notes: what the user must know, a line each
 */
struct subject_taken {
	struct subject_source source;
	struct subject_text before, notes;
	const char *function[SUBJECT_NAMES_MAX];
	uint32_t nr_functions;
	char *hook[16];
	uint32_t nr_hooks;
	const char *kernel;
	unsigned int kver;
	char *near;
};

/* Take it. Return: 0, or a negative errno with @err. */
int subject_take(const struct subject_way *way, struct subject_taken *ret,
		 struct subject_error *err);
/* Give the memory back. */
void subject_taken_free(struct subject_taken *taken);

#endif

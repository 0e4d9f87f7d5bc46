/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text that is appended to a subject's, in the same translation unit: the
 * table of hooks, filled with the user's functions, and the description that
 * the loader looks for.
 */
#ifndef SIM_SUBJECT_GLUE_H
#define SIM_SUBJECT_GLUE_H

#include "sim/subject/item.h"

#define SUBJECT_HOOKS_MAX	16

/* A hook and the user's function in it. */
struct subject_hook {
	const char *hook;	/* "pin_spte" */
	const char *expects;	/* its type, for people */
	char *function;		/* or NULL: it is left empty */
	bool by_kvm;		/* KVM's own, as the subject has none */
	bool is_stub;		/* does nothing and succeeds, as the subject has none */
	uint32_t line;		/* of the function in the user's file, or 0 */
	uint32_t nr_args;	/* that it has */
	int result;		/* that it has, glue.c's */
};

/* All hooks there are. */
struct subject_hooks {
	struct subject_hook hook[SUBJECT_HOOKS_MAX];
	unsigned int nr;
};

/**
 * subject_hooks_find() - which functions of a file fill which hooks.
 * @ret: all hooks; to be freed with subject_hooks_free()
 * @scan: of the file
 * @given: "hook=function", or "hook=" to leave it empty; these come first
 * @nr_given: how many
 * @nr_own: so many are the user's own words; the others are passed over if they
 *	name no hook, or no function of the file
 * @chosen: is this function in the slice? NULL: all are
 * @ctx: for @chosen
 * @err: what is wrong with @given
 *
 * Return: 0, or -EINVAL with @err.
 */
int subject_hooks_find(struct subject_hooks *ret, const struct subject_scan *scan,
		       const char *const *given, uint32_t nr_given, uint32_t nr_own,
		       bool (*chosen)(void *ctx, const char *function), void *ctx,
		       struct subject_error *err);
/* Give the memory back. */
void subject_hooks_free(struct subject_hooks *hooks);

/* A hook by name, or NULL. */
const struct subject_hook *subject_hook(const struct subject_hooks *hooks, const char *name);

/* What is odd about the hooks together, a line each; nothing if nothing is. */
void subject_hooks_notes(struct subject_text *ret, const struct subject_hooks *hooks);

/* Append the table and the description @about, lines "word value". */
void subject_glue(struct subject_text *ret, const struct subject_hooks *hooks,
		  const char *name, const char *about);

/*
 * A compiler's complaint about the table, as one about the user's function:
 * "my.c:12: my_function does not fit hook pin_spte: expected ...". Return:
 * whether it was one.
 */
bool subject_glue_complaint(const struct subject_hooks *hooks, const char *path,
			    struct subject_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a slice wants from elsewhere, known before anything is compiled: types,
 * calls, constants, variables and fields that it uses and does not define; for
 * each, which header of the simulator has it, or else which of the kernel's.
 *
 * By the shape of the text, without types: the compiler's word is the last.
 */
#ifndef SIM_SUBJECT_NEEDS_H
#define SIM_SUBJECT_NEEDS_H

#include <stdio.h>

#include "sim/subject/closure.h"

enum subject_need_kind {
	SUBJECT_NEED_TYPE,	/* struct x, union x, enum x, typedefs */
	SUBJECT_NEED_CALL,	/* functions and macros with arguments */
	SUBJECT_NEED_CONSTANT,	/* in capitals */
	SUBJECT_NEED_VARIABLE,	/* any other name */
	SUBJECT_NEED_FIELD,
	SUBJECT_NEED_KINDS,
};

/**
 * struct subject_need - one name
 * @kind: as what it is used
 * @name: "kvm_memslots", "struct page"
 * @line: where it is used first, in the user's file
 * @uses: how often
 * @known: in this header of the simulator's, "linux/mm.h"; or NULL
 * @elsewhere: if it is not @known: in this header of the user's tree,
 *	"include/linux/mm.h"; or NULL
 */
struct subject_need {
	enum subject_need_kind kind;
	char *name;
	uint32_t line, uses;
	const char *known;
	char *elsewhere;
};

/**
 * struct subject_needs - all of them
 * @need: by kind, then by name
 * @nr: how many
 * @nr_unknown: of them with neither @known nor @elsewhere set, or only the
 *	latter: the simulator lacks them
 */
struct subject_needs {
	struct subject_need *need;
	uint32_t nr;
	uint32_t nr_unknown;
};

/**
 * struct subject_index - which header defines a name
 *
 * Filled by headers; one that cannot be scanned is passed over and counted.
 */
struct subject_index;

/* An empty one. */
struct subject_index *subject_index_new(void);
/* Give the memory back; needs that were looked up in it point into it. */
void subject_index_free(struct subject_index *index);
/* Add what a header defines; the first to define a name keeps it. */
void subject_index_add(struct subject_index *index, const char *header,
		       const char *text, size_t size);
/* Add all *.h below folder @dir by their path from there, in order of names. */
int subject_index_dir(struct subject_index *index, const char *dir,
		      struct subject_error *err);
/* Headers that could not be scanned. */
uint32_t subject_index_refused(const struct subject_index *index);
/* The header that defines a name, or NULL. */
const char *subject_index_find(const struct subject_index *index,
			       enum subject_space space, const char *name,
			       size_t len);

/* What the chosen items of @closure want; nothing is @known yet. */
void subject_needs(struct subject_needs *ret,
		   const struct subject_closure *closure);
/* Look all of them up in the simulator's headers. */
void subject_needs_known(struct subject_needs *needs,
			 const struct subject_index *index);
/*
 * Look up in one header of the user's tree what is not known. Cheap if the
 * header holds none of it, so a whole tree may be fed. Behind the @size bytes
 * of @text there is a NUL.
 * Return: how many are still not found anywhere; 0: stop feeding.
 */
uint32_t subject_needs_elsewhere(struct subject_needs *needs,
				 const char *header, const char *text,
				 size_t size);
/* Give the memory back. */
void subject_needs_free(struct subject_needs *needs);

/* For people: a section for each kind, what the simulator lacks first. */
void subject_needs_print(FILE *out, const struct subject_needs *needs);
/* The same as a JSON object. Return: 0, or -ENOMEM. */
int subject_needs_json(FILE *out, const struct subject_needs *needs);

#endif

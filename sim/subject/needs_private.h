/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between what identifiers are (needs_roles.c) and what is made of them
 * (needs.c).
 */
#ifndef SIM_SUBJECT_NEEDS_PRIVATE_H
#define SIM_SUBJECT_NEEDS_PRIVATE_H

#include "sim/subject/declare_private.h"
#include "sim/subject/needs.h"

/* What an identifier is, by where it stands. */
enum needs_role {
	NEEDS_OTHER,		/* to be looked at by its name */
	NEEDS_NOTHING,		/* a keyword, a label, an attribute's word */
	NEEDS_LOCAL,		/* declared here */
	NEEDS_TYPE,		/* names a type */
	NEEDS_TAG,		/* behind struct, union or enum */
	NEEDS_FIELD,
};

/**
 * needs_roles() - what the identifiers of an item are.
 * @text: of the source
 * @t: its tokens, @n of them
 * @n: how many
 * @head: tokens before the body: there, brackets hold parameters
 *
 * Return: a role for each token, to be freed.
 */
enum needs_role *needs_roles(const char *text, const struct declare_token *t,
			     uint32_t n, uint32_t head);

#endif

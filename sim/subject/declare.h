/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Declarations by their shape: which names a declaration declares, without
 * knowing any types.
 */
#ifndef SIM_SUBJECT_DECLARE_H
#define SIM_SUBJECT_DECLARE_H

#include "sim/subject/item.h"

/* Is this word an attribute, or typeof() or asm()? Arguments may follow. */
bool declare_attribute(const char *at, size_t len);
/* Does an identifier and what follows look like one at the head of an item? */
bool declare_looks_attribute(const char *at, size_t len);
/* Is it the head, and perhaps the first parameter, of a K&R function? */
bool declare_old_style(const char *at, size_t len);

/**
 * struct declare_item - what a declaration at file scope is as a whole
 * @kind: see there
 * @is_static: so it is written; likewise the others
 * @is_syscall: SYSCALL_DEFINE3() and its kin
 * @is_made: @name is an argument of the macro that makes it
 * @name: @len bytes, or NULL
 * @len: of @name
 */
struct declare_item {
	enum subject_kind kind;
	bool is_static, is_inline, is_extern, is_syscall, is_made;
	const char *name;
	size_t len;
};

/**
 * declare_item() - walk through the declaration of one item.
 * @ret: what it is
 * @text: @end bytes at least
 * @begin: the item's first byte
 * @head: where a function's head ends
 * @end: behind the item's last byte
 * @function: it has a body
 * @names: appended to, in the order of the text: everything that it declares,
 *	@at excepted; or NULL
 */
void declare_item(struct declare_item *ret, const char *text, uint32_t begin,
		  uint32_t head, uint32_t end, bool function,
		  struct subject_names *names);

/* Append a name. */
void declare_add(struct subject_names *names, struct subject_name name);

#endif

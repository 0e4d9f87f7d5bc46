/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which bytes of a source remain in a slice.
 */
#ifndef SIM_SUBJECT_MASK_H
#define SIM_SUBJECT_MASK_H

#include "sim/subject/closure.h"

/* What becomes of a byte. */
enum subject_byte {
	SUBJECT_BLANK,		/* a blank, but for newlines */
	SUBJECT_KEEP,
	SUBJECT_STOP,		/* ';' in its place: a prototype ends here */
	SUBJECT_OPEN,		/* a '(' before it */
	SUBJECT_SHUT,		/* a ')' behind it */
	SUBJECT_BOTH,
};

/* A map of the closure's source, one enum subject_byte a byte; free() it. */
char *mask_items(const struct subject_closure *closure);
/* Bytes @begin to @end become @what. */
void mask_set(char *map, uint32_t begin, uint32_t end, enum subject_byte what);
/* Append what remains of the source, in as many lines as it has. */
void mask_apply(struct subject_text *ret, const struct subject_source *source,
		const char *map);

#endif

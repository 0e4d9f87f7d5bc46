/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reports share: a record in words. */
#ifndef SIM_REPORT_REPORT_PRIVATE_H
#define SIM_REPORT_REPORT_PRIVATE_H

#include "fakes/objects.h"
#include "sim/report/report.h"

#define ROW_SIZE	200

/* What a row does to the ones after it. */
enum row_kind { ROW_PLAIN, ROW_OPEN, ROW_CLOSE };

/* Return: false if the CPU table leaves this record out. */
bool row_text(const struct names *names, const struct sim_record *rec, char *buf,
	      size_t size, enum row_kind *ret_kind);

/*
 * Appends to the row of record @i, if that is a migration's failed check of the
 * counts, which references it failed on.
 */
void in_the_way(const struct report_story *story, size_t i, char *buf, size_t size);

/* Text as XML and HTML have it, in an attribute between double quotes or outside. */
void report_put_escaped(FILE *out, const char *text, bool attribute);

/* The values of a record, for the numbered list; "" if there is nothing to say. */
void record_detail(const struct names *names, const struct sim_record *rec, char *buf,
		   size_t size);

/*
 * A primitive is a step and then, once it has acted, a note with the values;
 * what a check is told about it may stand between.
 * Return: whether a note after record @i tells what its step did.
 */
bool told_later(const struct report_story *story, size_t i);

#endif

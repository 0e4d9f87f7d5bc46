/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every design on every race, as JSON: pinsim-output(5). A cell has a line. */
#include "sim/report/matrix.h"

#define COMPACT	(JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY)

static int list(FILE *out, const char *key, const json_t *values)
{
	json_t *value;
	int ret = 0;
	size_t i;

	report_json_list(out, key);
	json_array_foreach(values, i, value) {
		fputs(i ? ",\n" : "\n", out);
		ret |= json_dumpf(value, out, COMPACT);
	}
	report_json_list_end(out);
	return ret;
}

/**
 * report_matrix_json() - the document itself
 * @out: where to
 * @m: the document
 *
 * Return: 0, or -1 if memory ran out or @out took no more.
 */
int report_matrix_json(FILE *out, const struct report_matrix *m)
{
	int ret;

	report_json_begin(out, "matrix");
	ret = list(out, "kernels", m->kernels);
	ret |= list(out, "designs", m->designs);
	ret |= list(out, "races", m->races);
	ret |= list(out, "cells", m->cells);
	report_json_end(out);
	return ret || ferror(out) ? -1 : 0;
}

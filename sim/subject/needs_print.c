/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a slice wants, told to people and to programs. Stands for nothing in
 * the kernel.
 */
#include <errno.h>
#include <jansson.h>

#include "sim/subject/needs.h"

static const char *const plural[SUBJECT_NEED_KINDS] = {
	[SUBJECT_NEED_TYPE] = "types",
	[SUBJECT_NEED_CALL] = "calls",
	[SUBJECT_NEED_CONSTANT] = "constants",
	[SUBJECT_NEED_VARIABLE] = "variables",
	[SUBJECT_NEED_FIELD] = "fields",
};

static void print_line(FILE *out, const struct subject_need *need)
{
	const char *where = need->known ? need->known :
		need->elsewhere ? need->elsewhere : "-";

	fprintf(out, "  %-7s  %-32s  line %-6u %s\n",
		need->known ? "has" : "LACKS", need->name, need->line, where);
}

void subject_needs_print(FILE *out, const struct subject_needs *needs)
{
	enum subject_need_kind kind;
	uint32_t i, nr, lacks;
	int known;

	for (kind = 0; kind < SUBJECT_NEED_KINDS; kind++) {
		nr = lacks = 0;
		for (i = 0; i < needs->nr; i++) {
			if (needs->need[i].kind != kind)
				continue;
			nr++;
			lacks += !needs->need[i].known;
		}
		if (!nr)
			continue;
		fprintf(out, "%s: %u", plural[kind], nr);
		if (lacks)
			fprintf(out, ", of which the simulator lacks %u", lacks);
		fputc('\n', out);
		for (known = 0; known < 2; known++)
			for (i = 0; i < needs->nr; i++)
				if (needs->need[i].kind == kind &&
				    !needs->need[i].known == !known)
					print_line(out, &needs->need[i]);
	}
}

static json_t *header(const char *name)
{
	return name ? json_string_nocheck(name) : json_null();
}

int subject_needs_json(FILE *out, const struct subject_needs *needs)
{
	json_t *object = json_object(), *list;
	enum subject_need_kind kind;
	uint32_t i;
	int r = 0;

	for (kind = 0; kind < SUBJECT_NEED_KINDS; kind++) {
		list = json_array();
		for (i = 0; i < needs->nr; i++) {
			const struct subject_need *need = &needs->need[i];

			if (need->kind != kind)
				continue;
			r |= json_array_append_new(list, json_pack(
				"{s:o, s:i, s:i, s:o, s:o}",
				"name", json_string_nocheck(need->name),
				"line", (int)need->line,
				"uses", (int)need->uses,
				"known", header(need->known),
				"elsewhere", header(need->elsewhere)));
		}
		r |= json_object_set_new(object, plural[kind], list);
	}
	r |= json_object_set_new(object, "unknown",
				 json_integer(needs->nr_unknown));
	if (!r)
		r = json_dumpf(object, out, JSON_INDENT(2));
	if (!r)
		fputc('\n', out);
	json_decref(object);
	return r ? -ENOMEM : 0;
}

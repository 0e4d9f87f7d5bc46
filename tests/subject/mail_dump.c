/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests of mail: what sim/subject recovers from one, as JSON.
 *
 * usage: mail_dump FILE	what was recovered
 *	  mail_dump --diff FILE	the patches in it, as text
 *
 * Exit status 2 with one line on standard error if the mail is refused.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/mail.h"

static int refused(const struct subject_error *err)
{
	fprintf(stderr, "%s\n", err->text);
	return 2;
}

static int dump_diff(const char *path)
{
	struct subject_text bytes = { 0 }, *diff = NULL;
	struct subject_error err;
	size_t i, nr = 0;
	int result;

	if (subject_bytes_read(&bytes, path, &err))
		return refused(&err);
	result = subject_mail_diffs(&diff, &nr, path, bytes.at ? bytes.at : "",
				    bytes.len, &err);
	for (i = 0; i < nr; i++) {
		fwrite(diff[i].at, 1, diff[i].len, stdout);
		subject_text_free(&diff[i]);
	}
	free(diff);
	subject_text_free(&bytes);
	return result ? refused(&err) : 0;
}

/* Bytes that need not be UTF-8. */
static json_t *text(const char *s, size_t len)
{
	json_t *string = json_stringn(s, len);

	return string ? string : json_string("(not UTF-8)");
}

static json_t *lists(const struct subject_mail *m)
{
	json_t *all = json_object(), *list;
	size_t i;

	list = json_array();
	for (i = 0; i < m->nr_functions; i++)
		json_array_append_new(list, json_pack("{sssssisisb}",
			"name", m->function[i].name,
			"path", m->function[i].path,
			"line", (int)m->function[i].line,
			"end_line", (int)m->function[i].end_line,
			"cut", m->function[i].cut));
	json_object_set_new(all, "functions", list);
	list = json_array();
	for (i = 0; i < m->nr_fields; i++)
		json_array_append_new(list, json_pack("{sssssi}",
			"tag", m->field[i].tag, "text", m->field[i].text,
			"line", (int)m->field[i].line));
	json_object_set_new(all, "fields", list);
	list = json_array();
	for (i = 0; i < m->nr_ops; i++)
		json_array_append_new(list, json_pack("{sssssssi}",
			"tag", m->op[i].tag, "member", m->op[i].member,
			"function", m->op[i].function,
			"line", (int)m->op[i].line));
	json_object_set_new(all, "ops", list);
	list = json_array();
	for (i = 0; i < m->nr_notes; i++)
		json_array_append_new(list, json_pack("{sisssb}",
			"line", (int)m->note[i].line, "text", m->note[i].text,
			"untested", m->note[i].untested));
	json_object_set_new(all, "notes", list);
	list = json_array();
	for (i = 0; i < m->nr_paths; i++)
		json_array_append_new(list, json_string(m->path[i]));
	json_object_set_new(all, "paths", list);
	return all;
}

int main(int argc, char **argv)
{
	struct subject_error err;
	struct subject_mail m;
	json_t *all, *cuts;
	uint32_t i;

	if (argc == 3 && !strcmp(argv[1], "--diff"))
		return dump_diff(argv[2]);
	if (argc != 2)
		return 2;
	if (subject_mail_read(&m, argv[1], &err))
		return refused(&err);
	all = lists(&m);
	json_object_set_new(all, "source", text(m.source.text, m.source.size));
	json_object_set_new(all, "header", text(m.header.text, m.header.size));
	json_object_set_new(all, "depth", json_integer(m.depth));
	json_object_set_new(all, "exact", json_boolean(m.exact));
	json_object_set_new(all, "subject",
			    json_string(m.subject ? m.subject : ""));
	cuts = json_array();
	for (i = 0; i < m.source.nr_cuts; i++)
		json_array_append_new(cuts, json_pack("[ii]",
			(int)m.source.cut[i].line,
			(int)m.source.cut[i].braces));
	json_object_set_new(all, "cuts", cuts);
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(all);
	subject_mail_free(&m);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the fields of a struct that one header has and another has not.
 *
 * usage: fields_dump WITH WITHOUT TAG
 */
#include <stdio.h>

#include "sim/subject/slice.h"

static void scan(const char *path, struct subject_source *source,
		 struct subject_scan *ret, struct subject_error *err)
{
	*ret = (struct subject_scan){ 0 };
	if (!subject_source_read(source, path, err))
		subject_scan(ret, source, err);
}

int main(int argc, char **argv)
{
	struct subject_source source[2] = { 0 };
	struct subject_scan scans[2];
	struct subject_text text = { 0 };
	struct subject_error err = { "" };
	int i, added = -1;

	if (argc != 4)
		return 2;
	for (i = 0; i < 2; i++)
		scan(argv[1 + i], &source[i], &scans[i], &err);
	if (!*err.text)
		added = subject_fields_added(&text, &scans[0], &scans[1],
					     argv[3], &err);
	if (added < 0)
		fprintf(stderr, "%s\n", err.text);
	else
		printf("%s%d added\n", text.at ? text.at : "", added);
	for (i = 0; i < 2; i++) {
		subject_scan_free(&scans[i]);
		subject_source_free(&source[i]);
	}
	subject_text_free(&text);
	return added < 0 ? 1 : 0;
}

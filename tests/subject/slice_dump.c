/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what the slicer makes of a file.
 *
 * usage: slice_dump [OPTION...] FILE [NAME...]
 *
 *   -s NAME     cut function NAME
 *   -o          cut all functions that are not named
 *   -i DIR      headers that exist; with none, all #includes are kept
 *   -t          NAMEs are tags, types and macros, too: a header slice
 *   -l          list what is chosen, in place of the text
 *   -n          what it needs, looked up in the -i DIRs
 *   -j          the same as JSON
 *   -e HEADER   with -n or -j: what those lack is looked for in HEADER
 *   -T TREE     likewise, in the headers that FILE includes, FILE being a path
 *		 from the top of kernel tree TREE
 *
 * Status 1 if it is refused, with the complaint on standard error.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/needs_tree.h"
#include "sim/subject/slice.h"

#define MAX	64

struct job {
	struct subject_wanted wanted;
	struct subject_dirs dirs;
	const char *stop[MAX], *dir[MAX], *header[MAX];
	const char *tree;
	uint32_t nr_headers;
	bool list, needs, json;
};

static void list(const struct subject_slice *slice)
{
	uint32_t i;

	for (i = 0; i < slice->nr_parts; i++) {
		const struct subject_part *part = &slice->part[i];

		printf("%u-%u %s %s%s%s%s\n", part->line, part->end_line,
		       part->is_function ? "function" : "variable", part->name,
		       part->is_static ? " static" : "",
		       part->named ? " named" : "",
		       part->exported ? " exported" : "");
	}
	for (i = 0; i < slice->nr_includes; i++)
		printf("%u no %s\n", slice->include_line[i],
		       slice->include[i]);
	for (i = 0; i < slice->nr_cuts; i++)
		printf("cut %s\n", slice->cut[i]);
}

static void print_needs(const struct job *job,
			const struct subject_closure *closure)
{
	struct subject_index *index = subject_index_new();
	struct subject_source source;
	struct subject_needs needs;
	struct subject_error err;
	uint32_t i;

	for (i = 0; i < job->dirs.nr; i++)
		if (subject_index_dir(index, job->dir[i], &err))
			fprintf(stderr, "%s\n", err.text);
	subject_needs(&needs, closure);
	subject_needs_known(&needs, index);
	for (i = 0; i < job->nr_headers; i++) {
		if (subject_source_read(&source, job->header[i], &err)) {
			fprintf(stderr, "%s\n", err.text);
			continue;
		}
		subject_needs_elsewhere(&needs, job->header[i], source.text,
					source.size);
		subject_source_free(&source);
	}
	if (job->tree)
		subject_needs_tree(&needs, closure->scan, job->tree);
	if (job->json)
		subject_needs_json(stdout, &needs);
	else
		subject_needs_print(stdout, &needs);
	subject_needs_free(&needs);
	subject_index_free(index);
}

static void print(struct job *job, const struct subject_closure *closure)
{
	struct subject_slice_options options = {
		.has_header = job->dirs.nr ? subject_dirs_have : NULL,
		.ctx = &job->dirs,
	};
	struct subject_slice slice;
	struct subject_text text = { 0 };

	if (job->needs) {
		print_needs(job, closure);
	} else if (job->wanted.tags) {
		subject_header_slice(&text, closure);
		fputs(text.at, stdout);
		subject_text_free(&text);
	} else {
		subject_slice(&slice, closure, &options);
		if (job->list)
			list(&slice);
		else
			fputs(slice.text.at, stdout);
		subject_slice_free(&slice);
	}
}

static int slice(struct job *job, const char *path)
{
	struct subject_closure closure;
	struct subject_source source;
	struct subject_error err;
	struct subject_scan scan;
	int r;

	r = subject_source_read(&source, path, &err);
	if (r)
		goto refused;
	r = subject_scan(&scan, &source, &err);
	if (r)
		goto no_scan;
	r = subject_close(&closure, &scan, &job->wanted, &err);
	if (!r) {
		print(job, &closure);
		subject_closure_free(&closure);
	}
	subject_scan_free(&scan);
no_scan:
	subject_source_free(&source);
refused:
	if (r)
		fprintf(stderr, "%s\n", err.text);
	return r ? 1 : 0;
}

int main(int argc, char **argv)
{
	static struct job job;
	int c;

	job.wanted.stop = job.stop;
	job.dirs.dir = job.dir;
	while ((c = getopt(argc, argv, "s:oi:tlnje:T:")) != -1) {
		if (c == 's' && job.wanted.nr_stop < MAX)
			job.stop[job.wanted.nr_stop++] = optarg;
		else if (c == 'i' && job.dirs.nr < MAX)
			job.dir[job.dirs.nr++] = optarg;
		else if (c == 'e' && job.nr_headers < MAX)
			job.header[job.nr_headers++] = optarg;
		else if (c == 'T')
			job.tree = optarg;
		job.wanted.only_named |= c == 'o';
		job.wanted.tags |= c == 't';
		job.list |= c == 'l';
		job.needs |= c == 'n' || c == 'j';
		job.json |= c == 'j';
	}
	if (optind >= argc)
		return 2;
	job.wanted.named = (const char *const *)argv + optind + 1;
	job.wanted.nr_named = argc - optind - 1;
	return slice(&job, argv[optind]);
}

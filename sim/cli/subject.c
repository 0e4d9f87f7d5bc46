/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim subject: make the user's own C a design, and say what was taken of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/subject/allow.h"
#include "sim/subject/compile.h"
#include "sim/subject/needs.h"
#include "sim/subject/needs_tree.h"
#include "sim/subject/subject.h"
#include "sim/subject/ways.h"

const struct cli_verb cli_verb_subject = {
	.name = "subject",
	.args = "",
	.summary = "Make a design of your own code",
	.details = "The code is cut out of its file, compiled against the simulated kernel's\n"
		   "headers and hooked up by the names that its functions have in the kernel.\n"
		   "What --output writes is what --design takes in the other verbs.",
	.min_args = 0,
	.max_args = 0,
};

#define NAMES_MAX	SUBJECT_NAMES_MAX

struct options {
	const char *file, *tree, *mail, *functions, *stop, *kernel, *output, *cc;
	struct cli_list hooks, patches;
	bool needs;
};

/* "a,b" as an array into @copy. Return: how many, or -1 if there are too many. */
static int split(char *copy, const char **ret)
{
	char *save = NULL, *word;
	int n = 0;

	for (word = copy ? strtok_r(copy, ", ", &save) : NULL; word;
	     word = strtok_r(NULL, ", ", &save)) {
		if (n == NAMES_MAX)
			return -1;
		ret[n++] = word;
	}
	return n;
}

/* ---- what was taken ---- */

static const char *hook_of(const struct subject_made *made, const char *function)
{
	unsigned int i;

	for (i = 0; i < made->hooks.nr; i++)
		if (made->hooks.hook[i].function && !made->hooks.hook[i].by_kvm &&
		    !strcmp(made->hooks.hook[i].function, function))
			return made->hooks.hook[i].hook;
	return NULL;
}

static void print_functions(const struct subject_made *made)
{
	const struct subject_slice *s = &made->slice;
	uint32_t i;

	puts("Taken:");
	for (i = 0; i < s->nr_parts; i++) {
		const struct subject_part *p = &s->part[i];
		const char *hook = hook_of(made, p->name);

		if (p->is_function)
			printf("  %-36s %s:%u-%u%s%s\n", p->name, s->path, p->line, p->end_line,
			       hook ? "  fills " : "", hook ? hook : "");
	}
}

static void print_rest(const struct subject_made *made)
{
	const struct subject_slice *s = &made->slice;
	const char *note = made->notes.len ? made->notes.at : "";
	uint32_t i;

	for (i = 0; i < made->hooks.nr; i++)
		if (made->hooks.hook[i].by_kvm)
			printf("By KVM itself: %s, with %s()\n", made->hooks.hook[i].hook,
			       made->hooks.hook[i].function);
	for (i = 0; i < s->nr_cuts; i++)
		printf("Cut: %s()%s\n", s->cut[i], subject_allowed(s->cut[i]) ?
		       ": the simulated kernel has its own" : "");
	for (i = 0; i < s->nr_includes; i++)
		printf("%s%s", i ? " " : "Left out, as the simulator has no such headers: ",
		       s->include[i]);
	if (s->nr_includes)
		putchar('\n');
	for (i = 0; i < s->nr_truncated; i++)
		printf("TRUNCATED: %s: cut off at line %u, closed with %u brace%s: what followed "
		       "was NOT tested\n", s->path, s->truncated[i].line, s->truncated[i].braces,
		       s->truncated[i].braces == 1 ? "" : "s");
	for (; *note; note += strcspn(note, "\n") + 1)
		printf("Note: it %.*s\n", (int)strcspn(note, "\n"), note);
}

/* ---- needs ---- */

static void print_lacking(FILE *out, const char *path, const struct subject_needs *needs)
{
	uint32_t i;

	for (i = 0; i < needs->nr; i++) {
		const struct subject_need *n = &needs->need[i];

		if (n->known || n->kind == SUBJECT_NEED_FIELD)
			continue;
		fprintf(out, "%s:%u: %s%s is not modelled: no header of the simulator's has "
			"it%s%s\n", path, n->line, n->name,
			n->kind == SUBJECT_NEED_CALL ? "()" : "",
			n->elsewhere ? "; in the kernel it is in " : "",
			n->elsewhere ? n->elsewhere : "");
	}
}

/* All that the code needs, or only what the simulator lacks of it. */
static void tell_needs(const struct subject_source *source, const struct subject_wanted *wanted,
		       const char *tree, FILE *out, bool only_lacking)
{
	struct subject_index *index = subject_index_new();
	struct subject_closure closure;
	struct subject_needs needs;
	struct subject_scan scan;
	struct subject_error err;
	char *dirs[2];

	if (!subject_include_dirs(dirs, &err)) {
		subject_index_dir(index, dirs[0], &err);
		free(dirs[0]);
		free(dirs[1]);
	}
	if (!subject_scan(&scan, source, &err)) {
		if (!subject_close(&closure, &scan, wanted, &err)) {
			subject_needs(&needs, &closure);
			subject_needs_known(&needs, index);
			if (tree)
				subject_needs_tree(&needs, &scan, tree);
			if (only_lacking)
				print_lacking(out, source->path, &needs);
			else
				subject_needs_print(out, &needs);
			subject_needs_free(&needs);
			subject_closure_free(&closure);
		}
		subject_scan_free(&scan);
	}
	subject_index_free(index);
}

/* ---- output ---- */

static int copy_file(const char *from, const char *to)
{
	char buf[65536], *temp;
	FILE *in = fopen(from, "re"), *out;
	size_t n;
	bool bad;

	if (!in || asprintf(&temp, "%s.%ld", to, (long)getpid()) < 0)
		return -errno;
	out = fopen(temp, "we");
	if (!out) {
		n = errno;
		fclose(in);
		free(temp);
		return -n;
	}
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		fwrite(buf, 1, n, out);
	bad = ferror(in) || ferror(out);
	bad = fclose(out) || bad || rename(temp, to);
	if (bad)
		unlink(temp);
	fclose(in);
	free(temp);
	return bad ? -EIO : 0;
}

static int write_output(const struct options *o, const struct subject_made *made)
{
	int r;

	if (!o->output)
		return CLI_OK;
	r = copy_file(made->object, o->output);
	if (r)
		return cli_refuse(&cli_verb_subject, "--output: %s: %s", o->output, strerror(-r));
	return CLI_OK;
}

static void print_next(const struct options *o, const struct subject_made *made)
{
	const char *design = o->output ? o->output : made->object;

	printf("\nNext:\n  pinsim explore tests/races/late-longterm-pin.race --design %s%s\n",
	       strchr(design, '/') ? "" : "./", design);
}

/* ---- making ---- */

static int refuse(const struct options *o, const struct subject_made *made,
		  const struct subject_request *r, const struct subject_error *err)
{
	fflush(stdout);
	if (made->log.len) {
		/* What is lacking explains most errors of the compiler. */
		tell_needs(r->source, &r->wanted, o->tree, stderr, true);
		fputs(made->log.at, stderr);
	}
	/* It begins with its own place; what the compiler said is not said again. */
	if (!made->log.len || !strstr(made->log.at, err->text))
		fprintf(stderr, "%s\n", err->text);
	return CLI_USAGE;
}

static void print_notes(const char *notes)
{
	for (; *notes; notes += strcspn(notes, "\n") + 1)
		printf("Note: %.*s\n", (int)strcspn(notes, "\n"), notes);
}

static int make(const struct options *o, const struct subject_request *r,
		const struct subject_taken *taken)
{
	struct subject_made made;
	struct subject_error err;
	int status = CLI_OK;

	if (o->needs) {
		tell_needs(r->source, &r->wanted, o->tree, stdout, false);
		return CLI_OK;
	}
	if (subject_make(r, &made, &err) || !subject_open(made.object, &err)) {
		status = refuse(o, &made, r, &err);
	} else {
		printf("Subject %s of %s, kernel %s, %s\n", made.design, made.slice.path,
		       r->kernel ? r->kernel : SUBJECT_KERNEL_DEFAULT,
		       made.cached ? "compiled before" : "compiled now");
		print_functions(&made);
		print_rest(&made);
		print_notes(taken->notes.len ? taken->notes.at : "");
		status = write_output(o, &made);
		if (status == CLI_OK)
			print_next(o, &made);
	}
	subject_made_free(&made);
	return status;
}

/* The user's hooks first: the first that names a hook counts. */
static uint32_t all_hooks(const struct options *o, const struct subject_taken *taken,
			  const char **ret)
{
	uint32_t i, nr = 0;

	for (i = 0; i < o->hooks.nr; i++)
		ret[nr++] = o->hooks.at[i];
	for (i = 0; i < taken->nr_hooks; i++)
		ret[nr++] = taken->hook[i];
	return nr;
}

static int take_and_make(const struct options *o, const struct subject_way *way,
			 const char *const *stop, uint32_t nr_stop)
{
	const char *hooks[CLI_LIST_MAX + 16];
	struct subject_taken taken;
	struct subject_error err;
	int status;

	if (subject_take(way, &taken, &err)) {
		subject_taken_free(&taken);
		return cli_refuse(&cli_verb_subject, "%s", err.text);
	}
	const struct subject_request r = {
		.source = &taken.source,
		.before = taken.before.len ? taken.before.at : NULL,
		.wanted = {
			.named = taken.function, .nr_named = taken.nr_functions,
			.stop = stop, .nr_stop = nr_stop,
		},
		.hooks = hooks, .nr_hooks = all_hooks(o, &taken, hooks),
		.nr_own_hooks = o->hooks.nr,
		.kernel = o->kernel ? o->kernel : taken.kernel,
		.kver = o->kernel ? 0 : taken.kver,
		.cc = o->cc, .near = taken.near,
	};
	status = make(o, &r, &taken);
	subject_taken_free(&taken);
	return status;
}

static int subject(const struct options *o)
{
	const char *functions[NAMES_MAX], *stop[NAMES_MAX];
	char *some = o->functions ? strdup(o->functions) : NULL;
	char *cut = o->stop ? strdup(o->stop) : NULL;
	int nr = split(some, functions), nr_stop = split(cut, stop), status;

	if (nr < 0 || nr_stop < 0) {
		status = cli_refuse(&cli_verb_subject, "more than %d functions", NAMES_MAX);
	} else {
		const struct subject_way way = {
			.file = o->file, .tree = o->tree, .mail = o->mail,
			.patch = o->patches.at, .nr_patches = o->patches.nr,
			.function = functions, .nr_functions = nr,
		};

		status = take_and_make(o, &way, stop, nr_stop);
	}
	free(some);
	free(cut);
	return status;
}

int cli_subject(int argc, char **argv)
{
	struct options o = { .file = NULL };
	const struct cli_option options[] = {
		{ "file", CLI_TEXT, "F", "take the code from C file F", &o.file, 0, 0 },
		{ "tree", CLI_TEXT, "T", "from kernel tree T: a folder, or a package's tarball",
		  &o.tree, 0, 0 },
		{ "patch", CLI_LIST, "P", "with patch P applied to a copy first; may be repeated",
		  &o.patches, 0, 0 },
		{ "mail", CLI_TEXT, "M", "from the patch in mail M, quoted or not", &o.mail, 0, 0 },
		{ "functions", CLI_TEXT, "LIST", "these functions, as a,b, and what they need of "
		  "their file", &o.functions, 0, 0 },
		{ "stop", CLI_TEXT, "LIST", "functions not to take though they are needed",
		  &o.stop, 0, 0 },
		{ "hook", CLI_LIST, "HOOK", "put a function into a hook, as pin_spte=f; may be "
		  "repeated", &o.hooks, 0, 0 },
		{ "kernel", CLI_TEXT, "P", "kernel profile: 6.12 (default), 6.1 or 5.17",
		  &o.kernel, 0, 0 },
		{ "needs", CLI_FLAG, NULL, "only say what the code needs from elsewhere",
		  &o.needs, 0, 0 },
		{ "output", CLI_TEXT, "F", "write the subject to F, for --design", &o.output,
		  0, 0 },
		{ "cc", CLI_TEXT, "CC", "compiler ($CC, gcc or clang)", &o.cc, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	int first, status = cli_parse(&cli_verb_subject, options, argc, argv, &first);

	if (status >= 0)
		return status;
	return subject(&o);
}

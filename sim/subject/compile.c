/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiling a subject: see compile.h.  The compiler is started as it is, with
 * no shell.  Its result appears in the cache under its last name only when it
 * is whole, so that two pinsims may compile the same at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/subject/cache.h"
#include "sim/subject/compile_private.h"
#include "sim/subject/headers.h"
#include "sim/subject/object.h"

static const char *const link_flags[] = {
	"-shared", "-nostdlib", "-Wl,-Bsymbolic", "-Wl,-z,now", "-Wl,-z,separate-code",
	"-Wl,-z,max-page-size=4096", "-Wl,--build-id=none", NULL,
};

static const char *const own_flags[] = {
	"-std=gnu11", "-O2", "-g", "-fPIC", "-fvisibility=hidden", "-DPINSIM_SUBJECT=1",
	"-fsanitize-coverage=trace-pc",
	/* What is taken off the stack is touched page by page, so none is skipped. */
	"-fstack-clash-protection",
	/* A call that ends a function leaves its line on the stack, too. */
	"-fno-optimize-sibling-calls",
	"-Wno-unused-function", "-Wno-unused-variable", "-Wno-pointer-sign",
	"-Wno-implicit-int", NULL,
};

/* ---- command line ---- */

static void add(struct words *w, const char *word)
{
	w->at = subject_grow(w->at, w->nr + 1, &w->room, sizeof(*w->at));
	w->at[w->nr++] = subject_must(strdup(word));
	w->at[w->nr] = NULL;
}

static void add_all(struct words *w, const char *const *list)
{
	for (; *list; list++)
		add(w, *list);
}

static void add_two(struct words *w, const char *flag, const char *value)
{
	char *word;

	if (asprintf(&word, "%s%s", flag, value) < 0)
		word = NULL;
	add(w, subject_must(word));
	free(word);
}

void words_free(struct words *w)
{
	size_t i;

	for (i = 0; i < w->nr; i++)
		free(w->at[i]);
	free(w->at);
	memset(w, 0, sizeof(*w));
}

static void split(struct words *w, const char *text)
{
	char *copy = subject_must(strdup(text)), *save = NULL, *word;

	for (word = strtok_r(copy, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		add(w, word);
	free(copy);
}

/* The file that a command stands for, or NULL; to be freed. */
static char *in_path(const char *command)
{
	const char *p = getenv("PATH");
	char *file = NULL;

	if (strchr(command, '/'))
		return access(command, X_OK) ? NULL : strdup(command);
	for (p = p ? p : "/usr/bin:/bin"; *p; p += *p == ':') {
		size_t len = strcspn(p, ":");

		if (asprintf(&file, "%.*s/%s", (int)len, p, command) < 0)
			return NULL;
		if (!access(file, X_OK))
			return file;
		free(file);
		p += len;
	}
	return NULL;
}

/* The compiler's words; which it is. */
static int choose_compiler(const char *cc, struct words *ret, struct subject_error *err)
{
	const char *env = getenv("CC");
	char *file;

	if (!cc && env && *env)
		cc = env;
	if (!cc) {
		file = in_path("gcc");
		cc = file ? "gcc" : "clang";
		free(file);
	}
	split(ret, cc);
	file = ret->nr ? in_path(ret->at[0]) : NULL;
	if (!file) {
		snprintf(err->text, sizeof(err->text), "compiler '%.200s' is not there: "
			 "a subject needs gcc or clang (--cc, $CC)", cc);
		return -ENOENT;
	}
	free(file);
	return 0;
}

static bool is_clang(const struct words *cc)
{
	size_t i;

	for (i = 0; i < cc->nr; i++)
		if (strstr(cc->at[i], "clang"))
			return true;
	return false;
}

/* All flags but the input's, the output's and the compiler's own headers'. */
static void add_flags(struct words *w, bool clang, const struct subject_compile *c,
		      char *const dirs[2])
{
	char kver[32], *svm;

	add_all(w, own_flags);
	add_all(w, subject_project_flags);
	add_all(w, subject_world_flags);
	add_all(w, clang ? subject_clang_flags : subject_gcc_flags);
	if (c->kver >= 602)
		add(w, "-funsigned-char");
	snprintf(kver, sizeof(kver), "-DPINSIM_KVER=%u", c->kver);
	add(w, kver);
	if (c->near) {
		add(w, "-iquote");
		add(w, c->near);
	}
	/* "svm.h", beside which sev.c stands in the kernel. */
	svm = subject_format("%s/svm", dirs[0]);
	add(w, "-iquote");
	add(w, svm);
	free(svm);
	add_two(w, "-I", dirs[0]);
	add_two(w, "-I", dirs[1]);
	add_all(w, link_flags);
}

/* ---- running ---- */

static char *compiler_headers(const struct words *cc, struct subject_error *err)
{
	struct words w = { NULL, 0, 0 };
	struct subject_text out = { NULL, 0, 0 };
	char *dir = NULL;
	size_t i;

	for (i = 0; i < cc->nr; i++)
		add(&w, cc->at[i]);
	add(&w, "-print-file-name=include");
	if (!compile_run(&w, &out, err) && out.len) {
		out.at[strcspn(out.at, "\n")] = '\0';
		dir = subject_must(strdup(out.at));
	} else {
		snprintf(err->text, sizeof(err->text), "%s does not say where its headers are",
			 cc->at[0]);
	}
	words_free(&w);
	subject_text_free(&out);
	return dir;
}

static int compile_to(const struct words *cc, const struct words *flags, const char *source,
		      const char *object, struct subject_compiled *ret, struct subject_error *err)
{
	char *headers = compiler_headers(cc, err);
	struct words w = { NULL, 0, 0 };
	size_t i;
	int r;

	if (!headers)
		return -ENOENT;
	for (i = 0; i < cc->nr; i++)
		add(&w, cc->at[i]);
	for (i = 0; i < flags->nr; i++)
		add(&w, flags->at[i]);
	add(&w, "-idirafter");
	add(&w, headers);
	add(&w, "-fno-diagnostics-color");
	add(&w, "-o");
	add(&w, object);
	add(&w, source);
	r = compile_run(&w, &ret->log, err);
	words_free(&w);
	free(headers);
	return r;
}

static int seal(const char *object, struct subject_error *err)
{
	int r = subject_object_seal(object);

	if (r)
		snprintf(err->text, sizeof(err->text), "%.800s: %s", object, strerror(-r));
	return r;
}

/* Compile beside the last place, then move it there. */
static int compile_new(const struct words *cc, const struct words *flags,
		       const struct subject_compile *c, struct subject_compiled *ret,
		       struct subject_error *err)
{
	char *source = subject_temp(ret->path, ".c");
	char *object = source ? subject_temp(ret->path, ".o") : NULL;
	int r = object ? subject_write_whole(source, c->text->at, c->text->len) : -errno;

	if (r) {
		snprintf(err->text, sizeof(err->text), "%.800s: cannot be written beside: %s",
			 ret->path, strerror(-r));
	} else {
		r = compile_to(cc, flags, source, object, ret, err);
		if (!r)
			r = seal(object, err);
		if (!r && rename(object, ret->path)) {
			r = -errno;
			snprintf(err->text, sizeof(err->text), "%.800s: %s", ret->path,
				 strerror(errno));
		}
	}
	if (r && object)
		unlink(object);
	if (source)
		unlink(source);
	free(source);
	free(object);
	return r;
}

int subject_compile(const struct subject_compile *c, struct subject_compiled *ret,
		    struct subject_error *err)
{
	struct words cc = { NULL, 0, 0 }, flags = { NULL, 0, 0 };
	char *dirs[2] = { NULL, NULL }, *file = NULL;
	int r;

	memset(ret, 0, sizeof(*ret));
	r = choose_compiler(c->cc, &cc, err);
	if (!r)
		r = subject_include_dirs(dirs, err);
	if (!r)
		r = subject_headers_check(dirs, err);
	if (!r) {
		add_flags(&flags, is_clang(&cc), c, dirs);
		file = in_path(cc.at[cc.nr - 1]);
		ret->path = compile_cache_path(file ? file : cc.at[0], &cc, &flags, c, err);
		r = ret->path ? 0 : -EIO;
	}
	if (!r) {
		ret->cached = subject_cache_use(ret->path);
		if (!ret->cached)
			r = compile_new(&cc, &flags, c, ret, err);
		if (!ret->cached && !r)
			subject_cache_trim(ret->path);
	}
	free(file);
	free(dirs[0]);
	free(dirs[1]);
	words_free(&cc);
	words_free(&flags);
	return r;
}

void subject_compiled_free(struct subject_compiled *c)
{
	free(c->path);
	subject_text_free(&c->log);
	memset(c, 0, sizeof(*c));
}

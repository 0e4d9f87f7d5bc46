/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making and opening subjects: see subject.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/subject/allow.h"
#include "sim/subject/beyond.h"
#include "sim/subject/cache.h"
#include "sim/subject/compile.h"
#include "sim/subject/headers.h"
#include "sim/subject/subject.h"

#define PROLOGUE	"pinsim/subject.h"
#define STEM_MAX	40

/* ---- making ---- */

static unsigned int kver_of(const char *kernel)
{
	if (!strcmp(kernel, "5.17"))
		return 517;
	return !strcmp(kernel, "6.1") ? 601 : 612;
}

/* "sev" of "arch/x86/kvm/svm/sev.c", in letters that a design's name may have. */
static void stem_of(const char *path, char *ret, size_t size)
{
	const char *base = strrchr(path, '/');
	size_t len;

	base = base ? base + 1 : path;
	len = strcspn(base, ".");
	if (len >= size)
		len = size - 1;
	memcpy(ret, base, len);
	ret[len] = '\0';
	for (; *ret; ret++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
			    *ret))
			*ret = '-';
}

/*
 * What decides how the code behaves: the text, but for the paths in its #lines,
 * the user's headers, and what goes where.
 */
static uint64_t source_hash(const struct subject_made *made, const char *kernel,
			    unsigned int kver, const char *near)
{
	XXH3_state_t *h = subject_must(XXH3_createState());
	struct subject_text headers = { NULL, 0, 0 };
	const char *line = made->slice.text.at;
	unsigned int i;
	uint64_t x;

	XXH3_64bits_reset(h);
	while (*line) {
		size_t len = strcspn(line, "\n");

		if (strncmp(line, "#line ", 6))
			XXH3_64bits_update(h, line, len + 1);
		line += len + (line[len] == '\n');
	}
	for (i = 0; i < made->hooks.nr; i++) {
		const char *f = made->hooks.hook[i].function;

		XXH3_64bits_update(h, f ? f : "", f ? strlen(f) + 1 : 1);
	}
	XXH3_64bits_update(h, kernel, strlen(kernel));
	XXH3_64bits_update(h, &kver, sizeof(kver));
	subject_headers_near(&headers, made->slice.text.at, near);
	XXH3_64bits_update(h, headers.len ? headers.at : "", headers.len);
	subject_text_free(&headers);
	x = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	return x;
}

/* Does the text speak of both? Then the records are where RFC v0 has them. */
static bool has_records(const struct subject_slice *slice)
{
	return strstr(slice->text.at, "arch.pinned_bitmap") && strstr(slice->text.at, "pfns");
}

static void describe(struct subject_text *ret, const struct subject_made *made,
		     const char *kernel)
{
	uint32_t i;

	subject_text_printf(ret, "design %s\npath %s\nkernel %s\n", made->design,
			    made->slice.path, kernel);
	if (has_records(&made->slice))
		subject_text_puts(ret, "records 1\n");
	for (i = 0; i < made->slice.nr_truncated; i++)
		subject_text_printf(ret, "cut %u\n", made->slice.truncated[i].line);
}

static bool in_slice(void *ctx, const char *function)
{
	const struct subject_slice *slice = ctx;
	uint32_t i;

	for (i = 0; i < slice->nr_parts; i++)
		if (slice->part[i].is_function && !strcmp(slice->part[i].name, function))
			return true;
	return false;
}

static int check_hooks(const struct subject_made *made, const char *path,
		       struct subject_error *err)
{
	unsigned int i;

	for (i = 0; i < made->hooks.nr; i++)
		if (made->hooks.hook[i].function && !made->hooks.hook[i].by_kvm)
			return 0;
	snprintf(err->text, sizeof(err->text), "%s: no function that fills a hook; "
		 "name one with --hook, as pin_spte=my_function", path);
	return -EINVAL;
}

/*
 * A cut function that the simulated kernel has is that one; of any other the
 * user wants no more than that it is there: it does nothing and returns 0.
 */
static void stub_cuts(struct subject_made *made, const struct subject_scan *scan)
{
	uint32_t i;

	for (i = 0; i < made->slice.nr_cuts; i++) {
		const char *name = made->slice.cut[i];
		const struct subject_item *f = subject_function(scan, name);
		struct subject_text head = { NULL, 0, 0 };

		if (!f || subject_allowed(name))
			continue;
		subject_signature(&head, scan, f);
		subject_text_printf(&made->stubs, "\n#line 1 \"pinsim-cut:%s\"\n%s\n{%s}\n",
				    name, head.at, strncmp(head.at, "void ", 5) ||
				    strspn(head.at + 5, " \n*") != strspn(head.at + 5, " \n") ?
				    " return 0; " : "");
		subject_text_printf(&made->notes, "calls %s(), which was cut: that does nothing "
				    "and returns 0\n", name);
		subject_text_free(&head);
	}
}

static bool names(const char *const *list, uint32_t nr, const char *name)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

/*
 * What is wanted, and cut at functions that the simulated kernel has as well and
 * that the user did not name: they are beside the point.
 */
static struct subject_wanted cut_at_ours(const struct subject_wanted *wanted,
					 const struct subject_scan *scan)
{
	const char **stop = subject_must(calloc(wanted->nr_stop + scan->nr_items + 1,
						sizeof(*stop)));
	struct subject_wanted ret = *wanted;
	uint32_t i;

	ret.stop = stop;
	for (i = 0; i < wanted->nr_stop; i++)
		stop[i] = wanted->stop[i];
	for (i = 0; wanted->nr_named && i < scan->nr_items; i++) {
		const struct subject_item *f = &scan->item[i];

		if (f->kind == SUBJECT_FUNCTION && subject_allowed(f->name) &&
		    !names(wanted->named, wanted->nr_named, f->name) &&
		    !names(stop, ret.nr_stop, f->name))
			stop[ret.nr_stop++] = f->name;
	}
	return ret;
}

/* Scan, close, slice; which functions fill which hooks. */
static int cut_out(const struct subject_request *r, struct subject_made *ret,
		   struct subject_error *err)
{
	char *dirs[2];
	struct subject_dirs have = { (const char *const *)dirs, 2 };
	const char *near[4] = { NULL, NULL, NULL, r->near };
	struct subject_slice_options options = {
		.prologue = PROLOGUE, .before = r->before,
		.has_header = subject_dirs_have, .ctx = &have,
	};
	struct subject_scan scan;
	char *svm;
	struct subject_closure closure;
	int e = subject_include_dirs(dirs, err);

	if (e)
		return e;
	near[0] = dirs[0];
	near[1] = dirs[1];
	near[2] = svm = subject_format("%s/svm", dirs[0]);
	have = (struct subject_dirs){ near, r->near ? 4 : 3 };
	e = subject_scan(&scan, r->source, err);
	if (!e) {
		const struct subject_wanted wanted = cut_at_ours(&r->wanted, &scan);

		e = subject_close(&closure, &scan, &wanted, err);
		free((void *)wanted.stop);
		if (!e) {
			subject_slice(&ret->slice, &closure, &options);
			e = subject_beyond(&closure, err);
			subject_closure_free(&closure);
		}
		if (!e) {
			stub_cuts(ret, &scan);
			e = subject_hooks_find(&ret->hooks, &scan, r->hooks, r->nr_hooks,
					       r->nr_own_hooks, in_slice, &ret->slice, err);
		}
		subject_scan_free(&scan);
	}
	free(svm);
	free(dirs[0]);
	free(dirs[1]);
	return e ? e : check_hooks(ret, r->source->path, err);
}

/* Where an identifier stands first in the user's text. */
static uint32_t line_of(void *ctx, const char *name)
{
	const struct subject_source *s = ctx;
	const char *at = s->text;
	size_t len = strlen(name);

	while ((at = strstr(at, name))) {
		bool begins = at == s->text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');

		if (begins && !(isalnum((unsigned char)at[len]) || at[len] == '_'))
			return subject_source_line(s, at - s->text);
		at += len;
	}
	return 0;
}

/* The gate, before anybody takes the object for good. */
static int allow(const struct subject_request *r, const struct subject_made *made,
		 struct subject_error *err)
{
	struct subject_object o;
	int e = subject_object_read(&o, made->object, err);

	if (e == -EFBIG)
		snprintf(err->text, sizeof(err->text), "%.800s: its code and variables take more "
			 "than the %u MiB that there is room for", r->source->path,
			 SUBJECT_OBJECT_MAX >> 20);
	if (!e) {
		e = subject_allow(&o, r->source->path, line_of, (void *)r->source, err);
		subject_object_free(&o);
	}
	return e;
}

static int compile(const struct subject_request *r, const char *kernel, unsigned int kver,
		   struct subject_made *ret, struct subject_error *err)
{
	struct subject_text text = { NULL, 0, 0 }, about = { NULL, 0, 0 };
	struct subject_compile c = { &text, r->cc, kver, r->near };
	struct subject_compiled done;
	int e;

	describe(&about, ret, kernel);
	subject_text_add(&text, ret->slice.text.at, ret->slice.text.len);
	if (ret->stubs.len)
		subject_text_add(&text, ret->stubs.at, ret->stubs.len);
	subject_glue(&text, &ret->hooks, ret->design, about.at);
	e = subject_compile(&c, &done, err);
	if (e == -EINVAL)
		subject_glue_complaint(&ret->hooks, ret->slice.path, err);
	ret->log = done.log;
	ret->object = done.path;
	ret->cached = done.cached;
	subject_text_free(&text);
	subject_text_free(&about);
	return e;
}

int subject_make(const struct subject_request *r, struct subject_made *ret,
		 struct subject_error *err)
{
	const char *kernel = r->kernel ? r->kernel : SUBJECT_KERNEL_DEFAULT;
	unsigned int kver = r->kver ? r->kver : kver_of(kernel);
	char stem[STEM_MAX];
	int e;

	memset(ret, 0, sizeof(*ret));
	if (strcmp(kernel, "5.17") && strcmp(kernel, "6.1") && strcmp(kernel, "6.12")) {
		snprintf(err->text, sizeof(err->text), "no kernel profile is called '%.60s'; "
			 "there are 5.17, 6.1 and 6.12", kernel);
		return -EINVAL;
	}
	e = cut_out(r, ret, err);
	if (e)
		return e;
	stem_of(r->name ? r->name : r->source->path, stem, sizeof(stem));
	if (asprintf(&ret->design, "%s@%012llx", *stem ? stem : "subject",
		     (unsigned long long)source_hash(ret, kernel, kver, r->near) >> 16) < 0)
		subject_must(NULL);
	subject_hooks_notes(&ret->notes, &ret->hooks);
	e = compile(r, kernel, kver, ret, err);
	return e ? e : allow(r, ret, err);
}

void subject_made_free(struct subject_made *made)
{
	free(made->design);
	free(made->object);
	subject_text_free(&made->log);
	subject_text_free(&made->notes);
	subject_text_free(&made->stubs);
	subject_slice_free(&made->slice);
	subject_hooks_free(&made->hooks);
	memset(made, 0, sizeof(*made));
}

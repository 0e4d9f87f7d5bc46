/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways in: see ways.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/additions.h"
#include "sim/subject/cache.h"
#include "sim/subject/compile.h"
#include "sim/subject/item.h"
#include "sim/subject/tree.h"
#include "sim/subject/ways.h"

/*
 * What pinning code is written against, for a text that does not say itself: a
 * patch, or a kernel's file whose private headers are not there.
 */
static const char usual_headers[] =
	"#include <linux/kvm_host.h>\n"
	"#include <linux/bitops.h>\n"
	"#include <linux/capability.h>\n"
	"#include <linux/highmem.h>\n"
	"#include <linux/mm.h>\n"
	"#include <linux/sched/signal.h>\n"
	"#include <linux/slab.h>\n"
	"#include <linux/vmalloc.h>\n"
	"#include <asm/cacheflush.h>\n"
	"#include <asm/page.h>\n"
	"#include <asm/smp.h>\n"
	"#include <svm/svm.h>\n"
	"#undef pr_fmt\n";

/* What types that a patch adds to a header may be made of. */
static const char headers_for_types[] =
	"#include <linux/atomic.h>\n"
	"#include <linux/bitops.h>\n"
	"#include <linux/kvm_types.h>\n"
	"#include <linux/list.h>\n"
	"#include <linux/mm_types.h>\n"
	"#include <linux/mutex.h>\n"
	"#include <linux/spinlock.h>\n";

static int take_file(const struct subject_way *way, struct subject_taken *ret,
		     struct subject_error *err)
{
	uint32_t i;

	ret->near = subject_folder_of(way->file);
	for (i = 0; i < way->nr_functions; i++)
		ret->function[ret->nr_functions++] = way->function[i];
	return subject_source_read(&ret->source, way->file, err);
}

/* ---- what patches add beside functions ---- */

/* Fields that a patch adds to a struct go where the simulator has room for them. */
static void take_fields(const char *tag, const char *decls, struct subject_taken *ret)
{
	struct subject_text fresh = { NULL, 0, 0 };
	struct subject_error ignored;
	char *dirs[2];

	if (subject_include_dirs(dirs, &ignored))
		return;
	if (!subject_fields_lacking(&fresh, tag, decls, dirs[0]))
		subject_text_printf(&ret->notes, "the patch adds fields to struct %s, for "
				    "which the simulator has no room\n", tag);
	if (fresh.len)
		subject_text_printf(&ret->before, "#define PINSIM_FIELDS_%s%s\n", tag, fresh.at);
	subject_text_free(&fresh);
	free(dirs[0]);
	free(dirs[1]);
}

/* "member=function"; @text is theirs then. */
static void take_hook(char *text, struct subject_taken *ret)
{
	if (ret->nr_hooks < sizeof(ret->hook) / sizeof(ret->hook[0]))
		ret->hook[ret->nr_hooks++] = text;
	else
		free(text);
}

static void take_text(struct subject_text *to, const struct subject_text *text)
{
	if (text->len)
		subject_text_add(to, text->at, text->len);
}

/* New types come first, as new fields may be of one. */
static void take_additions(const struct subject_additions *a, struct subject_taken *ret)
{
	unsigned int i;

	if (a->types.len) {
		subject_text_puts(&ret->before, headers_for_types);
		take_text(&ret->before, &a->types);
	}
	for (i = 0; i < a->nr_fields; i++)
		take_fields(a->fields[i].tag, a->fields[i].text.at, ret);
	for (i = 0; i < a->nr_hooks; i++)
		take_hook(subject_must(strdup(a->hook[i])), ret);
	subject_text_puts(&ret->before, usual_headers);
	take_text(&ret->before, &a->rest);
}

static int take_patched(struct subject_tree *tree, struct subject_taken *ret,
			struct subject_error *err)
{
	const struct subject_wanted wanted = {
		.named = ret->function, .nr_named = ret->nr_functions,
	};
	struct subject_additions added;
	struct subject_closure closure;
	struct subject_scan scan;
	int r = subject_scan(&scan, &ret->source, err);

	if (r)
		return r;
	r = subject_close(&closure, &scan, &wanted, err);
	if (!r) {
		r = subject_additions_find(&added, tree, &closure, err);
		if (!r)
			take_additions(&added, ret);
		subject_additions_free(&added);
		subject_closure_free(&closure);
	}
	subject_scan_free(&scan);
	return r;
}

static int take_tree(const struct subject_way *way, struct subject_taken *ret,
		     struct subject_error *err)
{
	struct subject_tree tree;
	char *path = NULL;
	uint32_t i;
	int r = subject_tree_open(&tree, way->tree, err);

	if (r)
		return r;
	if (!way->nr_functions) {
		snprintf(err->text, sizeof(err->text),
			 "%s: which functions? --functions names them", way->tree);
		r = -EINVAL;
	}
	if (!r && way->nr_patches)
		r = subject_tree_patch(&tree, way->patch, way->nr_patches, err);
	if (!r) {
		path = subject_tree_find(&tree, way->function, way->nr_functions, err);
		r = path ? subject_tree_read(&ret->source, &tree, path, err) : -EINVAL;
	}
	if (!r) {
		/* Reports name the tree's file, not where it was unpacked. */
		free(ret->source.path);
		ret->source.path = path;
		path = NULL;
	}
	for (i = 0; i < way->nr_functions && !r; i++)
		ret->function[ret->nr_functions++] = subject_tree_function(way->function[i]);
	if (!r && way->nr_patches)
		r = take_patched(&tree, ret, err);
	else
		subject_text_puts(&ret->before, usual_headers);
	/* One of the profiles' names: it outlives the tree. */
	ret->kernel = tree.profile;
	ret->kver = tree.kver;
	take_text(&ret->notes, &tree.notes);
	free(path);
	subject_tree_close(&tree);
	return r;
}

/* ---- mail ---- */

static void take_op(const struct subject_op *op, struct subject_taken *ret)
{
	if (!strcmp(op->tag, "kvm_x86_ops") || !*op->tag)
		take_hook(subject_format("%s=%s", op->member, op->function), ret);
}

static void take_header(const struct subject_source *header, struct subject_taken *ret)
{
	if (!header->size)
		return;
	subject_text_puts(&ret->before, "#line 1 ");
	subject_text_quote(&ret->before, header->path);
	subject_text_puts(&ret->before, "\n");
	subject_text_add(&ret->before, header->text, header->size);
	subject_text_puts(&ret->before, "\n");
}

static int take_mail(const struct subject_way *way, struct subject_taken *ret,
		     struct subject_error *err)
{
	struct subject_mail mail;
	size_t i;
	int r = subject_mail_read(&mail, way->mail, err);

	if (r)
		return r;
	for (i = 0; i < mail.nr_fields; i++)
		take_fields(mail.field[i].tag, mail.field[i].text, ret);
	for (i = 0; i < mail.nr_ops; i++)
		take_op(&mail.op[i], ret);
	for (i = 0; i < mail.nr_notes; i++)
		subject_text_printf(&ret->notes, "%s%s\n",
				    mail.note[i].untested ? "NOT tested: " : "",
				    mail.note[i].text);
	subject_text_puts(&ret->before, usual_headers);
	take_header(&mail.header, ret);
	ret->source = mail.source;
	memset(&mail.source, 0, sizeof(mail.source));
	subject_mail_free(&mail);
	for (i = 0; i < way->nr_functions; i++)
		ret->function[ret->nr_functions++] = way->function[i];
	return 0;
}

int subject_take(const struct subject_way *way, struct subject_taken *ret,
		 struct subject_error *err)
{
	memset(ret, 0, sizeof(*ret));
	if (!!way->file + !!way->tree + !!way->mail != 1) {
		snprintf(err->text, sizeof(err->text),
			 "one of --file, --tree and --mail says where the code is");
		return -EINVAL;
	}
	if (way->nr_functions > SUBJECT_NAMES_MAX) {
		snprintf(err->text, sizeof(err->text), "more than %d functions",
			 SUBJECT_NAMES_MAX);
		return -EINVAL;
	}
	if (way->nr_patches && !way->tree) {
		snprintf(err->text, sizeof(err->text), "--patch changes a copy of a tree; "
			 "--tree is missing");
		return -EINVAL;
	}
	if (way->file)
		return take_file(way, ret, err);
	return way->tree ? take_tree(way, ret, err) : take_mail(way, ret, err);
}

void subject_taken_free(struct subject_taken *taken)
{
	uint32_t i;

	for (i = 0; i < taken->nr_hooks; i++)
		free(taken->hook[i]);
	subject_source_free(&taken->source);
	subject_text_free(&taken->before);
	subject_text_free(&taken->notes);
	free(taken->near);
	memset(taken, 0, sizeof(*taken));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways in: see ways.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int take_file(const struct subject_way *way, struct subject_taken *ret,
		     struct subject_error *err)
{
	uint32_t i;

	ret->near = subject_folder_of(way->file);
	for (i = 0; i < way->nr_functions; i++)
		ret->function[ret->nr_functions++] = way->function[i];
	return subject_source_read(&ret->source, way->file, err);
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
	/* One of the profiles' names: it outlives the tree. */
	ret->kernel = tree.profile;
	subject_text_add(&ret->notes, tree.notes.len ? tree.notes.at : "", tree.notes.len);
	subject_text_puts(&ret->before, usual_headers);
	free(path);
	subject_tree_close(&tree);
	return r;
}

/* ---- mail ---- */

/* Does the simulator's struct have a field of this name? */
static bool has_field(const char *tag, const char *name)
{
	static const struct {
		const char *tag, *name;
	} known[] = {
		{ "kvm_arch_memory_slot", "pinned_bitmap" },
		{ "kvm_arch_memory_slot", "pfns" },
		{ "kvm_x86_ops", "alloc_memslot_metadata" },
		{ "kvm_x86_ops", "free_memslot" },
		{ "kvm_x86_ops", "pin_spte" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].tag, tag) && !strcmp(known[i].name, name))
			return true;
	return false;
}

/* The name that a declaration "type * name [ n ]" declares: its last word. */
static void name_of(const char *text, size_t len, char *ret, size_t size)
{
	const char *word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	const char *call = memmem(text, len, "( *", 3);
	size_t begin = 0, end = 0, i = 0;

	if (!call)
		call = memmem(text, len, "(*", 2);
	if (call) {
		/* A pointer to a function: what stands behind its star. */
		call += strcspn(call, "*") + 1;
		call += strspn(call, " ");
		snprintf(ret, size, "%.*s", (int)strspn(call, word), call);
		return;
	}
	while (i < len && text[i] != '[' && text[i] != ':') {
		size_t n = strspn(text + i, word);

		if (n > len - i)
			n = len - i;
		if (n) {
			begin = i;
			end = i + n;
		}
		i += n ? n : 1;
	}
	snprintf(ret, size, "%.*s", (int)(end - begin), text + begin);
}

/* Fields that a patch adds to a struct: they go where it keeps room for them. */
static void take_field(const struct subject_field *f, struct subject_taken *ret)
{
	struct subject_text fresh = { NULL, 0, 0 };
	const char *p = f->text;
	char name[64];

	while (*p) {
		size_t len = strcspn(p, ";");

		name_of(p, len, name, sizeof(name));
		if (*name && !has_field(f->tag, name))
			subject_text_printf(&fresh, " %.*s;", (int)len, p);
		p += len + (p[len] == ';');
	}
	if (fresh.len)
		subject_text_printf(&ret->before, "#define PINSIM_FIELDS_%s%s\n", f->tag,
				    fresh.at);
	subject_text_free(&fresh);
}

static void take_op(const struct subject_op *op, struct subject_taken *ret)
{
	char *text;

	if (strcmp(op->tag, "kvm_x86_ops") && *op->tag)
		return;
	if (ret->nr_hooks == sizeof(ret->hook) / sizeof(ret->hook[0]))
		return;
	if (asprintf(&text, "%s=%s", op->member, op->function) < 0)
		subject_must(NULL);
	ret->hook[ret->nr_hooks++] = text;
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
		take_field(&mail.field[i], ret);
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

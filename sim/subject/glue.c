/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hooks: see glue.h.  A hook is found by the names that functions in its place
 * have, or had, in the kernel (arch/x86/kvm/svm/sev.c) and in patches of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/glue.h"
#include "sim/subject/headers.h"
#include "sim/subject/lex.h"

#define HOOK_PATH	"pinsim-hook:"
#define NAMES_MAX	5
#define VARIANTS_MAX	3

/* What a hook's function returns. */
enum result { RET_OTHER, RET_VOID, RET_INT, RET_BOOL };

/* How a function of @nr_args is called, as one version or patch had it. */
struct hook_variant {
	uint32_t nr_args;
	const char *call;
};

/*
 * @by_kvm: what is called in its place in any kernel, if a subject has none.
 * @alias: what v5.17's kvm_x86_ops calls it.
 * @variants: the hook's own first.
 * @on_false: what a false is that a function returns in the place of an errno.
 */
static const struct hook_kind {
	const char *hook, *expects, *names[NAMES_MAX], *by_kvm, *alias;
	enum result result;
	const char *params;
	struct hook_variant variants[VARIANTS_MAX];
	const char *on_false;
} kinds[] = {
	{ .hook = "vm_init", .expects = "int (struct kvm *)", .names = { "sev_vm_init" },
	  .result = RET_INT, .params = "struct kvm *kvm", .variants = { { 1, "(kvm)" } } },
	{ .hook = "vm_destroy", .expects = "void (struct kvm *)",
	  .names = { "sev_vm_destroy", "sev_vm_destroy_caches" },
	  .result = RET_VOID, .params = "struct kvm *kvm", .variants = { { 1, "(kvm)" } } },
	{ .hook = "mem_enc_register_region", .alias = "mem_enc_reg_region",
	  .expects = "int (struct kvm *, struct kvm_enc_region *)",
	  .names = { "sev_mem_enc_register_region", "svm_register_enc_region",
		     "sev_register_enc_region" },
	  .result = RET_INT, .params = "struct kvm *kvm, struct kvm_enc_region *range",
	  .variants = { { 2, "(kvm, range)" } } },
	{ .hook = "mem_enc_unregister_region", .alias = "mem_enc_unreg_region",
	  .expects = "int (struct kvm *, struct kvm_enc_region *)",
	  .names = { "sev_mem_enc_unregister_region", "svm_unregister_enc_region",
		     "sev_unregister_enc_region" },
	  .result = RET_INT, .params = "struct kvm *kvm, struct kvm_enc_region *range",
	  .variants = { { 2, "(kvm, range)" } } },
	{ .hook = "guest_memory_reclaimed", .expects = "void (struct kvm *)",
	  .names = { "sev_guest_memory_reclaimed" }, .by_kvm = "sev_guest_memory_reclaimed",
	  .result = RET_VOID, .params = "struct kvm *kvm", .variants = { { 1, "(kvm)" } } },
	/* Until v5.16 the new slot alone was handed on, and the VM at a free. */
	{ .hook = "alloc_memslot_metadata",
	  .expects = "int (struct kvm *, const struct kvm_memory_slot *old, "
		     "struct kvm_memory_slot *new)",
	  .names = { "sev_alloc_memslot_metadata", "svm_alloc_memslot_metadata",
		     "sev_alloc_memslot_pins", "alloc_memslot_metadata" },
	  .result = RET_INT, .params = "struct kvm *kvm, const struct kvm_memory_slot *old, "
				       "struct kvm_memory_slot *new",
	  .variants = { { 3, "(kvm, old, new)" }, { 2, "(kvm, new)" }, { 1, "(new)" } } },
	{ .hook = "free_memslot", .expects = "void (struct kvm *, struct kvm_memory_slot *)",
	  .names = { "sev_free_memslot", "svm_free_memslot", "sev_free_memslot_pins",
		     "free_memslot" },
	  .result = RET_VOID, .params = "struct kvm *kvm, struct kvm_memory_slot *slot",
	  .variants = { { 2, "(kvm, slot)" }, { 1, "(slot)" } } },
	{ .hook = "faultin_pfn",
	  .expects = "int (struct kvm_vcpu *, struct kvm_memory_slot *, gfn_t, hva_t, "
		     "bool write, kvm_pfn_t *, bool *map_writable)",
	  .names = { "sev_faultin_pfn", "faultin_pfn" },
	  .result = RET_INT, .params = "struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, "
				       "gfn_t gfn, hva_t hva, bool write, kvm_pfn_t *pfn, "
				       "bool *map_writable",
	  .variants = { { 7, "(vcpu, slot, gfn, hva, write, pfn, map_writable)" } } },
	/* RFC v1's has no gfn, and false has the fault tried again. */
	{ .hook = "pin_pfn",
	  .expects = "int (struct kvm_vcpu *, struct kvm_memory_slot *, gfn_t, hva_t, kvm_pfn_t, "
		     "bool write, enum pg_level)",
	  .names = { "sev_pin_pfn", "svm_pin_pfn", "pin_pfn" },
	  .result = RET_INT, .params = "struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, "
				       "gfn_t gfn, hva_t hva, kvm_pfn_t pfn, bool write, "
				       "enum pg_level level",
	  .variants = { { 7, "(vcpu, slot, gfn, hva, pfn, write, level)" },
			{ 6, "(vcpu, slot, pfn, hva, write, level)" } },
	  .on_false = "-EAGAIN" },
	{ .hook = "pin_spte", .expects = "void (struct kvm *, gfn_t, enum pg_level, kvm_pfn_t)",
	  .names = { "sev_pin_spte", "svm_pin_spte", "pin_spte" },
	  .result = RET_VOID, .params = "struct kvm *kvm, gfn_t gfn, enum pg_level level, "
					"kvm_pfn_t pfn",
	  .variants = { { 4, "(kvm, gfn, level, pfn)" } } },
	{ .hook = "launch_update", .expects = "int (struct kvm *, hva_t, unsigned long len)",
	  .result = RET_INT, .params = "struct kvm *kvm, hva_t hva, unsigned long len",
	  .variants = { { 3, "(kvm, hva, len)" } } },
	{ .hook = "send_update", .expects = "int (struct kvm *, hva_t, unsigned long len)",
	  .result = RET_INT, .params = "struct kvm *kvm, hva_t hva, unsigned long len",
	  .variants = { { 3, "(kvm, hva, len)" } } },
	{ .hook = "receive_update", .expects = "int (struct kvm *, hva_t, unsigned long len)",
	  .result = RET_INT, .params = "struct kvm *kvm, hva_t hva, unsigned long len",
	  .variants = { { 3, "(kvm, hva, len)" } } },
};

#define NR_KINDS	(sizeof(kinds) / sizeof(kinds[0]))
_Static_assert(NR_KINDS <= SUBJECT_HOOKS_MAX, "hooks");

static const struct hook_kind *kind_of(const char *hook)
{
	size_t i;

	for (i = 0; i < NR_KINDS; i++)
		if (!strcmp(kinds[i].hook, hook))
			return &kinds[i];
	return NULL;
}

/* Commas of the last outermost parentheses of a function's head, and one. */
static uint32_t count_args(const struct subject_scan *scan, const struct subject_item *f)
{
	const char *p = scan->source->text + f->begin, *end = scan->source->text + f->head;
	uint32_t depth = 0, commas = 0;

	for (; p < end; p++) {
		if (*p == '(' && !depth++)
			commas = 0;
		else if (*p == ')' && depth)
			depth--;
		else if (*p == ',' && depth == 1)
			commas++;
	}
	return commas + 1;
}

/* By the words before its name; a pointer is none of them. */
static enum result result_of(const struct subject_scan *scan, const struct subject_item *f)
{
	enum result result = RET_OTHER;
	struct subject_lex lex;

	subject_lex_init(&lex, scan->source->text, f->begin, f->head);
	lex.lenient = true;
	while (subject_lex_next(&lex) != SUBJECT_END && !subject_lex_is(&lex, f->name)) {
		if (lex.kind == SUBJECT_PUNCT && lex.c == '*')
			return RET_OTHER;
		if (subject_lex_is(&lex, "void"))
			result = RET_VOID;
		else if (subject_lex_is(&lex, "bool") || subject_lex_is(&lex, "_Bool"))
			result = RET_BOOL;
		else if (subject_lex_is(&lex, "int"))
			result = RET_INT;
	}
	return result;
}

static void fill(struct subject_hook *h, const struct subject_scan *scan, const char *function)
{
	const struct subject_item *f = subject_function(scan, function);

	free(h->function);
	h->function = subject_must(strdup(function));
	h->by_kvm = false;
	h->line = f ? f->line : 0;
	h->nr_args = f ? count_args(scan, f) : 0;
	h->result = f ? result_of(scan, f) : RET_OTHER;
}

static int refuse_hook(struct subject_error *err, const char *given)
{
	size_t len = snprintf(err->text, sizeof(err->text),
			      "hook '%.80s': expected NAME=FUNCTION, with a name of:", given);
	size_t i;

	for (i = 0; i < NR_KINDS && len < sizeof(err->text); i++)
		len += snprintf(err->text + len, sizeof(err->text) - len, " %s", kinds[i].hook);
	return -EINVAL;
}

static bool is_called(const char *given, size_t len, const char *name)
{
	return strlen(name) == len && !strncmp(given, name, len);
}

/* @alias: another name that patches have for it. Return: 1 if it was given, or 0. */
static int fill_given(struct subject_hook *h, const char *alias,
		      const struct subject_scan *scan,
		      const char *const *given, uint32_t nr, uint32_t nr_own)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		size_t len = strcspn(given[i], "=");

		if (!is_called(given[i], len, h->hook) &&
		    !(i >= nr_own && alias && is_called(given[i], len, alias)))
			continue;
		if (i >= nr_own && !subject_function(scan, given[i] + len + 1))
			continue;
		if (given[i][len + 1])
			fill(h, scan, given[i] + len + 1);
		return 1;
	}
	return 0;
}

static int check_given(const char *const *given, uint32_t nr, struct subject_error *err)
{
	static const char word[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	char name[64];
	uint32_t i;

	for (i = 0; i < nr; i++) {
		size_t len = strcspn(given[i], "=");
		const char *function = given[i] + len + 1;

		if (given[i][len] != '=' || len >= sizeof(name))
			return refuse_hook(err, given[i]);
		memcpy(name, given[i], len);
		name[len] = '\0';
		if (!kind_of(name) || function[strspn(function, word)] ||
		    (*function >= '0' && *function <= '9'))
			return refuse_hook(err, given[i]);
	}
	return 0;
}

static bool filled(const struct subject_hooks *hooks, const char *name)
{
	const struct subject_hook *h = subject_hook(hooks, name);

	return h && h->function && !h->by_kvm && !h->is_stub;
}

static bool pins(const struct subject_hooks *hooks)
{
	return filled(hooks, "pin_spte") || filled(hooks, "pin_pfn") ||
	       filled(hooks, "faultin_pfn");
}

/*
 * VMMs register memory before they run a guest, and need to hear that it
 * worked: patches that pin on demand leave a function there that returns 0.
 */
static void add_stubs(struct subject_hooks *hooks)
{
	unsigned int i;

	if (!pins(hooks) || filled(hooks, "mem_enc_register_region") ||
	    filled(hooks, "mem_enc_unregister_region"))
		return;
	for (i = 0; i < hooks->nr; i++) {
		struct subject_hook *h = &hooks->hook[i];

		if (strstr(h->hook, "register_region")) {
			h->function = subject_must(strdup("pinsim_register_nothing"));
			h->is_stub = true;
		}
	}
}

int subject_hooks_find(struct subject_hooks *ret, const struct subject_scan *scan,
		       const char *const *given, uint32_t nr_given, uint32_t nr_own,
		       bool (*chosen)(void *ctx, const char *function), void *ctx,
		       struct subject_error *err)
{
	size_t i, n;

	memset(ret, 0, sizeof(*ret));
	if (check_given(given, nr_own, err))
		return -EINVAL;
	for (i = 0; i < NR_KINDS; i++) {
		struct subject_hook *h = &ret->hook[ret->nr++];

		h->hook = kinds[i].hook;
		h->expects = kinds[i].expects;
		if (fill_given(h, kinds[i].alias, scan, given, nr_given, nr_own))
			continue;
		for (n = 0; n < NAMES_MAX && kinds[i].names[n] && !h->function; n++)
			if (subject_function(scan, kinds[i].names[n]) &&
			    (!chosen || chosen(ctx, kinds[i].names[n])))
				fill(h, scan, kinds[i].names[n]);
		if (!h->function && kinds[i].by_kvm) {
			fill(h, scan, kinds[i].by_kvm);
			h->by_kvm = true;
			h->line = 0;
			h->nr_args = 0;
		}
	}
	add_stubs(ret);
	return 0;
}

void subject_hooks_free(struct subject_hooks *hooks)
{
	unsigned int i;

	for (i = 0; i < hooks->nr; i++)
		free(hooks->hook[i].function);
	hooks->nr = 0;
}

const struct subject_hook *subject_hook(const struct subject_hooks *hooks, const char *name)
{
	unsigned int i;

	for (i = 0; i < hooks->nr; i++)
		if (!strcmp(hooks->hook[i].hook, name))
			return &hooks->hook[i];
	return NULL;
}

void subject_hooks_notes(struct subject_text *ret, const struct subject_hooks *hooks)
{
	bool on_demand = pins(hooks);
	unsigned int i;

	if (on_demand && !filled(hooks, "free_memslot") && !filled(hooks, "vm_destroy"))
		subject_text_puts(ret, "pins, but has neither free_memslot nor vm_destroy to "
				  "unpin in\n");
	if (on_demand && !filled(hooks, "alloc_memslot_metadata"))
		subject_text_puts(ret, "pins, but has no alloc_memslot_metadata to make room for "
				  "records\n");
	for (i = 0; i < hooks->nr; i++)
		if (hooks->hook[i].result != RET_VOID && hooks->hook[i].result != RET_OTHER &&
		    kinds[i].result == RET_VOID)
			subject_text_printf(ret, "returns a value from %s(), which nobody looks "
					    "at\n", hooks->hook[i].function);
	if (filled(hooks, "alloc_memslot_metadata") != filled(hooks, "free_memslot"))
		subject_text_puts(ret, "has one of alloc_memslot_metadata and free_memslot only\n");
	if (filled(hooks, "mem_enc_register_region") !=
	    filled(hooks, "mem_enc_unregister_region"))
		subject_text_puts(ret, "has one of registering and unregistering only\n");
	if (!on_demand && !filled(hooks, "mem_enc_register_region"))
		subject_text_puts(ret, "registers nothing: KVM_MEMORY_ENCRYPT_REG_REGION fails\n");
	else if (!filled(hooks, "mem_enc_register_region"))
		subject_text_puts(ret, "has no function for registering memory: that does nothing "
				  "and succeeds\n");
}

/* How the user's function is called, or NULL: it does not fit. */
static const char *call_of(const struct subject_hook *h, const struct hook_kind *k)
{
	unsigned int i;

	for (i = 0; i < VARIANTS_MAX && k->variants[i].call; i++)
		if (k->variants[i].nr_args == h->nr_args)
			return k->variants[i].call;
	return NULL;
}

/* Can its result be made the hook's? */
static bool converts(const struct subject_hook *h, const struct hook_kind *k)
{
	return h->result == k->result || h->result == RET_VOID || k->result == RET_VOID ||
	       (h->result == RET_BOOL && k->on_false);
}

/*
 * Does the function stand behind one of ours, as it is shaped like that of
 * another version or patch?
 */
static bool is_adapted(const struct subject_hook *h, const struct hook_kind *k)
{
	const char *call = h->function ? call_of(h, k) : NULL;

	return call && converts(h, k) && (call != k->variants[0].call || h->result != k->result);
}

static void put_adapter(struct subject_text *ret, const struct subject_hook *h,
			const struct hook_kind *k)
{
	const char *before = "return ", *after = "";

	if (k->result == RET_VOID || h->result == RET_VOID)
		before = "";
	if (k->result != RET_VOID && h->result == RET_VOID)
		after = " return 0;";
	subject_text_printf(ret, "#line 1 \"" HOOK_PATH "%s\"\n"
			    "static %s pinsim_hook_%s(%s) { %s%s%s", h->hook,
			    k->result == RET_VOID ? "void" : "int", h->hook, k->params, before,
			    h->function, call_of(h, k));
	if (h->result == RET_BOOL && k->result != RET_VOID)
		subject_text_printf(ret, " ? 0 : %s", k->on_false);
	subject_text_printf(ret, ";%s }\n", after);
}

void subject_glue(struct subject_text *ret, const struct subject_hooks *hooks,
		  const char *name, const char *about)
{
	unsigned int i;

	subject_text_puts(ret, "\n#line 1 \"pinsim-glue\"\n#include <linux/kvm_host.h>\n"
			  "#include <svm/svm.h>\n");
	for (i = 0; i < hooks->nr; i++)
		if (is_adapted(&hooks->hook[i], &kinds[i]))
			put_adapter(ret, &hooks->hook[i], &kinds[i]);
	subject_text_puts(ret, "static inline int pinsim_register_nothing(struct kvm *kvm, "
			  "struct kvm_enc_region *range) { return 0; }\n"
			  "static const struct kvm_x86_ops pinsim_ops = {\n\t.name = ");
	subject_text_quote(ret, name);
	subject_text_puts(ret, ",\n");
	for (i = 0; i < hooks->nr; i++) {
		const struct subject_hook *h = &hooks->hook[i];

		if (!h->function)
			continue;
		subject_text_printf(ret, "#line 1 \"" HOOK_PATH "%s\"\n", h->hook);
		if (is_adapted(h, &kinds[i]))
			subject_text_printf(ret, "\t.%s = pinsim_hook_%s,\n", h->hook, h->hook);
		else
			subject_text_printf(ret, "\t.%s = %s,\n", h->hook, h->function);
	}
	subject_text_puts(ret, "#line 1 \"pinsim-glue\"\n};\n"
			  "extern const struct pinsim_subject pinsim_subject;\n"
			  "const struct pinsim_subject pinsim_subject "
			  "__attribute__((visibility(\"default\"))) = {\n"
			  "\tPINSIM_SUBJECT_VERSION, &pinsim_ops,\n");
	subject_text_quote(ret, about);
	subject_text_puts(ret, "\n};\n");
	subject_headers_assert(ret);
}

/* A struct that the compiler was told to lay out otherwise. */
static bool layout_complaint(const char *path, struct subject_error *err)
{
	const char *at = strstr(err->text, SUBJECT_LAYOUT_PATH);
	char type[64];

	if (!at)
		return false;
	at += strlen(SUBJECT_LAYOUT_PATH);
	snprintf(type, sizeof(type), "%.*s", (int)strcspn(at, ":"), at);
	snprintf(err->text, sizeof(err->text), "%.800s: with this compiler and its options %s has "
		 "another size than in pinsim", path, type);
	return true;
}

bool subject_glue_complaint(const struct subject_hooks *hooks, const char *path,
			    struct subject_error *err)
{
	const char *at = strstr(err->text, HOOK_PATH);
	char name[64];
	const struct subject_hook *h;
	size_t len;

	if (!at)
		return layout_complaint(path, err);
	at += strlen(HOOK_PATH);
	len = strcspn(at, ":");
	if (len >= sizeof(name))
		return false;
	memcpy(name, at, len);
	name[len] = '\0';
	h = subject_hook(hooks, name);
	if (!h || !h->function)
		return false;
	if (strstr(at, "undeclared") || strstr(at, "implicit declaration"))
		snprintf(err->text, sizeof(err->text), "%s: there is no function %s for hook %s",
			 path, h->function, h->hook);
	else
		snprintf(err->text, sizeof(err->text),
			 "%s:%u: %s does not fit hook %s: expected %s", path,
			 h->line ? h->line : 1, h->function, h->hook, h->expects);
	return true;
}

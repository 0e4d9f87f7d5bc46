/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds an entry of the catalogue and lays it out: see explain.h. */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "sim/explain/entries.h"

#define COLUMNS	80
#define LABEL	12	/* columns, two of them in front */

/* In the order in which hazards are told. */
static const struct explain_entry *const hazards[] = {
	explain_hazards_pins,
	explain_hazards_cow,
	explain_hazards_references,
	explain_hazards_accounting,
	explain_hazards_faults,
	explain_hazards_memslots,
	explain_hazards_caches,
	NULL,
};
static const struct explain_entry *const checks[] = { explain_checks, NULL };
static const struct explain_entry *const designs[] = { explain_designs, NULL };

static const struct explain_entry *const *const tables[EXPLAIN_NR_KINDS] = {
	[EXPLAIN_HAZARD] = hazards,
	[EXPLAIN_CHECK] = checks,
	[EXPLAIN_DESIGN] = designs,
};

/* What the fields are called. */
static const struct {
	const char *what, *why, *shows, *upstream;
} labels[EXPLAIN_NR_KINDS] = {
	[EXPLAIN_HAZARD] = { "What", "Why", "Shows as", "Upstream" },
	[EXPLAIN_CHECK] = { "What", "Why", "When", NULL },
	[EXPLAIN_DESIGN] = { "What", "Why", "Faults", "From" },
};

const struct explain_entry *explain_nth(enum explain_kind kind, unsigned int i)
{
	const struct explain_entry *const *table;
	const struct explain_entry *entry;

	for (table = tables[kind]; *table; table++) {
		for (entry = *table; entry->id; entry++) {
			if (!i--)
				return entry;
		}
	}
	return NULL;
}

static bool is_among(const char *ids, const char *id)
{
	size_t len = strlen(id);

	while (ids && *ids) {
		size_t n = strcspn(ids, " ");

		if (n == len && !strncasecmp(ids, id, len))
			return true;
		ids += n + strspn(ids + n, " ");
	}
	return false;
}

/* A design's options have no entry of their own. */
static bool is_called(const struct explain_entry *entry, enum explain_kind kind, const char *id)
{
	size_t len = strlen(entry->id);

	if (is_among(entry->also, id))
		return true;
	if (strncasecmp(entry->id, id, len))
		return false;
	return !id[len] || (kind == EXPLAIN_DESIGN && id[len] == ':');
}

const struct explain_entry *explain_find(const char *id, enum explain_kind *ret_kind)
{
	const struct explain_entry *entry;
	enum explain_kind kind;
	unsigned int i;

	for (kind = 0; kind < EXPLAIN_NR_KINDS; kind++) {
		for (i = 0; (entry = explain_nth(kind, i)); i++) {
			if (is_called(entry, kind, id)) {
				*ret_kind = kind;
				return entry;
			}
		}
	}
	return NULL;
}

void explain_print_field(FILE *out, const char *label, const char *text)
{
	int column = fprintf(out, "  %-*s", LABEL - 2, label);

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > LABEL && column + 1 + len > COLUMNS)
			column = fprintf(out, "\n%*s", LABEL, "") - 1;
		if (column > LABEL)
			column += fprintf(out, " ");
		column += fprintf(out, "%.*s", len, text);
		text += len + strspn(text + len, " ");
	}
	fputc('\n', out);
}

static void print_if(FILE *out, const char *label, const char *text)
{
	if (text)
		explain_print_field(out, label, text);
}

void explain_print(FILE *out, enum explain_kind kind, const struct explain_entry *entry)
{
	fprintf(out, "%s: %s\n\n", entry->id, entry->title);
	print_if(out, "Cases", entry->also);
	print_if(out, labels[kind].what, entry->what);
	print_if(out, labels[kind].why, entry->why);
	print_if(out, labels[kind].shows, entry->shows);
	print_if(out, labels[kind].upstream, entry->upstream);
	print_if(out, "See", entry->see);
}

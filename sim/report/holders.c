/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who holds what: a page's counts, and for each unit of them the owner, the
 * task and the function that took it, as the world is now.
 */
#include <inttypes.h>
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/engine/image.h"
#include "sim/report/report_private.h"

static const char *place(const struct probe_page *p)
{
	if (p->cma)
		return p->zone == PROBE_ZONE_MOVABLE ? "CMA in ZONE_MOVABLE" :
						       "CMA in ZONE_NORMAL";
	return p->zone == PROBE_ZONE_MOVABLE ? "ZONE_MOVABLE" : "ZONE_NORMAL";
}

static void print_page(FILE *out, const struct names *names, const struct probe_page *p)
{
	char buf[NAME_SIZE], plain[NAME_SIZE];
	const char *name = name_obj(names, OBJ_PAGE_OF(p->pfn), buf, sizeof(buf));
	const char *pfn = name_obj(NULL, OBJ_PAGE_OF(p->pfn), plain, sizeof(plain));

	fprintf(out, "%s (", name);
	if (strcmp(name, pfn))
		fprintf(out, "%s, ", pfn);
	if (p->free) {
		fprintf(out, "%s): free\n", place(p));
		return;
	}
	fprintf(out, "%s%s): refs %d, mapped %d, pins %" PRIu32 ", long-lived %" PRIu32 "\n",
		place(p), p->isolate ? ", isolated" : "", p->refcount, p->mapcount, p->pins,
		p->held);
	if (p->refcount != p->expected)
		fprintf(out, "  the ledger knows %d of its %d references\n", p->expected,
			p->refcount);
}

static void print_ref(FILE *out, const struct names *names, const struct sim_ref_info *ref)
{
	char owner[NAME_SIZE], task[NAME_SIZE], site[SIM_SITE_SIZE];

	fprintf(out, "  %4" PRIu32 " %-9s  %s", ref->count, probe_ref_kind_name(ref->kind),
		name_owner(names, ref->owner, owner, sizeof(owner)));
	fprintf(out, "%s; since step %" PRIu64 ", by %s in %s\n",
		ref->long_lived ? ", for good" : "", ref->time,
		name_task(names, ref->task, task, sizeof(task)), sim_site_text(ref->site, site));
}

/**
 * report_holders() - who holds some pages now
 * @out: where to
 * @names: may be NULL
 * @pfns: which pages
 * @n: how many
 *
 * Context: host; reads the world through the probes.
 */
void report_holders(FILE *out, const struct names *names, const uint64_t *pfns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct probe_page page;
		struct sim_ref_info ref;

		if (!probe_page(pfns[i], &page))
			continue;
		print_page(out, names, &page);
		for (unsigned int r = 0; probe_page_ref(pfns[i], r, &ref); r++)
			print_ref(out, names, &ref);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page as the kernel itself would tell it: dump_page() of mm/debug.c, v6.1 and
 * v6.12 (contract A.25, A.26, L.18): where it finds a page in a bad state when it is
 * freed, or one that does not leave memory that has to be emptied.
 *
 * The fields and the names of flags are each kernel's, in its order. What an
 * address would be is left out, or is the page's name: so are the raw words.
 * Order-0 pages of ordinary memory have no lines for a head, a type or an owner.
 */
#include <inttypes.h>

#include "fakes/mm/probe.h"
#include "fakes/profile.h"
#include "sim/report/report_private.h"

/* Their order is that of both kernels, but for one: which bit tells "exclusive". */
static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ PROBE_FLAG_LOCKED, "locked" },
	{ PROBE_FLAG_WAITERS, "waiters" },
	{ PROBE_FLAG_REFERENCED, "referenced" },
	{ PROBE_FLAG_UPTODATE, "uptodate" },
	{ PROBE_FLAG_DIRTY, "dirty" },
	{ PROBE_FLAG_LRU, "lru" },
	{ PROBE_FLAG_ACTIVE, "active" },
	{ PROBE_FLAG_WORKINGSET, "workingset" },
	{ PROBE_FLAG_SWAPCACHE, "owner_priv_1" },
	{ PROBE_FLAG_EXCLUSIVE, "owner_2" },
	{ PROBE_FLAG_RESERVED, "reserved" },
	{ PROBE_FLAG_PRIVATE, "private" },
	{ PROBE_FLAG_WRITEBACK, "writeback" },
	{ PROBE_FLAG_HEAD, "head" },
	{ PROBE_FLAG_EXCLUSIVE, "mappedtodisk" },
	{ PROBE_FLAG_RECLAIM, "reclaim" },
	{ PROBE_FLAG_SWAPBACKED, "swapbacked" },
	{ PROBE_FLAG_UNEVICTABLE, "unevictable" },
	{ PROBE_FLAG_MLOCKED, "mlocked" },
	{ PROBE_FLAG_HWPOISON, "hwpoison" },
};

/* As x86-64 counts its zones: DMA, DMA32, Normal, Movable. */
static unsigned int zone_number(const struct probe_page *p)
{
	return p->zone == PROBE_ZONE_MOVABLE ? 3 : 2;
}

static void print_flags(FILE *out, const struct kernel_profile *profile,
			const struct probe_page *p, uint32_t flags)
{
	fprintf(out, "  %sflags: (", p->anon ? "anon " : "");
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		const char *name = flag_names[i].name;

		if (!(flags & flag_names[i].flag))
			continue;
		if (flag_names[i].flag == PROBE_FLAG_EXCLUSIVE &&
		    (name[0] == 'o') != profile->exclusive_is_owner_2)
			continue;
		fprintf(out, "%s|", name);
	}
	fprintf(out, "node=0|zone=%u)%s\n", zone_number(p), p->cma ? " CMA" : "");
}

/**
 * report_dump_page() - what dump_page() would print
 * @out: where to
 * @names: may be NULL
 * @profile: of which kernel
 * @pfn: page
 * @reason: why it is dumped
 *
 * Context: host; reads the world through the probes.
 */
void report_dump_page(FILE *out, const struct names *names, const struct kernel_profile *profile,
		      uint64_t pfn, const char *reason)
{
	char name[NAME_SIZE];
	struct probe_words words;
	struct probe_page p;

	if (!probe_page(pfn, &p) || !probe_words(pfn, &words))
		return;
	fputs("  page:", out);
	if (profile->dump_names_page)
		fputs(name_obj(names, OBJ_PAGE_OF(pfn), name, sizeof(name)), out);
	fprintf(out, " refcount:%d mapcount:%d mapping:%s index:0x%" PRIx64 " pfn:0x%" PRIx64 "\n",
		p.refcount, p.mapcount, words.mapping ? "set" : "none", words.index, pfn);
	print_flags(out, profile, &p, words.flags);
	fprintf(out, "  page dumped because: %s\n", reason);
}

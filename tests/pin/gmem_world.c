/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of "gmem": see gmem_world.h. */
#include <linux/memory_hotplug.h>
#include <linux/migrate.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"
#include "tests/pin/gmem_world.h"

#define BLOCK_PAGES	1024

long gw_migrate(uint64_t pfn)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE,
		.gfp_mask = GFP_HIGHUSER_MOVABLE,
		.reason = MR_SYSCALL,
	};
	struct folio *folio = page_folio(pfn_to_page(pfn));
	LIST_HEAD(list);
	long ret = -EBUSY;

	lru_add_drain_all();
	migration_scope_open();
	if (folio_isolate_lru_bool(folio)) {
		list_add(&folio->lru, &list);
		node_stat_mod_folio(folio, NR_ISOLATED_ANON, 1);
		ret = migrate_pages(&list, alloc_migration_target, NULL, (unsigned long)&mtc,
				    MIGRATE_SYNC, MR_SYSCALL, NULL);
		if (ret)
			putback_movable_pages(&list);
	}
	migration_scope_close();
	return ret;
}

void gw_use_up_below(uint64_t pfn)
{
	struct page *page;

	do {
		page = alloc_pages(GFP_HIGHUSER, 0);
		BUG_ON(!page);
	} while (page_to_pfn(page) < pfn);
	__free_pages(page, 0);
	drain_all_pages(NULL);
}

int gw_offline(uint64_t pfn, unsigned int questions)
{
	const struct fault_order order = {
		.point = FAULT_FATAL_SIGNAL, .nth = questions + 1, .times = 1,
	};

	fault_inject(&order);
	pfn -= pfn % BLOCK_PAGES;
	return offline_pages(pfn, BLOCK_PAGES, pfn_zone(pfn), NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of memory offline. */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>

#include "fakes/fault.h"
#include "fakes/mm/internal.h"
#include "tests/fakes/offline_world.h"

int ow_offline_range(uint64_t pfn, uint64_t nr_pages)
{
	return offline_pages(pfn, nr_pages, pfn_zone(pfn), NULL);
}

int ow_offline(uint64_t pfn)
{
	return ow_offline_range(pfn - pfn % OW_BLOCK_PAGES, OW_BLOCK_PAGES);
}

int ow_offline_at(uint64_t addr)
{
	return memory_block_offline_at(current->mm, addr);
}

void ow_signal_after(unsigned int questions)
{
	const struct fault_order order = {
		.point = FAULT_FATAL_SIGNAL, .nth = questions + 1, .times = 1,
	};

	fault_inject(&order);
}

void ow_signal(bool kill)
{
	send_sig(kill ? SIGKILL : SIGTERM, current, 0);
}

bool ow_isolate(uint64_t pfn)
{
	return !start_isolate_page_range(pfn, pfn + 1, MIGRATE_MOVABLE, MEMORY_OFFLINE, 0);
}

void ow_undo_isolate(uint64_t pfn)
{
	undo_isolate_page_range(pfn, pfn + 1, MIGRATE_MOVABLE);
}

bool ow_batches_off(void)
{
	return lru_cache_disabled();
}

bool ow_allocate_all(uint64_t pfn)
{
	u64 block = pfn / OW_BLOCK_PAGES;
	struct page *page;
	bool hit = false;

	while ((page = alloc_pages(GFP_HIGHUSER_MOVABLE, 0)))
		hit |= page_to_pfn(page) / OW_BLOCK_PAGES == block;
	return hit;
}

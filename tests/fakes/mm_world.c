/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of pages, zones, batches and faults. */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <linux/swap.h>

#include "fakes/host/host.h"
#include "fakes/mm/access.h"
#include "fakes/mm/internal.h"
#include "fakes/mm/page_ref_many.h"
#include "tests/fakes/mm_world.h"

#define MW_MAX_TASKS	4

struct mw_task_state {
	enum mw_op op;
	u64 pfn;
	long ret;
};

struct mw_world {
	struct list_head filled;
	struct mw_task_state task[MW_MAX_TASKS];
};

static struct mw_world *mw(void)
{
	return sim_room(SIM_ROOM_TEST);
}

static void world_init(void)
{
	static const struct sim_params params = { .nr_cpus = 2, .check_addresses = true };
	struct mw_world *w;

	sim_world_init(&params);
	w = sim_room_create(SIM_ROOM_TEST, sizeof(*w));
	INIT_LIST_HEAD(&w->filled);
}

int mw_build_machine(uint64_t normal, uint64_t movable, uint64_t cma, enum build_zone cma_in)
{
	struct build_machine m = {
		.profile = kernel_profile_find("6.12"),
		.normal_bytes = normal,
		.movable_bytes = movable,
		.cma_bytes = cma,
		.cma_in = cma_in,
	};

	world_init();
	return build_machine(&m);
}

void mw_build(const struct mw_machine *mm)
{
	struct build_machine m = {
		.profile = kernel_profile_find(mm->profile),
		.normal_bytes = (mm->normal ?: 64) << 20,
		.movable_bytes = (mm->normal ? mm->movable : 64) << 20,
		.cma_bytes = (mm->normal ? mm->cma : 16) << 20,
		.cma_in = mm->cma_in,
	};
	struct build_process p = {
		.name = "test",
		.memlock_bytes = mm->memlock,
		.cap_ipc_lock = mm->cap,
	};

	world_init();
	if (build_machine(&m) || build_process(&p) ||
	    build_map(0, MW_ADDR, MW_PAGES * PAGE_SIZE, mm->place))
		SIM_BUG("the test's machine cannot be built");
	build_host_thread(0);
}

static gfp_t gfp_of(enum mw_gfp gfp)
{
	static const gfp_t flags[MW_NR_GFP] = {
		[MW_GFP_KERNEL] = GFP_KERNEL,
		[MW_GFP_USER] = GFP_USER,
		[MW_GFP_HIGHUSER] = GFP_HIGHUSER,
		[MW_GFP_MOVABLE] = GFP_USER | __GFP_MOVABLE,
		[MW_GFP_HIGHUSER_MOVABLE] = GFP_HIGHUSER_MOVABLE,
		[MW_GFP_RECLAIMABLE] = GFP_KERNEL | __GFP_RECLAIMABLE,
	};

	return flags[gfp];
}

uint64_t mw_alloc(enum mw_gfp gfp, bool pin)
{
	unsigned int flags = pin ? memalloc_pin_save() : 0;
	struct page *page = alloc_page(gfp_of(gfp));

	if (pin)
		memalloc_pin_restore(flags);
	return page ? page_to_pfn(page) : MW_NO_PFN;
}

void mw_free(uint64_t pfn)
{
	__free_page(pfn_to_page(pfn));
}

uint64_t mw_fill(enum mw_gfp gfp)
{
	struct page *page;
	u64 n = 0;

	while ((page = alloc_page(gfp_of(gfp)))) {
		list_add(&page->lru, &mw()->filled);
		n++;
	}
	return n;
}

void mw_unfill(void)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &mw()->filled, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

int mw_gfp_zone(enum mw_gfp gfp)
{
	return gfp_zone(gfp_of(gfp)) == ZONE_MOVABLE;
}

int mw_gfp_type(enum mw_gfp gfp)
{
	return gfp_migratetype(gfp_of(gfp));
}

int mw_block_type(uint64_t pfn)
{
	return pfn_block_type(pfn);
}

void mw_set_block_isolate(uint64_t pfn)
{
	move_freepages_block(pfn_zone(pfn), pfn, MIGRATE_ISOLATE);
}

void mw_set_block_cma(uint64_t pfn)
{
	move_freepages_block(pfn_zone(pfn), pfn, MIGRATE_CMA);
}

bool mw_pinnable(uint64_t pfn)
{
	return is_longterm_pinnable_page(pfn_to_online_page(pfn));
}

void mw_drain_pcp(void)
{
	drain_all_pages(NULL);
}

uint64_t mw_zero_pfn(void)
{
	return zero_page_pfn();
}

void mw_get(uint64_t pfn, unsigned int n)
{
	while (n--)
		get_page(pfn_to_page(pfn));
}

void mw_put(uint64_t pfn)
{
	put_page(pfn_to_page(pfn));
}

uint32_t mw_take_many(uint64_t pfn, uint32_t n, bool checked)
{
	return page_ref_take_many(pfn_to_online_page(pfn), n, checked);
}

void mw_put_many(uint64_t pfn, uint32_t n)
{
	page_ref_put_many(pfn_to_online_page(pfn), n);
}

bool mw_try_get(uint64_t pfn)
{
	return try_get_page(pfn_to_online_page(pfn));
}

void mw_pin(uint64_t pfn, unsigned int n)
{
	page_ref_take(pfn_to_page(pfn), PAGE_REF_PIN, n, __func__);
}

void mw_unpin(uint64_t pfn)
{
	page_ref_drop(pfn_to_page(pfn), PAGE_REF_PIN, 1, __func__);
}

bool mw_maybe_pinned(uint64_t pfn)
{
	return page_maybe_dma_pinned(pfn_to_page(pfn));
}

bool mw_freeze(uint64_t pfn, int n)
{
	return page_ref_freeze(pfn_to_page(pfn), n);
}

void mw_unfreeze(uint64_t pfn, int n)
{
	page_ref_unfreeze(pfn_to_page(pfn), n);
}

int mw_expected(uint64_t pfn)
{
	return folio_expected_ref_count(pfn_folio(pfn));
}

int mw_expected_as(uint64_t pfn, unsigned int like)
{
	static u64 cache;
	struct folio *folio = pfn_folio(pfn);
	unsigned long flags = folio->flags;
	void *mapping = folio->mapping;
	int expected;

	/* In the swap cache is what may be swapped and has an entry. */
	if (like & MW_SWAPCACHE)
		folio->flags |= BIT(PG_swapbacked) | BIT(PG_swapcache);
	if (like & MW_PRIVATE)
		folio->flags |= BIT(PG_private);
	if (like & MW_FILE)
		folio->mapping = (void *)&cache;
	expected = folio_expected_ref_count(folio);
	folio->flags = flags;
	folio->mapping = mapping;
	return expected;
}

void mw_set_locked_flag(uint64_t pfn)
{
	SetPageLocked(pfn_to_page(pfn));
}

void mw_accessed(uint64_t pfn)
{
	mark_page_accessed(pfn_to_page(pfn));
}

bool mw_active(uint64_t pfn)
{
	return PageActive(pfn_to_page(pfn));
}

bool mw_referenced(uint64_t pfn)
{
	return PageReferenced(pfn_to_page(pfn));
}

void mw_clear_flags(uint64_t pfn)
{
	ClearPageActive(pfn_to_page(pfn));
	ClearPageReferenced(pfn_to_page(pfn));
}

void mw_drain(void)
{
	lru_add_drain();
}

void mw_drain_all(void)
{
	lru_add_drain_all();
}

void mw_cache_disable(bool disable)
{
	if (disable)
		lru_cache_disable();
	else
		lru_cache_enable();
}

bool mw_isolate(uint64_t pfn)
{
	return folio_isolate_lru_bool(pfn_folio(pfn));
}

int mw_isolate_raw(uint64_t pfn)
{
	return folio_isolate_lru(pfn_folio(pfn));
}

void mw_putback(uint64_t pfn)
{
	folio_putback_lru(pfn_folio(pfn));
}

int mw_write(uint64_t addr, uint64_t tag)
{
	return user_write_tag(addr, tag);
}

int mw_read(uint64_t addr, uint64_t *ret_tag)
{
	uint64_t tag;
	int ret = user_read_tag(addr, &tag);

	if (!ret)
		*ret_tag = tag;
	return ret;
}

uint64_t mw_pfn(uint64_t addr)
{
	pte_t *pte = pte_lookup(process_mm(0), addr);

	return pte && pte_present(*pte) ? pte_pfn(*pte) : MW_NO_PFN;
}

int mw_munmap(uint64_t addr, uint64_t bytes)
{
	return vm_munmap(addr, bytes);
}

void mw_dontneed(uint64_t addr, uint64_t bytes)
{
	struct mm_struct *mm = current->mm;

	mmap_read_lock(mm);
	zap_page_range_single(vma_lookup(mm, addr), addr, bytes, NULL);
	mmap_read_unlock(mm);
}

int mw_unshare(uint64_t addr)
{
	struct mm_struct *mm = current->mm;
	int ret;

	mmap_read_lock(mm);
	ret = handle_mm_fault(vma_lookup(mm, addr), addr, FAULT_FLAG_UNSHARE, NULL);
	mmap_read_unlock(mm);
	return ret;
}

/* What fork() leaves to the parent: read-only and not exclusive. */
void mw_make_shared(uint64_t addr)
{
	pte_t *pte = pte_lookup(process_mm(0), addr);

	*pte = pte_wrprotect(*pte);
	ClearPageAnonExclusive(pte_page(*pte));
}

void mw_exit(void)
{
	process_exit(0);
}

int mw_account(uint64_t pages, bool inc)
{
	return account_locked_vm(current->mm, pages, inc);
}

static long do_op(struct mw_task_state *t)
{
	uint64_t tag = 0;

	switch (t->op) {
	case MW_OP_WRITE:
		return mw_write(MW_ADDR, 7);
	case MW_OP_READ:
		return mw_read(MW_ADDR, &tag) ?: (long)tag;
	case MW_OP_MUNMAP:
		return mw_munmap(MW_ADDR, PAGE_SIZE);
	case MW_OP_DRAIN_ALL:
		mw_drain_all();
		return 0;
	case MW_OP_GET_PUT:
		mw_get(t->pfn, 1);
		mw_put(t->pfn);
		return 0;
	case MW_OP_DONTNEED:
		mw_dontneed(MW_ADDR, PAGE_SIZE);
		return 0;
	case MW_OP_ISOLATE:
		if (!mw_isolate(t->pfn))
			return 0;
		mw_putback(t->pfn);
		return 1;
	case MW_OP_ACCOUNT:
		return mw_account(1, true);
	case MW_OP_UNPIN:
		mw_unpin(t->pfn);
		return 0;
	case MW_OP_EXIT:
		mw_exit();
		return 0;
	}
	return -EINVAL;
}

static void run_task(void *arg)
{
	struct mw_task_state *t = arg;

	t->ret = do_op(t);
}

void mw_task(unsigned int i, unsigned int cpu, enum mw_op op)
{
	struct mw_task_state *t = &mw()->task[i];
	static const char * const names[MW_MAX_TASKS] = { "t0", "t1", "t2", "t3" };

	t->op = op;
	t->pfn = mw_pfn(MW_ADDR);
	t->ret = 1000;
	if (sim_task_create(names[i], cpu, run_task, t) != (int)i || build_thread(i, 0))
		SIM_BUG("a test's task cannot be made");
}

long mw_result(unsigned int i)
{
	return mw()->task[i].ret;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World side of the tests of GUP, migration and CMA.
 */
#include <linux/cma.h>
#include <linux/lockdep.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/page-isolation.h>
#include <linux/swap.h>

#include "fakes/fault.h"
#include "fakes/mm/gup_internal.h"
#include "fakes/mm/internal.h"
#include "fakes/mm/migrate_range.h"
#include "tests/fakes/gup_world.h"

#define GW_MAX_TASKS	4

struct gw_task_state {
	enum gw_op op;
	struct gw_result result;
};

struct gw_world {
	int fail_alloc_after;
	uint64_t watched;
	struct gw_target target;
	struct gw_task_state task[GW_MAX_TASKS];
};

static struct gw_world *gw(void)
{
	return sim_room(SIM_ROOM_TEST);
}

struct folio *__real_folio_alloc(gfp_t gfp, unsigned int order);
struct folio *__wrap_folio_alloc(gfp_t gfp, unsigned int order);

static void look_at_watched(gfp_t gfp, unsigned int order)
{
	struct page *page = pfn_to_page(gw()->watched);
	struct gw_target *t = &gw()->target;

	t->refcount = page_count(page);
	t->mapcount = page_mapcount(page);
	t->lru = PageLRU(page);
	t->locked = PageLocked(page);
	t->mmap_locked = lockdep_is_held(&current->mm->mmap_lock);
	t->isolated = gw_isolated();
	t->movable = gfp & __GFP_MOVABLE;
	t->highmem = gfp & __GFP_HIGHMEM;
	t->order = order;
}

/* Migration's targets; the build links this in place of folio_alloc(). */
struct folio *__wrap_folio_alloc(gfp_t gfp, unsigned int order)
{
	if (gw()->watched)
		look_at_watched(gfp, order);
	if (gw()->fail_alloc_after == 0)
		return NULL;
	if (gw()->fail_alloc_after > 0)
		gw()->fail_alloc_after--;
	return __real_folio_alloc(gfp, order);
}

void gw_fail_alloc_after(int n)
{
	gw()->fail_alloc_after = n;
}

void gw_watch(uint64_t pfn)
{
	gw()->watched = pfn;
}

struct gw_target gw_target(void)
{
	return gw()->target;
}

void gw_build(const char *profile, enum build_zone place)
{
	static const struct sim_params params = { .nr_cpus = 2, .check_addresses = true };
	struct build_machine m = {
		.profile = kernel_profile_find(profile),
		.normal_bytes = 64ULL << 20,
		.movable_bytes = 64ULL << 20,
		.cma_bytes = 4ULL << 20,
		.cma_in = BUILD_ZONE_NORMAL,
	};
	struct build_process p = { .name = "vmm", .memlock_bytes = UINT64_MAX };

	sim_world_init(&params);
	BUG_ON(build_machine(&m));
	BUG_ON(build_process(&p));
	build_host_thread(0);
	BUG_ON(build_map(0, GW_ADDR, GW_PAGES * PAGE_SIZE, place));
	sim_room_create(SIM_ROOM_TEST, sizeof(struct gw_world));
	gw()->fail_alloc_after = -1;
}

static uint64_t touch(uint64_t addr, unsigned int fault_flags)
{
	struct mm_struct *mm = current->mm;

	mmap_read_lock(mm);
	BUG_ON(handle_mm_fault(vma_lookup(mm, addr), addr, fault_flags, NULL) & VM_FAULT_ERROR);
	mmap_read_unlock(mm);
	return gw_pfn(addr);
}

uint64_t gw_write(uint64_t addr)
{
	return touch(addr, FAULT_FLAG_WRITE);
}

uint64_t gw_read(uint64_t addr)
{
	return touch(addr, 0);
}

void gw_drain(void)
{
	lru_add_drain_all();
}

void gw_munmap(uint64_t addr, uint64_t bytes)
{
	BUG_ON(vm_munmap(addr, bytes));
}

void gw_set_contents(uint64_t pfn, uint64_t tag)
{
	*page_contents(pfn) = tag;
}

uint64_t gw_contents(uint64_t pfn)
{
	return *page_contents(pfn);
}

uint64_t gw_pfn(uint64_t addr)
{
	pte_t *ptep = pte_lookup(process_mm(0), addr);

	return ptep && pte_present(ptep_get(ptep)) ? pte_pfn(ptep_get(ptep)) : GW_NO_PFN;
}

static unsigned int foll(unsigned int flags)
{
	static const unsigned int names[GW_NR_FLAGS] = {
		FOLL_WRITE, FOLL_LONGTERM, FOLL_GET, FOLL_PIN, FOLL_TOUCH, FOLL_FAST_ONLY,
		FOLL_NOFAULT, FOLL_FORCE, FOLL_NOWAIT, FOLL_HWPOISON, FOLL_DUMP, FOLL_ANON,
		FOLL_REMOTE, FOLL_TRIED, FOLL_SPLIT_PMD, FOLL_INTERRUPTIBLE, FOLL_UNLOCKABLE,
		FOLL_PCI_P2PDMA,
	};
	unsigned int i, all = 0;

	for (i = 0; i < GW_NR_FLAGS; i++)
		all |= flags >> i & 1 ? names[i] : 0;
	return all;
}

static long call_gup(enum gw_call call, uint64_t addr, unsigned int nr, unsigned int flags,
		     struct page **pages)
{
	bool locked = call == GW_GET_LOCKED || call == GW_PIN_LOCKED || call == GW_PIN_REMOTE;
	struct mm_struct *mm = current->mm;
	long ret = 0;

	if (locked)
		mmap_read_lock(mm);
	switch (call) {
	case GW_GET_FAST:
		ret = get_user_pages_fast(addr, nr, flags, pages);
		break;
	case GW_GET_FAST_ONLY:
		ret = get_user_pages_fast_only(addr, nr, flags, pages);
		break;
	case GW_GET_LOCKED:
		ret = get_user_pages(addr, nr, flags, pages);
		break;
	case GW_GET_UNLOCKED:
		ret = get_user_pages_unlocked(addr, nr, pages, flags);
		break;
	case GW_PIN_FAST:
		ret = pin_user_pages_fast(addr, nr, flags, pages);
		break;
	case GW_PIN_LOCKED:
		ret = pin_user_pages(addr, nr, flags, pages);
		break;
	case GW_PIN_UNLOCKED:
		ret = pin_user_pages_unlocked(addr, nr, pages, flags);
		break;
	case GW_PIN_REMOTE:
		ret = pin_user_pages_remote(mm, addr, nr, flags, pages, NULL);
		break;
	}
	if (locked)
		mmap_read_unlock(mm);
	return ret;
}

long gw_gup(enum gw_call call, uint64_t addr, unsigned int nr, unsigned int flags,
	    uint64_t *ret_pfns)
{
	struct page *pages[GW_PAGES];
	long i, ret;

	ret = call_gup(call, addr, nr, foll(flags), pages);
	for (i = 0; i < ret; i++)
		ret_pfns[i] = page_to_pfn(pages[i]);
	return ret;
}

long gw_gup_null(enum gw_call call, uint64_t addr, unsigned int flags)
{
	return call_gup(call, addr, 1, foll(flags), NULL);
}

uint64_t gw_pin_in_hook(uint64_t addr)
{
	uint64_t pfn = GW_NO_PFN;

	sim_scope_open(SIM_OWNER(OWNER_SLOT, 1), true);
	gw_gup(GW_PIN_FAST, addr, 1, GW_WRITE | GW_LONGTERM, &pfn);
	sim_scope_close();
	return pfn;
}

bool gw_isolated_pin_in_hook(uint64_t pfn, bool first)
{
	struct page *page = pfn_to_page(pfn);
	struct sim_ref_info info;
	unsigned int i;

	if (first)
		set_pageblock_migratetype(page, MIGRATE_ISOLATE);
	sim_scope_open(SIM_OWNER(OWNER_SLOT, 1), true);
	BUG_ON(!folio_try_get(page_folio(page)));
	set_pageblock_migratetype(page, MIGRATE_ISOLATE);
	folio_ref_add(page_folio(page), GUP_PIN_COUNTING_BIAS - 1);
	sim_scope_close();
	for (i = 0; sim_ref_entry(&page->_refs, i, &info); i++)
		if (info.kind == PAGE_REF_PIN)
			return info.marked;
	BUG();
}

void gw_put(uint64_t pfn)
{
	put_page(pfn_to_page(pfn));
}

void gw_unpin(uint64_t pfn)
{
	unpin_user_page(pfn_to_page(pfn));
}

void gw_unpin_dirty(uint64_t pfn)
{
	struct page *page = pfn_to_page(pfn);

	unpin_user_pages_dirty_lock(&page, 1, true);
}

void gw_ref_add(uint64_t pfn, int units)
{
	folio_ref_add(page_folio(pfn_to_page(pfn)), units);
}

void gw_ref_drop(uint64_t pfn, int units)
{
	folio_put_refs(page_folio(pfn_to_page(pfn)), units);
}

static DEFINE_MUTEX(static_mutex);
static DEFINE_SPINLOCK(static_spinlock);
static DECLARE_RWSEM(static_rwsem);

bool gw_static_locks(void)
{
	bool right = !mutex_is_locked(&static_mutex);

	mutex_lock(&static_mutex);
	right &= mutex_is_locked(&static_mutex);
	mutex_unlock(&static_mutex);
	right &= mutex_trylock(&static_mutex);
	mutex_unlock(&static_mutex);
	down_read(&static_rwsem);
	right &= down_read_trylock(&static_rwsem) && !rwsem_is_locked(&static_rwsem);
	up_read(&static_rwsem);
	up_read(&static_rwsem);
	spin_lock(&static_spinlock);
	right &= !spin_trylock(&static_spinlock);
	spin_unlock(&static_spinlock);
	return right;
}

void gw_unpin_with_gaps(void *pfn)
{
	struct page *pages[] = { NULL, pfn_to_page(*(uint64_t *)pfn), NULL };

	unpin_user_pages(pages, ARRAY_SIZE(pages));
}

bool gw_freeze(uint64_t pfn, int count)
{
	return page_ref_freeze(pfn_to_page(pfn), count);
}

void gw_unfreeze(uint64_t pfn, int count)
{
	page_ref_unfreeze(pfn_to_page(pfn), count);
}

bool gw_maybe_pinned(uint64_t pfn)
{
	return folio_maybe_dma_pinned(page_folio(pfn_to_page(pfn)));
}

long gw_isolated(void)
{
	return node_page_state(NODE_DATA(0), NR_ISOLATED_ANON);
}

void gw_unpin_many(uint64_t pfn, long n)
{
	struct page *pages[GW_PAGES];
	long i;

	for (i = 0; i < n; i++)
		pages[i] = pfn_to_page(pfn);
	unpin_user_pages(pages, n);
}

void gw_protnone(uint64_t addr)
{
	pte_t *ptep = pte_lookup(current->mm, addr);

	ptep->pte = (ptep->pte & ~(_PAGE_PRESENT | _PAGE_RW)) | _PAGE_PROTNONE;
}

static void fail_nth(enum fault_point point, unsigned int nth)
{
	const struct fault_order order = { .point = point, .nth = nth, .times = 1 };

	fault_inject(&order);
}

void gw_kill_at(unsigned int nth)
{
	fail_nth(FAULT_FATAL_SIGNAL, nth);
}

void gw_kill(bool on)
{
	if (on)
		gw_kill_at(1);
	else
		fault_inject_off();
}

void gw_fail_page_alloc(void)
{
	fail_nth(FAULT_PAGE_ALLOC, 1);
}

void gw_fail_grab(void)
{
	fail_nth(FAULT_TRY_GRAB_FOLIO, 1);
}

long gw_migrate(uint64_t addr, unsigned int nr, int place)
{
	return migrate_user_range(process_mm(0), addr, nr, place);
}

long gw_migrate_unmapped(uint64_t addr)
{
	struct migration_target_control mtc = { .gfp_mask = GFP_USER, .reason = MR_SYSCALL };
	struct folio *folio = page_folio(pfn_to_page(gw_pfn(addr)));
	LIST_HEAD(list);

	BUG_ON(!folio_isolate_lru_bool(folio));
	list_add(&folio->lru, &list);
	node_stat_mod_folio(folio, NR_ISOLATED_ANON, 1);
	gw_munmap(addr, PAGE_SIZE);
	return migrate_pages(&list, alloc_migration_target, NULL, (unsigned long)&mtc,
			     MIGRATE_SYNC, MR_SYSCALL, NULL);
}

uint64_t gw_cma_alloc(unsigned int count)
{
	struct page *page = cma_alloc(dev_get_cma_area(), count, 0, true);

	return page ? page_to_pfn(page) : GW_NO_PFN;
}

void gw_cma_release(uint64_t pfn, unsigned int count)
{
	BUG_ON(!cma_release(dev_get_cma_area(), pfn_to_page(pfn), count));
}

uint64_t gw_cma_base(void)
{
	return cma_get_base_pfn(dev_get_cma_area());
}

uint64_t gw_cma_size(void)
{
	return cma_get_pages(dev_get_cma_area());
}

int gw_contig(uint64_t pfn, unsigned int count)
{
	return alloc_contig_range(pfn, pfn + count, MIGRATE_CMA, GFP_KERNEL);
}

static void pin_op(struct gw_result *r, enum gw_call call, unsigned int flags)
{
	r->ret = gw_gup(call, GW_ADDR, 1, flags, &r->pfn);
}

static void run(struct gw_task_state *t)
{
	struct gw_result *r = &t->result;

	switch (t->op) {
	case GW_OP_PIN:
		pin_op(r, GW_PIN_FAST, GW_WRITE | GW_LONGTERM);
		break;
	case GW_OP_PIN_UNPIN:
		pin_op(r, GW_PIN_FAST, GW_WRITE | GW_LONGTERM);
		if (r->ret == 1)
			gw_unpin(r->pfn);
		break;
	case GW_OP_GET:
		pin_op(r, GW_GET_FAST, GW_WRITE);
		break;
	case GW_OP_GET_PUT:
		pin_op(r, GW_GET_FAST, GW_WRITE);
		if (r->ret == 1)
			gw_put(r->pfn);
		break;
	case GW_OP_GET_FAST_ONLY:
		pin_op(r, GW_GET_FAST_ONLY, GW_WRITE);
		break;
	case GW_OP_PIN_FAST_ONLY:
		pin_op(r, GW_PIN_FAST, GW_WRITE | GW_NOFAULT);
		break;
	case GW_OP_MIGRATE:
		r->ret = gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL);
		break;
	case GW_OP_TOUCH:
		r->pfn = gw_write(GW_ADDR);
		break;
	case GW_OP_CMA:
		r->ret = gw_contig(gw_pfn(GW_ADDR), 1);
		break;
	case GW_OP_LOCK:
		lock_page(pfn_to_page(r->pfn));
		unlock_page(pfn_to_page(r->pfn));
		break;
	case GW_OP_GRAB_LONG_FAST:
		r->ret = !!try_grab_folio_fast(pfn_to_page(r->pfn), 1, FOLL_PIN | FOLL_LONGTERM);
		break;
	case GW_OP_ISOLATE_BLOCK:
		sim_step(SIM_WRITE, 0, "isolate");
		set_pageblock_migratetype(pfn_to_page(r->pfn), MIGRATE_ISOLATE);
		break;
	case GW_OP_HOLD_PUT:
		get_page(pfn_to_page(r->pfn));
		put_page(pfn_to_page(r->pfn));
		break;
	}
	r->done = true;
}

static void task_fn(void *arg)
{
	run(arg);
}

void gw_task(unsigned int i, unsigned int cpu, enum gw_op op)
{
	struct gw_task_state *t = &gw()->task[i];
	int id;

	t->op = op;
	t->result.pfn = gw_pfn(GW_ADDR);
	id = sim_task_create(i ? "second" : "first", cpu, task_fn, t);
	BUG_ON(id < 0);
	BUG_ON(build_thread(id, 0));
}

struct gw_result gw_result(unsigned int i)
{
	return gw()->task[i].result;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of fork, COW, mremap and madvise. */
#include <linux/cma.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/swap.h>

#include "fakes/fault.h"
#include "fakes/mm/access.h"
#include "fakes/mm/internal.h"
#include "fakes/mm/migrate_range.h"
#include "fakes/mm/swap_internal.h"
#include "tests/fakes/fork_world.h"

#define FW_MAX_TASKS	3

struct fw_task_state {
	enum fw_op op;
	long ret;
	u64 pfn;
};

struct fw_world {
	struct fw_task_state task[FW_MAX_TASKS];
};

static struct fw_world *fw(void)
{
	return sim_room(SIM_ROOM_TEST);
}

void fw_build(const char *profile, bool in_cma)
{
	static const struct sim_params params = { .nr_cpus = 2, .check_addresses = true };
	const struct build_machine m = {
		.profile = kernel_profile_find(profile),
		.normal_bytes = 64ULL << 20,
		.movable_bytes = 64ULL << 20,
		.cma_bytes = 4ULL << 20,
		.cma_in = BUILD_ZONE_NORMAL,
		.swap_bytes = (FW_SWAP_SLOTS + 1) * PAGE_SIZE,
	};
	const struct build_process p = { .name = "parent", .memlock_bytes = U64_MAX };
	const struct build_process c = { .name = "child", .unborn = true };

	sim_world_init(&params);
	sim_room_create(SIM_ROOM_TEST, sizeof(struct fw_world));
	if (build_machine(&m) || build_process(&p) || build_process(&c) != FW_CHILD ||
	    build_map(FW_PARENT, FW_ADDR, FW_PAGES * PAGE_SIZE,
		      in_cma ? BUILD_ZONE_CMA : BUILD_ZONE_MOVABLE))
		SIM_BUG("the test's machine cannot be built");
	build_host_thread(FW_PARENT);
}

void fw_map_shmem(bool in_cma)
{
	BUG_ON(build_map_shmem(FW_PARENT, FW_SHARED, FW_PAGES * PAGE_SIZE,
			       in_cma ? BUILD_ZONE_CMA : BUILD_ZONE_MOVABLE));
}

bool fw_cma_alloc(void)
{
	return cma_alloc(dev_get_cma_area(), 1024, 0, true);
}

void fw_as(enum fw_process process)
{
	build_host_thread(process);
}

int fw_fork(void)
{
	return process_fork(FW_CHILD);
}

void fw_exit(enum fw_process process)
{
	process_exit(process);
}

int fw_write(uint64_t addr, uint64_t tag)
{
	return user_write_tag(addr, tag);
}

uint64_t fw_read(uint64_t addr)
{
	uint64_t tag;

	return user_read_tag(addr, &tag) ? FW_NO_PFN : tag;
}

int fw_touch(uint64_t addr)
{
	uint64_t tag;

	return user_read_tag(addr, &tag);
}

int fw_munmap(uint64_t addr, unsigned int pages)
{
	return vm_munmap(addr, pages * PAGE_SIZE);
}

int fw_mremap(uint64_t from, unsigned int pages, uint64_t to)
{
	return vm_mremap(from, pages * PAGE_SIZE, to);
}

int fw_dontneed(uint64_t addr, unsigned int pages)
{
	return vm_madvise(addr, pages * PAGE_SIZE, MADV_DONTNEED);
}

int fw_pageout(uint64_t addr, unsigned int pages)
{
	return vm_madvise(addr, pages * PAGE_SIZE, MADV_PAGEOUT);
}

unsigned int fw_swap_slots(void)
{
	const struct swap_info_struct *si = mm_world()->swap;
	unsigned int i, n = 0;

	for (i = 1; i < si->nr; i++)
		n += si->slot[i].count || si->slot[i].has_cache;
	return n;
}

static bool same_word(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return *a == *b;
}

void fw_fail_next(const char *point)
{
	static const char *const words[] = {
#define FAULT_POINT(name, word, function, result, contract) word,
#include "fakes/fault.def"
#undef FAULT_POINT
	};
	struct fault_order order = { .nth = 1, .times = 1 };

	if (!point) {
		fault_inject_off();
		return;
	}
	for (; order.point < ARRAY_SIZE(words); order.point++)
		if (same_word(words[order.point], point))
			break;
	BUG_ON(order.point == ARRAY_SIZE(words));
	fault_inject(&order);
}

int fw_dontfork(uint64_t addr, unsigned int pages, bool undo)
{
	return vm_madvise(addr, pages * PAGE_SIZE, undo ? MADV_DOFORK : MADV_DONTFORK);
}

long fw_migrate(uint64_t addr)
{
	return migrate_user_range(current->mm, addr, 1, -1);
}

uint64_t fw_pin(uint64_t addr, bool write, bool longterm)
{
	unsigned int flags = (write ? FOLL_WRITE : 0) | (longterm ? FOLL_LONGTERM : 0);
	struct page *page;

	return pin_user_pages_fast(addr, 1, flags, &page) == 1 ? page_to_pfn(page) : FW_NO_PFN;
}

uint64_t fw_get(uint64_t addr)
{
	struct page *page;

	return get_user_pages_fast(addr, 1, FOLL_WRITE, &page) == 1 ? page_to_pfn(page) :
								       FW_NO_PFN;
}

void fw_unpin(uint64_t pfn)
{
	unpin_user_page(pfn_to_page(pfn));
}

void fw_put(uint64_t pfn)
{
	put_page(pfn_to_page(pfn));
}

uint64_t fw_pfn(enum fw_process process, uint64_t addr)
{
	struct mm_struct *mm = process_mm(process);
	pte_t *pte = mm && mm->pgd ? pte_lookup(mm, addr) : NULL;

	return pte && pte_present(*pte) ? pte_pfn(*pte) : FW_NO_PFN;
}

uint64_t fw_zero_pfn(void)
{
	return zero_page_pfn();
}

void fw_drain(void)
{
	lru_add_drain_all();
}

void fw_accessed(uint64_t pfn)
{
	mark_page_accessed(pfn_to_page(pfn));
}

bool fw_pinnable(uint64_t pfn)
{
	return folio_is_longterm_pinnable(page_folio(pfn_to_page(pfn)));
}

void fw_isolate_block(uint64_t pfn)
{
	set_pageblock_migratetype(pfn_to_page(pfn), MIGRATE_ISOLATE);
}

void fw_forking(bool yes)
{
	process_mm(FW_PARENT)->write_protect_seq.sequence += yes ? 1 : -1;
}

void fw_fail(bool pages, unsigned int nth)
{
	const struct fault_order order = {
		.point = pages ? FAULT_PAGE_ALLOC : FAULT_SLAB,
		.nth = nth,
		.times = 1,
	};

	if (nth)
		fault_inject(&order);
	else
		fault_inject_off();
}

static long do_op(struct fw_task_state *t)
{
	uint64_t pfn;

	switch (t->op) {
	case FW_OP_FORK:
		return fw_fork();
	case FW_OP_WRITE:
	case FW_OP_CHILD_WRITE:
		return fw_write(FW_ADDR, 8);
	case FW_OP_PIN:
		t->pfn = fw_pin(FW_ADDR, true, false);
		return t->pfn == FW_NO_PFN ? -EFAULT : 0;
	case FW_OP_MIGRATE:
		return fw_migrate(FW_ADDR);
	case FW_OP_MREMAP:
		return fw_mremap(FW_ADDR, 1, FW_AT(FW_PAGES));
	case FW_OP_PAGEOUT:
		return fw_pageout(FW_ADDR, 1);
	case FW_OP_READ:
		return fw_touch(FW_ADDR);
	case FW_OP_GET:
		t->pfn = fw_get(FW_ADDR);
		return t->pfn == FW_NO_PFN ? -EFAULT : 0;
	case FW_OP_GET_PUT:
		pfn = fw_get(FW_ADDR);
		if (pfn == FW_NO_PFN)
			return -EFAULT;
		fw_put(pfn);
		return 0;
	case FW_OP_CMA:
		return fw_cma_alloc() ? 0 : -ENOMEM;
	case FW_OP_OFFLINE:
		return memory_block_offline_at(current->mm, FW_ADDR);
	case FW_OP_SHARED_READ:
		return fw_touch(FW_SHARED);
	case FW_OP_SHARED_DONTNEED:
		return fw_dontneed(FW_SHARED, 1);
	case FW_OP_CHILD_EXIT:
		fw_exit(FW_CHILD);
		return 0;
	}
	return -EINVAL;
}

static bool is_childs(enum fw_op op)
{
	return op == FW_OP_CHILD_WRITE || op == FW_OP_CHILD_EXIT;
}

static void task_fn(void *arg)
{
	struct fw_task_state *t = arg;

	if (process_join(is_childs(t->op) ? FW_CHILD : FW_PARENT))
		t->ret = do_op(t);
}

void fw_task(unsigned int i, enum fw_op op)
{
	static const char *const names[FW_MAX_TASKS] = { "first", "second", "third" };
	struct fw_task_state *t = &fw()->task[i];
	int id;

	t->op = op;
	t->pfn = FW_NO_PFN;
	id = sim_task_create(names[i], i & 1, task_fn, t);
	BUG_ON(id < 0);
	BUG_ON(build_thread(id, is_childs(op) ? FW_CHILD : FW_PARENT));
}

long fw_result(unsigned int i, uint64_t *ret_pfn)
{
	if (ret_pfn)
		*ret_pfn = fw()->task[i].pfn;
	return fw()->task[i].ret;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the test of what commutes. */
#include <asm/cacheflush.h>
#include <asm/smp.h>
#include <linux/mm.h>

#include "fakes/mm/internal.h"
#include "fakes/sev/internal.h"
#include "sim/core/task.h"
#include "sim/engine/footprint.h"
#include "tests/fakes/commute_world.h"

struct cw_task {
	enum cw_op op;
	long learned;
};

struct cw_world {
	struct page *page;
	atomic64_t counter;
	struct cw_task task[2];
};

static struct cw_world *cw(void)
{
	return sim_room(SIM_ROOM_TEST);
}

void cw_build(unsigned int refs)
{
	static const struct sim_params params = { .nr_cpus = 2, .check_addresses = true };
	struct build_machine m = {
		.profile = kernel_profile_find("6.12"),
		.normal_bytes = 64 << 20,
	};
	struct build_process p = { .name = "test" };
	struct cw_world *w;

	sim_world_init(&params);
	w = sim_room_create(SIM_ROOM_TEST, sizeof(*w));
	if (build_machine(&m) || build_process(&p))
		SIM_BUG("the test's machine cannot be built");
	build_host_thread(0);
	w->page = alloc_pages(GFP_KERNEL, 0);
	while (--refs)
		get_page(w->page);
	SetPageWorkingset(w->page);
	sev_world_init();
	sev_cache_dirty(cw_pfn(), 0);
	sev_cache_dirty(cw_pfn(), 1);
}

static void lie(struct cw_world *w)
{
	sim_add_begin(&w->counter);
	w->task[0].learned = 1;
	sim_add_end();
}

static long do_op(struct cw_world *w, enum cw_op op)
{
	struct page *page = w->page;

	switch (op) {
	case CW_GET:
		get_page(page);
		break;
	case CW_TRY:
		return try_get_page(page);
	case CW_PIN:
		page_ref_take(page, PAGE_REF_PIN, 1, __func__);
		break;
	case CW_PUT_OWN:
		get_page(page);
		put_page(page);
		break;
	case CW_PUT_LAST:
		get_page(page);
		page_ref_drop(page, PAGE_REF_ALLOC, 1, __func__);
		put_page(page);
		break;
	case CW_PUT:
		put_page(page);
		break;
	case CW_GET_MORE:
		get_page(page);
		get_page(page);
		break;
	case CW_PUT_MORE:
		get_page(page);
		get_page(page);
		put_page(page);
		break;
	case CW_GET_HOOK:
		sim_scope_open(SIM_OWNER(OWNER_SLOT, 0), true);
		get_page(page);
		sim_scope_close();
		break;
	case CW_PUT_HOOK:
		sim_scope_open(SIM_OWNER(OWNER_SLOT, 0), true);
		get_page(page);
		put_page(page);
		sim_scope_close();
		break;
	case CW_FREEZE:
		return page_ref_freeze(page, 1);
	case CW_FLUSH:
		clflush_cache_range(page_address(page), PAGE_SIZE);
		break;
	case CW_WBINVD:
		wbinvd_on_all_cpus();
		break;
	default:
		break;
	}
	return -1;
}

static long is_any_long_lived(void)
{
	struct sim_ref_info info;
	uint64_t cursor = 0;
	sim_obj_t obj;

	return sim_ref_next_long(&cursor, &obj, &info);
}

/* What is asked of the page. */
static long do_look(struct page *page, enum cw_op op)
{
	switch (op) {
	case CW_ONLY:
		return page_ref_cmp(page, 1) == 0;
	case CW_IN_USE:
		return page_ref_in_use(page);
	case CW_LIKE_PINNED:
		return folio_maybe_dma_pinned(page_folio(page));
	case CW_HELD:
		return probe_page_held(cw_pfn(), PAGE_REF_GET, OWNER_SLOT, 0, 16);
	case CW_LONG:
		return is_any_long_lived();
	case CW_RESERVED:
		return PageReserved(page);
	default:
		return -1;
	}
}

/* No steps of their own. */
static long do_quiet_op(struct cw_world *w, enum cw_op op)
{
	sim_step(SIM_WRITE, OBJ_OF_PAGE(w->page), __func__);
	switch (op) {
	case CW_LOOK:
		return page_count(w->page);
	case CW_DIRTY:
		sev_cache_dirty(cw_pfn(), 0);
		break;
	case CW_ADD:
		atomic64_inc(&w->counter);
		break;
	case CW_ADD_RETURN:
		return atomic64_inc_return(&w->counter);
	case CW_ACTIVE:
		SetPageActive(w->page);
		break;
	case CW_REFERENCED:
		SetPageReferenced(w->page);
		break;
	case CW_LOCKED:
		SetPageLocked(w->page);
		break;
	case CW_WORKINGSET:
		SetPageWorkingset(w->page);
		break;
	case CW_LIE:
		lie(w);
		break;
	default:
		return do_look(w->page, op);
	}
	return -1;
}

static void run(void *arg)
{
	struct cw_task *t = arg;

	t->learned = t->op < CW_LOOK ? do_op(cw(), t->op) : do_quiet_op(cw(), t->op);
}

void cw_task(unsigned int i, enum cw_op op)
{
	struct cw_task *t = &cw()->task[i];

	t->op = op;
	t->learned = -1;
	if (sim_task_create(i ? "second" : "first", i, run, t) != (int)i || build_thread(i, 0))
		SIM_BUG("a test's task cannot be made");
}

uint64_t cw_pfn(void)
{
	return page_to_pfn(cw()->page);
}

long cw_learned(unsigned int i)
{
	return cw()->task[i].learned;
}

int64_t cw_counter(void)
{
	return cw()->counter.counter;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scripted kernel of the design tests; see hooks_mock.h. */
#include "tests/pin/hooks_mock.h"

#include "sim/engine/arena.h"
#include "sim/engine/undo.h"

#define PAGE_OFFSET	0xffff888000000000UL

struct hooks_mock hooks;

void *__real_kzalloc(size_t size, unsigned int flags);
void *__real_kvmalloc(size_t size, unsigned int flags);
void *__real___vmalloc(unsigned long size, unsigned int flags);
void *__real_kvcalloc(size_t n, size_t size, unsigned int flags);

int hooks_setup(void **state)
{
	/* Says where a world that is still there has its objects. */
	static struct hooks_mock built;

	/* Also for building, which allocates. */
	hooks = (struct hooks_mock){ .sev = true, .memlock = ~0UL };
	if (rolled_build()) {
		hooks.kvm = hw_vm();
		hooks.slot = hw_slot(GFN, 4, HVA);
		hooks.live_bytes = hw_live_bytes();
		rolled_mark();
		built = hooks;
	}
	hooks = built;
	return 0;
}

void expect_clflush(uint64_t pfn, unsigned int npages)
{
	expect_value(__wrap_clflush_cache_range, vaddr, PAGE_OFFSET + (pfn << 12));
	expect_value(__wrap_clflush_cache_range, size, npages << 12);
}

void expect_pin(unsigned long addr, int nr, unsigned int flags, uint64_t first, int ret)
{
	expect_value(__wrap_pin_user_pages_fast, start, addr);
	expect_value(__wrap_pin_user_pages_fast, nr_pages, nr);
	expect_value(__wrap_pin_user_pages_fast, gup_flags, flags);
	will_return(__wrap_pin_user_pages_fast, first);
	will_return(__wrap_pin_user_pages_fast, ret);
}

/* --- what the linker puts in --- */

void __wrap_get_page(void *page)
{
	check_expected_ptr(page);
}

void __wrap_put_page(void *page)
{
	check_expected_ptr(page);
}

void __wrap_unpin_user_page(void *page)
{
	check_expected_ptr(page);
}

void __wrap_unpin_user_pages(void **pages, unsigned long npages)
{
	uintptr_t first = (uintptr_t)pages[0] >> 12;

	/* Before or after the caches are written back? */
	function_called();
	check_expected(first);
	check_expected(npages);
}

int __wrap_pin_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags,
			       void **pages)
{
	uint64_t first;
	int i, ret;

	check_expected(start);
	check_expected(nr_pages);
	check_expected(gup_flags);
	first = mock_type(uint64_t);
	ret = mock_type(int);
	/* The world's own function would have said what it overwrites. */
	if (ret > 0 && sim_in_arena((uint64_t)(uintptr_t)pages))
		sim_undo_log((uint64_t)(uintptr_t)pages, ret * sizeof(*pages));
	for (i = 0; i < ret; i++)
		pages[i] = PAGE(first + i);
	return ret;
}

void __wrap_clflush_cache_range(void *ptr, unsigned int size)
{
	uintptr_t vaddr = (uintptr_t)ptr;

	check_expected(vaddr);
	check_expected(size);
}

int __wrap_wbinvd_on_all_cpus(void)
{
	function_called();
	return 0;
}

void *__wrap_pfn_to_page(unsigned long pfn)
{
	return PAGE(pfn);
}

unsigned long __wrap_page_to_pfn(const void *page)
{
	return (uintptr_t)page >> 12;
}

bool __wrap_kvm_is_reserved_pfn(uint64_t pfn)
{
	return hooks.reserved;
}

void *__wrap_gfn_to_memslot(void *kvm, uint64_t gfn)
{
	return hooks.slot;
}

unsigned long __wrap_gfn_to_hva_memslot(const void *slot, uint64_t gfn)
{
	return HVA + ((gfn - GFN) << 12);
}

bool __wrap_sev_guest(void *kvm)
{
	return hooks.sev;
}

bool __wrap_capable(int cap)
{
	return hooks.cap_ipc_lock;
}

unsigned long __wrap_rlimit(unsigned int limit)
{
	return hooks.memlock;
}

static bool fail_alloc(void)
{
	return hooks.fail_alloc && !--hooks.fail_alloc;
}

void *__wrap_kzalloc(size_t size, unsigned int flags)
{
	return fail_alloc() ? NULL : __real_kzalloc(size, flags);
}

void *__wrap___vmalloc(unsigned long size, unsigned int flags);
void *__wrap___vmalloc(unsigned long size, unsigned int flags)
{
	return fail_alloc() ? NULL : __real___vmalloc(size, flags);
}

void *__wrap_kvmalloc(size_t size, unsigned int flags)
{
	return fail_alloc() ? NULL : __real_kvmalloc(size, flags);
}

void *__wrap_kvcalloc(size_t n, size_t size, unsigned int flags)
{
	return fail_alloc() ? NULL : __real_kvcalloc(n, size, flags);
}

void __wrap_warn_at(const char *site)
{
	hooks.warns++;
}

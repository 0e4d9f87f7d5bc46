/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of what memory says, and to whom. */
#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <svm/svm.h>

#include "fakes/sev/contents.h"
#include "tests/fakes/kvm_world.h"

void kw_guest_write(uint64_t gfn, uint64_t pfn)
{
	sev_guest_write(kw_kvm(), gfn, pfn);
}

int kw_guest_read(uint64_t gfn, uint64_t pfn)
{
	return sev_guest_read(kw_kvm(), gfn, pfn);
}

void kw_host_write(uint64_t pfn, uint16_t value)
{
	sev_host_write(pfn, value);
}

int kw_host_read(uint64_t pfn)
{
	return sev_host_read(pfn);
}

void kw_clflush(uint64_t pfn)
{
	clflush_cache_range(page_address(pfn_to_page(pfn)), PAGE_SIZE);
}

void kw_wbinvd(void)
{
	wbinvd_on_all_cpus();
}

void kw_page_flush(uint64_t pfn)
{
	sev_flush_page(kw_kvm(), pfn);
}

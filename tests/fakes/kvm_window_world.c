/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of KVM's notifier: windows, and what a fault asks. */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>

#include "fakes/mm/internal.h"
#include "tests/fakes/kvm_world.h"

static void window(uint64_t start, uint64_t end, struct mmu_notifier_range *ret_range)
{
	mmu_notifier_range_init(ret_range, MMU_NOTIFY_CLEAR, 0, process_mm(0), start, end);
}

void kw_window_open(uint64_t start, uint64_t end)
{
	struct mmu_notifier_range range;

	window(start, end, &range);
	mmu_notifier_invalidate_range_start(&range);
}

void kw_window_close(uint64_t start, uint64_t end)
{
	struct mmu_notifier_range range;

	window(start, end, &range);
	mmu_notifier_invalidate_range_end(&range);
}

void kw_change_pte(uint64_t addr, uint64_t pfn)
{
	mmu_notifier_change_pte(process_mm(0), addr, pfn_pte(pfn, PAGE_READONLY));
}

bool kw_retry(uint64_t seq, uint64_t gfn)
{
	struct kvm *kvm = kw_kvm();
	bool r;

	read_lock(&kvm->mmu_lock);
	r = mmu_invalidate_retry_fault(kvm, seq, gfn,
				       KW_ADDR + (gfn - KW_GFN) * PAGE_SIZE);
	read_unlock(&kvm->mmu_lock);
	return r;
}

bool kw_retry_unlocked(uint64_t seq, uint64_t gfn)
{
	return mmu_invalidate_retry_gfn_unsafe(kw_kvm(), seq, gfn);
}

uint64_t kw_seq(void)
{
	return kvm_mmu_invalidate_seq_begin(kw_kvm());
}

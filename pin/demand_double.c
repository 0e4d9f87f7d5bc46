/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-double": RFC v1 of March 2022, "PATCH RFC v1 0/9", faults included
 * (hazards 1.5; arch/x86/kvm/svm/sev.c there).
 *
 * Two pins for each page. In a slot that is marked as encrypted KVM itself takes a
 * long-term pin where it would take a reference (1/9: fakes/kvm/pfn_pinned.c), and
 * unpins when the fault is done. Before mmu_lock a hook pins the same address once
 * more (3/9, 5/9); that pin is noted in arrays of the slot, and goes with it.
 *
 * Registering checks and counts what user space says that it will need, and
 * pins nothing.
 *
 * Simpler than the patches: all is mapped by 4K, so what they did wrong about levels
 * (R-40, H-52) cannot show. The commands are in demand_double_launch.c.
 *
 * Known faults, all kept:
 *   H-22	what KVM puts it unpins if it looks pinned, whoever pinned it
 *   H-28	the counter is the VM's; and a fault's pin is never charged
 *   R-29a	it is changed without a lock
 *   R-30	unregistering what nobody registered takes it below zero
 *   R-06b	between the two pins the page may have become one that cannot be pinned
 *		a second time: the VM is killed for it, as for whatever else makes the
 *		second pin fail, a signal included
 *   R-39	so it is if the two find different pages; but the record says the first,
 *		and the second's pin is nobody's
 *   H-46	poisoned memory is not asked for (as far as this goes: see
 *		fakes/kvm/pfn_pinned.c)
 *   R-47	a slot that is moved shares the arrays with the slot that is freed
 *   R-48	the mark is made when the slot is, and lost when its flags change
 *   R-49	a slot that is deleted and made again loses its pins in between
 *   R-50	a slot that is older than the VM's SEV state has neither mark nor arrays
 *   H-59	no rescheduling in a loop over a slot's pages
 *   R-55	what a VM has that stopped being an SEV guest is never unpinned
 */
#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <asm/cacheflush.h>
#include <asm/cpufeature.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <svm/svm.h>

#include "designs.h"
#include "slot_pins.h"

/* The record is of another page: that one goes, written back before. */
static void sev_unpin_old(struct kvm *kvm, kvm_pfn_t old_pfn)
{
	sev_flush_page(kvm, old_pfn);
	unpin_user_page(pfn_to_page(old_pfn));
}

/* slots_arch_lock held. What goes wrong is a bug of KVM's, and the record is made. */
static void sev_pin_locked(struct kvm *kvm, struct kvm_memory_slot *slot,
			   gfn_t gfn, hva_t hva, kvm_pfn_t pfn, bool write,
			   enum pg_level level)
{
	unsigned int flags = FOLL_LONGTERM | (write ? FOLL_WRITE : 0);
	struct kvm_arch_memory_slot *aslot = &slot->arch;
	gfn_t rel_gfn = gfn - slot->base_gfn;
	struct page *page;
	int npinned;

	if (test_bit(rel_gfn, aslot->pinned_bitmap)) {
		if (aslot->pfns[rel_gfn] == pfn)
			return;
		sev_unpin_old(kvm, aslot->pfns[rel_gfn]);
	}

	/* One page, whatever the level. */
	npinned = pin_user_pages_fast(hva, 1, flags, &page);
	KVM_BUG_ON(npinned != 1, kvm);
	KVM_BUG_ON(npinned == 1 && page_to_pfn(page) != pfn, kvm);

	if (!this_cpu_has(X86_FEATURE_SME_COHERENT))
		clflush_cache_range(__va(pfn << PAGE_SHIFT),
				    KVM_HPAGE_SIZE(level));

	WARN_ON(rel_gfn >= slot->npages);
	aslot->pfns[rel_gfn] = pfn;
	set_bit(rel_gfn, aslot->pinned_bitmap);
}

static int sev_pin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
		       gfn_t gfn, hva_t hva, kvm_pfn_t pfn, bool write,
		       enum pg_level level)
{
	struct kvm *kvm = vcpu->kvm;

	if (!memslot_is_encrypted(slot))
		return 0;

	mutex_lock(&kvm->slots_arch_lock);
	sev_pin_locked(kvm, slot, gfn, hva, pfn, write, level);
	mutex_unlock(&kvm->slots_arch_lock);
	return 0;
}

/* Only a slot that is made is marked: one that moves has its arrays by then. */
static int sev_alloc_encrypted_memslot(struct kvm *kvm,
				       const struct kvm_memory_slot *old,
				       struct kvm_memory_slot *new)
{
	int r = sev_alloc_memslot_metadata(kvm, old, new);

	if (!r && !old && sev_guest(kvm))
		new->flags |= KVM_MEMSLOT_ENCRYPTED;
	return r;
}

static void sev_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	struct kvm_arch_memory_slot *aslot = &slot->arch;
	unsigned long i;

	if (!sev_guest(kvm))
		return;

	if (aslot->pinned_bitmap && aslot->pfns) {
		wbinvd_on_all_cpus();
		for_each_set_bit(i, aslot->pinned_bitmap, slot->npages) {
			__clear_bit(i, aslot->pinned_bitmap);
			if (WARN_ON(!aslot->pfns[i]))
				continue;
			unpin_user_page(pfn_to_page(aslot->pfns[i]));
		}
	}
	kvfree(aslot->pinned_bitmap);
	aslot->pinned_bitmap = NULL;
	kvfree(aslot->pfns);
	aslot->pfns = NULL;
}

/* How many pages a byte range touches (F.4). */
static unsigned long sev_region_npages(const struct kvm_enc_region *range)
{
	return ((range->addr + range->size - 1) >> PAGE_SHIFT) -
	       (range->addr >> PAGE_SHIFT) + 1;
}

static int sev_check_range(struct kvm *kvm, const struct kvm_enc_region *range)
{
	if (!sev_guest(kvm))
		return -ENOTTY;
	if (to_kvm_sev_info(kvm)->enc_context_owner)
		return -EINVAL;
	if (range->size == 0 || range->addr + range->size < range->addr)
		return -EINVAL;
	return 0;
}

/* The counter is called pages_to_lock there. */
static int sev_register_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	unsigned long locked, lock_limit;
	int r = sev_check_range(kvm, range);

	if (r)
		return r;
	locked = sev->pages_locked + sev_region_npages(range);
	lock_limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	if (locked > lock_limit && !capable(CAP_IPC_LOCK)) {
		pr_err("SEV: RLIMIT_MEMLOCK allows %lu pages, not %lu.\n",
		       lock_limit, locked);
		return -ENOMEM;
	}
	sev->pages_locked = locked;
	return 0;
}

static int sev_unregister_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	int r = sev_check_range(kvm, range);

	if (!r)
		to_kvm_sev_info(kvm)->pages_locked -= sev_region_npages(range);
	return r;
}

const struct kvm_x86_ops demand_double_ops = {
	.name = "demand-double",
	.kvm_pins = true,
	.vm_destroy = demand_double_vm_destroy,
	.mem_enc_register_region = sev_register_region,
	.mem_enc_unregister_region = sev_unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.alloc_memslot_metadata = sev_alloc_encrypted_memslot,
	.free_memslot = sev_free_memslot,
	.pin_pfn = sev_pin_pfn,
	.launch_update = demand_double_launch_update,
	.send_update = demand_double_send_update,
	.receive_update = demand_double_receive_update,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-ref", its commands: RFC v0's sev_launch_update_data() (6/6,
 * arch/x86/kvm/svm/sev.c there). With a vCPU, memory is mapped by way of the MMU
 * before it is encrypted, so that the hook of demand_ref.c pins it for good; without
 * one it is pinned as ever, and let go of when the command is over (H-61). Sending
 * and receiving are as they were.
 *
 * The clean half of H-23 (R-23b): whatever becomes of the command, what the MMU's
 * way took is an array without references, and only that is freed.
 *
 * Known faults, all kept, besides those of rfc_memory.c: the slot of an address is
 * looked for from the beginning, for each page; of two slots that show it the first
 * is taken. What is mapped already is not flushed: the hook that would do it is not
 * called (H-56).
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/psp-sev.h>
#include <linux/slab.h>
#include <svm/svm.h>

#include "designs.h"
#include "eager.h"
#include "rfc_memory.h"

static struct kvm_memory_slot *hva_to_memslot(struct kvm *kvm, hva_t hva)
{
	struct kvm_memslots *slots = kvm_memslots(kvm);
	struct kvm_memory_slot *slot;
	unsigned int i;

	kvm_for_each_memslot(slot, i, slots)
		if (memslot_meets_hva_range(slot, hva, hva))
			return slot;
	return NULL;
}

static int sev_map_each(struct kvm_vcpu *vcpu, hva_t first, hva_t last,
			struct page **pages, unsigned long npages)
{
	struct kvm_memory_slot *slot;
	unsigned long i = 0;
	hva_t hva;
	int ret;

	for (hva = first; hva <= last; hva += PAGE_SIZE) {
		slot = hva_to_memslot(vcpu->kvm, hva);
		if (!slot)
			return -EFAULT;
		ret = sev_rfc_map_page(vcpu, slot, hva, &pages[i++]);
		if (ret)
			return ret;
	}
	return 0;
}

int sev_rfc_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	bool mmu_usable = sev_rfc_mmu_usable(kvm);
	unsigned long npages = 0;
	struct page **pages;
	int ret;

	if (mmu_usable)
		pages = sev_rfc_pin_memory_in_mmu(kvm, uaddr, len, &npages,
						  sev_map_each);
	else
		pages = sev_rfc_pin_memory(kvm, uaddr, len, &npages, FOLL_WRITE);
	if (IS_ERR(pages))
		return PTR_ERR(pages);

	if (!mmu_usable)
		sev_clflush_pages(pages, npages);
	ret = sev_launch_update_pages(kvm, uaddr, len, pages, npages);

	if (mmu_usable)
		kvfree(pages);
	else
		sev_unpin_memory(kvm, pages, npages);
	return ret;
}

int sev_rfc_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	return sev_transport_pinned(kvm, SEV_CMD_SEND_UPDATE_DATA, uaddr, len,
				    sev_rfc_pin_memory);
}

int sev_rfc_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	return sev_transport_pinned(kvm, SEV_CMD_RECEIVE_UPDATE_DATA, uaddr, len,
				    sev_rfc_pin_memory);
}

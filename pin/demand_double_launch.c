/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-double", its commands: RFC v1's sev_launch_update_data() and
 * what sends and receives (5/9, 7/9 to 9/9, arch/x86/kvm/svm/sev.c there).
 *
 * With a vCPU, what is launched or received is mapped by way of the MMU, and pinned
 * by the hook of demand_double.c for the slot. Without one, and for what is sent, it
 * is pinned here and kept in a list until the VM goes; what is kept stays charged.
 *
 * The list is sev->regions_list, for which v1 has no other use; whether a move of
 * the guest to another VM took its pinned_regions_list along is not known (?).
 *
 * Known faults, all kept, besides those of rfc_memory.c:
 *   R-02b	the pins that are kept are no long-term ones
 *   R-23a	a command that fails unpins what the slot will unpin again, and takes
 *		off the counter what was never added
 *   R-31	what is sent stays pinned, listed and charged, once for each time
 *   H-53	a range that two slots show has more pages than the array has room
 *   H-56	what is mapped already is not flushed
 */
#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/psp-sev.h>
#include <linux/slab.h>
#include <asm/smp.h>
#include <svm/svm.h>

#include "designs.h"
#include "eager.h"
#include "rfc_memory.h"

/* Every slot that shows a part of the range, one after the other. */
static int sev_map_slots(struct kvm_vcpu *vcpu, hva_t first, hva_t last,
			 struct page **pages, unsigned long npages)
{
	struct kvm_memslots *slots = kvm_memslots(vcpu->kvm);
	struct kvm_memory_slot *slot;
	unsigned long i = 0;
	unsigned int bkt;
	int ret;

	kvm_for_each_memslot_in_hva_range(slot, bkt, slots, first, last) {
		hva_t hva = max(first, slot->userspace_addr);
		hva_t end = min(last + 1, slot->userspace_addr +
					  (slot->npages << PAGE_SHIFT));

		for (; hva < end; hva += PAGE_SIZE) {
			ret = sev_rfc_map_page(vcpu, slot, hva, &pages[i++]);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* Pinned until the VM goes. */
static int sev_keep_pins(struct kvm *kvm, struct page **pages, unsigned long npages)
{
	struct enc_region *region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);

	if (!region)
		return -ENOMEM;
	region->pages = pages;
	region->npages = npages;
	list_add_tail(&region->list, &to_kvm_sev_info(kvm)->regions_list);
	return 0;
}

static void sev_forget_pins(struct kvm *kvm, struct page **pages)
{
	struct enc_region *region;

	list_for_each_entry(region, &to_kvm_sev_info(kvm)->regions_list, list) {
		if (region->pages == pages) {
			list_del(&region->list);
			kfree(region);
			return;
		}
	}
}

/* v1's sev_unpin_memory(), for whatever pages (R-23a). */
static void sev_drop_pins(struct kvm *kvm, struct page **pages, unsigned long npages)
{
	sev_forget_pins(kvm, pages);
	sev_unpin_memory(kvm, pages, npages);
}

/* v1's sev_pin_memory(). */
static struct page **sev_get_pins(struct kvm *kvm, hva_t uaddr, unsigned long len,
				  unsigned long *npages, bool write, bool mmu_usable)
{
	struct page **pages;
	int ret;

	if (mmu_usable)
		return sev_rfc_pin_memory_in_mmu(kvm, uaddr, len, npages, sev_map_slots);
	pages = sev_rfc_pin_memory(kvm, uaddr, len, npages, write ? FOLL_WRITE : 0);
	if (IS_ERR(pages))
		return pages;
	ret = sev_keep_pins(kvm, pages, *npages);
	if (ret) {
		sev_unpin_memory(kvm, pages, *npages);
		return ERR_PTR(ret);
	}
	if (write)
		sev_clflush_pages(pages, *npages);
	return pages;
}

/* What the MMU has pinned needs no array any more. */
static int sev_put_pins(struct kvm *kvm, struct page **pages, unsigned long npages,
			bool mmu_usable, int ret)
{
	if (ret)
		sev_drop_pins(kvm, pages, npages);
	else if (mmu_usable)
		kvfree(pages);
	return ret;
}

int demand_double_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	bool mmu_usable = sev_rfc_mmu_usable(kvm);
	unsigned long npages = 0;
	struct page **pages;
	int ret;

	pages = sev_get_pins(kvm, uaddr, len, &npages, true, mmu_usable);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	ret = sev_launch_update_pages(kvm, uaddr, len, pages, npages);
	return sev_put_pins(kvm, pages, npages, mmu_usable, ret);
}

static int sev_transport(struct kvm *kvm, int cmd, hva_t uaddr, unsigned long len,
			 bool write, bool mmu_usable)
{
	unsigned long npages = 0;
	struct page **pages;
	int ret;

	if (!sev_is_one_page(uaddr, len))
		return -EINVAL;
	pages = sev_get_pins(kvm, uaddr & PAGE_MASK, PAGE_SIZE, &npages, write,
			     mmu_usable);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	ret = sev_transport_page(kvm, cmd, uaddr, len, pages[0]);
	return sev_put_pins(kvm, pages, npages, mmu_usable, ret);
}

int demand_double_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	return sev_transport(kvm, SEV_CMD_SEND_UPDATE_DATA, uaddr, len, false, false);
}

int demand_double_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	return sev_transport(kvm, SEV_CMD_RECEIVE_UPDATE_DATA, uaddr, len, true,
			     sev_rfc_mmu_usable(kvm));
}

void demand_double_vm_destroy(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct enc_region *region, *next;

	if (!sev_guest(kvm) || sev_release_mirror(kvm))
		return;
	wbinvd_on_all_cpus();
	list_for_each_entry_safe(region, next, &sev->regions_list, list) {
		sev_unpin_memory(kvm, region->pages, region->npages);
		list_del(&region->list);
		kfree(region);
	}
}

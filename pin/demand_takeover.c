/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-takeover": the answer sketched in the thread about RFC v0 (28
 * January 2022, hazards 1.4, contract K.9). For encrypted memory the long-term
 * pin comes first, in the place of KVM's get_user_pages() and with no reference
 * of the fault's own in its way. get_page() then gives KVM the plain reference
 * that its ordinary flow puts when the fault is done, whatever became of it;
 * the pin stays, recorded with the slot, until the slot goes.
 *
 * A fault that starts over pins again. The record is one word for each page of
 * the slot, and an exchange of it says which pin is now one too many: an older
 * one of the same page (two vCPUs, or the same one again) or of the page that
 * was there before.
 *
 * Known faults:
 *   H-27	nothing is charged; the sketch leaves that to registering
 *   H-04	another's short reference makes the pin fail, and KVM_RUN with
 *		it: nobody tries again
 *   H-35	of two vCPUs that find different pages, the one that must start
 *		over may be the last to have written the record
 *   H-38, H-57	the page that was there before is not flushed
 *   R-49, R-50	as in demand-ref
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <svm/svm.h>

#include "designs.h"
#include "slot_pins.h"

/* Not encrypted memory, or no record to keep a pin in: as KVM does it. */
static int sev_faultin_plain(struct kvm_memory_slot *slot, gfn_t gfn,
			     bool write, kvm_pfn_t *pfn, bool *map_writable)
{
	*pfn = __gfn_to_pfn_memslot(slot, gfn, false, false, NULL, write,
				    map_writable, NULL);
	return 0;
}

static int sev_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
			   gfn_t gfn, hva_t hva, bool write, kvm_pfn_t *pfn,
			   bool *map_writable)
{
	unsigned int flags = FOLL_LONGTERM | (write ? FOLL_WRITE : 0);
	struct page *page;
	int npinned;

	if (!sev_guest(vcpu->kvm) || !slot->arch.pfns)
		return sev_faultin_plain(slot, gfn, write, pfn, map_writable);

	npinned = pin_user_pages_fast(hva, 1, flags, &page);
	if (npinned != 1)
		return npinned < 0 ? npinned : -EFAULT;

	clflush_cache_range(page_address(page), PAGE_SIZE);

	/*
	 * KVM's reference before the record: once it is written, another vCPU
	 * may find the pin one too many and drop it.
	 */
	get_page(page);
	sev_record_pin(slot, gfn, page);

	*pfn = page_to_pfn(page);
	*map_writable = write;
	return 0;
}

const struct kvm_x86_ops demand_takeover_ops = {
	.name = "demand-takeover",
	.vm_destroy = sev_vm_destroy_caches,
	.mem_enc_register_region = sev_ignore_region,
	.mem_enc_unregister_region = sev_ignore_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.alloc_memslot_metadata = sev_alloc_memslot_pins,
	.free_memslot = sev_free_memslot_pins,
	.faultin_pfn = sev_faultin_pfn,
};

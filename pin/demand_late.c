/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-late": the question asked in the thread about RFC v0 (28
 * January 2022, hazards 1.4): may pin_user_pages(FOLL_LONGTERM) be called where
 * the page is mapped, after KVM has found it with get_user_pages()?
 *
 * By default the pin is taken as late as sleeping allows, just before mmu_lock;
 * with the option "in-map" it is taken inside the map step, as the question has
 * it. KVM's own reference is held in both.
 *
 * The record is one word for each page of the slot; putting a pin into it and
 * finding out what it held is one exchange, so that of two vCPUs that pin the
 * same page one gives its pin back.
 *
 * Known faults:
 *   H-03	on a page that may not be pinned for long where it is, the pin
 *		must migrate it, which KVM's own reference forbids: -ENOMEM
 *   H-36	and every attempt zaps what is mapped, the fault's own included
 *   H-37	in-map: the pin sleeps under a spinning lock, and its migration
 *		waits for that same lock to be released
 *   1.3	in-map: the hook cannot fail, so a page whose pin failed stays
 *		mapped without one
 *   H-27	nothing is charged
 *   R-49, R-50	as in demand-ref
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <svm/svm.h>

#include "designs.h"
#include "slot_pins.h"

static int sev_pin_late(struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
			bool write)
{
	unsigned int flags = FOLL_LONGTERM | (write ? FOLL_WRITE : 0);
	struct page *page;
	int npinned;

	npinned = pin_user_pages_fast(hva, 1, flags, &page);
	if (npinned != 1)
		return npinned < 0 ? npinned : -EFAULT;

	clflush_cache_range(page_address(page), PAGE_SIZE);
	sev_record_pin(slot, gfn, page);
	return 0;
}

static int sev_pin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
		       gfn_t gfn, hva_t hva, kvm_pfn_t pfn, bool write,
		       enum pg_level level)
{
	if (!sev_guest(vcpu->kvm) || !slot->arch.pfns)
		return 0;
	return sev_pin_late(slot, gfn, hva, write);
}

/* in-map: mmu_lock is held, and nobody listens to what became of the pin. */
static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
			 kvm_pfn_t pfn)
{
	struct kvm_memory_slot *slot;
	hva_t hva;

	if (!sev_guest(kvm))
		return;
	slot = gfn_to_memslot(kvm, gfn);
	if (!slot || !slot->arch.pfns)
		return;

	hva = gfn_to_hva_memslot(slot, gfn);
	if (sev_pin_late(slot, gfn, hva, true))
		pr_warn_ratelimited("SEV: gfn %#llx is mapped unpinned.\n", gfn);
}

const struct kvm_x86_ops demand_late_ops = {
	.name = "demand-late",
	.vm_destroy = sev_vm_destroy_caches,
	.mem_enc_register_region = sev_ignore_region,
	.mem_enc_unregister_region = sev_ignore_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.alloc_memslot_metadata = sev_alloc_memslot_pins,
	.free_memslot = sev_free_memslot_pins,
	.pin_pfn = sev_pin_pfn,
};

const struct kvm_x86_ops demand_late_in_map_ops = {
	.name = "demand-late:in-map",
	.vm_destroy = sev_vm_destroy_caches,
	.mem_enc_register_region = sev_ignore_region,
	.mem_enc_unregister_region = sev_ignore_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.alloc_memslot_metadata = sev_alloc_memslot_pins,
	.free_memslot = sev_free_memslot_pins,
	.pin_spte = sev_pin_spte,
};

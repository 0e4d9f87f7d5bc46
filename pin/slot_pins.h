/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of pins that hang on memslots: a page frame for each page of a slot,
 * 0 where nothing is pinned.  Shared by the designs that take a long-term pin
 * at fault time and differ only in when.
 */
#ifndef PIN_SLOT_PINS_H
#define PIN_SLOT_PINS_H

#include <linux/kvm_host.h>

/**
 * sev_record_pin() - make the record of @gfn hold @page's pin.
 * @slot: has records
 * @gfn: lies in @slot
 * @page: pinned by the caller; the record takes the pin over
 *
 * Whatever pin the record held before is dropped, also if it was the same
 * page's: two vCPUs that both pin a page keep one pin of it.
 *
 * Context: kvm->srcu or slots_lock held; any number of vCPUs at once.
 */
void sev_record_pin(struct kvm_memory_slot *slot, gfn_t gfn, struct page *page);

/* The hooks around it, for struct kvm_x86_ops. */
int sev_alloc_memslot_pins(struct kvm *kvm, const struct kvm_memory_slot *old,
			   struct kvm_memory_slot *new);
void sev_free_memslot_pins(struct kvm *kvm, struct kvm_memory_slot *slot);

/* Registering says nothing to a design that pins on demand (RFC v0: stubs). */
int sev_ignore_region(struct kvm *kvm, struct kvm_enc_region *range);

/* No region to unpin: the caches are written back (I.4), but for a mirror. */
void sev_vm_destroy_caches(struct kvm *kvm);

#endif

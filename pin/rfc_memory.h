/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How RFC v0 and v1 pin the memory of a command: see rfc_memory.c. */
#ifndef PIN_RFC_MEMORY_H
#define PIN_RFC_MEMORY_H

#include <linux/kvm_host.h>

/* Pin and charge a range as sev_pin_memory() (eager.h) does; kvm->lock. */
struct page **sev_rfc_pin_memory(struct kvm *kvm, hva_t uaddr,
				 unsigned long ulen, unsigned long *n,
				 unsigned int flags);

/* Is there a vCPU by whose root memory can be mapped? kvm->lock. */
bool sev_rfc_mmu_usable(struct kvm *kvm);

/**
 * typedef sev_rfc_walk_fn - map [@first, @last] and write down the pages
 *
 * Context: @vcpu's mutex, kvm->srcu read side, a root is loaded.
 * Return: 0 or -errno.
 */
typedef int (*sev_rfc_walk_fn)(struct kvm_vcpu *vcpu, hva_t first, hva_t last,
			       struct page **pages, unsigned long npages);

/* One page of @slot: mapped, so that the design's hook pins it. Context: a walk's. */
int sev_rfc_map_page(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,
		     hva_t hva, struct page **page);

/*
 * Instead of sev_rfc_pin_memory(): neither a charge nor a reference of its own.
 * Return: the array, NULL if there is no page to it, or ERR_PTR.
 */
struct page **sev_rfc_pin_memory_in_mmu(struct kvm *kvm, hva_t uaddr,
					unsigned long ulen, unsigned long *n,
					sev_rfc_walk_fn walk);

#endif

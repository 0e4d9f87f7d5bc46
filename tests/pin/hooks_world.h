/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VM and slots that are nothing but themselves, and a way to call a design's
 * hooks on them from the host side: for the tests that mock all that lies below
 * the design.
 */
#ifndef TESTS_PIN_HOOKS_WORLD_H
#define TESTS_PIN_HOOKS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

struct kvm;
struct kvm_memory_slot;

/* An empty machine with no kernel in it, and on it a VM. */
struct kvm *hw_vm(void);
struct kvm_memory_slot *hw_slot(uint64_t base_gfn, unsigned long npages, unsigned long hva);
uint64_t hw_live_bytes(void);

int hw_alloc(const char *design, struct kvm *kvm, struct kvm_memory_slot *old,
	     struct kvm_memory_slot *slot);
void hw_free(const char *design, struct kvm *kvm, struct kvm_memory_slot *slot);
void hw_pin_spte(const char *design, struct kvm *kvm, uint64_t gfn, int level, uint64_t pfn);
int hw_pin_pfn(const char *design, struct kvm *kvm, struct kvm_memory_slot *slot, uint64_t gfn,
	       unsigned long hva, uint64_t pfn, bool write);
int hw_faultin(const char *design, struct kvm *kvm, struct kvm_memory_slot *slot, uint64_t gfn,
	       unsigned long hva, bool write, uint64_t *ret_pfn, bool *ret_writable);
int hw_register(const char *design, struct kvm *kvm, uint64_t addr, uint64_t size);
int hw_unregister(const char *design, struct kvm *kvm, uint64_t addr, uint64_t size);
void hw_vm_destroy(const char *design, struct kvm *kvm);

bool hw_has_arrays(struct kvm_memory_slot *slot);
bool hw_same_arrays(struct kvm_memory_slot *a, struct kvm_memory_slot *b);
/* The recorded page frame of page @i, or 0; with a bitmap the bit must be set. */
uint64_t hw_record(struct kvm_memory_slot *slot, unsigned long i);
unsigned long hw_bitmap_bytes(struct kvm_memory_slot *slot);
unsigned long hw_pages_locked(struct kvm *kvm);
void hw_set_pages_locked(struct kvm *kvm, unsigned long npages);
unsigned int hw_nr_regions(struct kvm *kvm);

#endif

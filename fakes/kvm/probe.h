/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What checks, reports and tests may see of KVM's slots and windows. */
#ifndef FAKES_KVM_PROBE_H
#define FAKES_KVM_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct probe_vm {
	unsigned int owner;		/* process */
	bool sev, dead, destroyed, bugged;
	const char *design;
	unsigned int nr_slots, nr_vcpus;
	uint64_t invalidate_seq;
	int64_t invalidate_in_progress;
	int64_t active_invalidates;	/* mn_active_invalidate_count */
};
unsigned int probe_nr_vms(void);
bool probe_vm(unsigned int vm, struct probe_vm *ret_vm);

struct probe_slot {
	unsigned int id;
	uint64_t base_gfn, npages, userspace_addr;
	bool invalid, readonly;
};
/* @i counts the slots of the active set in order of their gfn. */
bool probe_slot(unsigned int vm, unsigned int i, struct probe_slot *ret_slot);

/* Is the gfn private memory of its guest? And does its guest_memfd have @pfn there? */
bool probe_private(unsigned int vm, uint64_t gfn);
bool probe_private_has(unsigned int vm, uint64_t gfn, uint64_t pfn);

/* Has user space registered the page of @hva as encrypted memory of the VM? */
bool probe_registered(unsigned int vm, uint64_t hva);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VM on the whole simulated kernel, for the tests of mmu/ and pin/: one
 * process, 16 pages of its memory, and a VM that has them as slot 0. The verbs
 * are those of a race's statements, called on the host's own stack.
 */
#ifndef TESTS_MMU_VM_TESTS_H
#define TESTS_MMU_VM_TESTS_H

#include "fakes/build.h"
#include "fakes/kvm/probe.h"
#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"
#include "mmu/probe.h"
#include "pin/build.h"
#include "pin/probe.h"
#include "sim/race/actor.h"
#include "tests/rolled.h"

#define VM_ADDR		0x7f0000000000ULL
#define VM_PAGES	16
#define VM_AT(i)	(VM_ADDR + (uint64_t)(i) * 4096)
#define VM_GFN		0x100ULL
#define NO_PFN		UINT64_MAX

struct vm_setup {
	const char *kernel;		/* NULL: 6.12 */
	const char *design;		/* NULL: plain KVM, and no SEV guest */
	enum build_zone place;
	uint64_t memlock;		/* bytes; 0: unlimited */
	unsigned int roles[3];		/* of the vCPUs */
	unsigned int nr_vcpus;		/* 0: one */
	bool no_vcpu;			/* but who needs one makes it */
	bool no_slot;
	uint64_t swap;			/* bytes */
};

void vm_build(const struct vm_setup *setup);

long vm_touch(unsigned int page);
long vm_read(unsigned int page);
long vm_fault_as(unsigned int vcpu, uint64_t gfn, bool write);
static inline long vm_fault(uint64_t gfn, bool write)
{
	return vm_fault_as(0, gfn, write);
}
long vm_fault_in(int vm, uint64_t gfn, bool write);
long vm_dontneed(unsigned int page);
long vm_hold(unsigned int page);
long vm_release(unsigned int page);
long vm_register_in(int vm, unsigned int page, unsigned int npages);
static inline long vm_register(unsigned int page, unsigned int npages)
{
	return vm_register_in(0, page, npages);
}
long vm_unregister(unsigned int page, unsigned int npages);
/* A command of SEV's: ACTOR_LAUNCH_UPDATE, ACTOR_SEND_UPDATE or ACTOR_RECEIVE_UPDATE. */
long vm_update(enum actor_op_kind kind, unsigned int page, unsigned int npages);
static inline long vm_launch_update(unsigned int page, unsigned int npages)
{
	return vm_update(ACTOR_LAUNCH_UPDATE, page, npages);
}
long vm_prefault(uint64_t gfn);
/* The VM ends; nothing else may be asked of it. */
long vm_close(void);
long vm_munmap_page(unsigned int page);
long vm_migrate(unsigned int page);
long vm_slot_delete(unsigned int slot);
/* Made, or changed to be so. */
long vm_slot_set(unsigned int slot, uint64_t gfn, unsigned int page, unsigned int npages,
		 bool readonly, bool log);
long vm_slot_create(unsigned int slot, uint64_t gfn, unsigned int page, unsigned int npages);
long vm_slot_create_in(int vm, unsigned int slot, uint64_t gfn, unsigned int page,
		       unsigned int npages);
void vm_drain(void);

/* What the PTE of a page, or the SPTE of a gfn in a role's root, maps. */
uint64_t pte_pfn(unsigned int page);
uint64_t spte_pfn(unsigned int role, uint64_t gfn);
unsigned int nr_sptes(void);
void assert_page_counts(uint64_t pfn, int refcount, unsigned int pins, unsigned int held);
unsigned int nr_records(uint64_t *ret_pfn);
/* Every reference that the ledger knows, of any page but the zero page's own. */
unsigned int nr_refs_left(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests that mock all that lies below a design. */
#include <linux/kvm_host.h>
#include <linux/slab.h>
#include <svm/svm.h>

#include "pin/designs.h"
#include "sim/core/alloc.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "tests/pin/hooks_world.h"

static const struct kvm_x86_ops *ops_of(const char *design)
{
	const struct kvm_x86_ops *ops = pin_design_ops(design);

	BUG_ON(!ops);
	return ops;
}

struct kvm *hw_vm(void)
{
	static const struct sim_params params = { .nr_cpus = 1, .check_addresses = true };
	struct kvm_svm *svm;

	sim_world_init(&params);
	sim_host_set_private(sim_alloc(sizeof(struct task_struct)));
	svm = kzalloc(sizeof(*svm), GFP_KERNEL);
	INIT_LIST_HEAD(&svm->sev_info.regions_list);
	INIT_LIST_HEAD(&svm->sev_info.mirror_vms);
	mutex_init_class(&svm->kvm.lock, "kvm_lock", 0);
	return &svm->kvm;
}

struct kvm_memory_slot *hw_slot(uint64_t base_gfn, unsigned long npages, unsigned long hva)
{
	struct kvm_memory_slot *slot = kzalloc(sizeof(*slot), GFP_KERNEL);

	slot->base_gfn = base_gfn;
	slot->npages = npages;
	slot->userspace_addr = hva;
	return slot;
}

uint64_t hw_live_bytes(void)
{
	uint64_t bytes;

	sim_alloc_live(&bytes);
	return bytes;
}

int hw_alloc(const char *design, struct kvm *kvm, struct kvm_memory_slot *old,
	     struct kvm_memory_slot *slot)
{
	return ops_of(design)->alloc_memslot_metadata(kvm, old, slot);
}

void hw_free(const char *design, struct kvm *kvm, struct kvm_memory_slot *slot)
{
	ops_of(design)->free_memslot(kvm, slot);
}

void hw_pin_spte(const char *design, struct kvm *kvm, uint64_t gfn, int level, uint64_t pfn)
{
	ops_of(design)->pin_spte(kvm, gfn, level, pfn);
}

int hw_pin_pfn(const char *design, struct kvm *kvm, struct kvm_memory_slot *slot, uint64_t gfn,
	       unsigned long hva, uint64_t pfn, bool write)
{
	struct kvm_vcpu vcpu = { .kvm = kvm };

	return ops_of(design)->pin_pfn(&vcpu, slot, gfn, hva, pfn, write, PG_LEVEL_4K);
}

int hw_faultin(const char *design, struct kvm *kvm, struct kvm_memory_slot *slot, uint64_t gfn,
	       unsigned long hva, bool write, uint64_t *ret_pfn, bool *ret_writable)
{
	struct kvm_vcpu vcpu = { .kvm = kvm };
	kvm_pfn_t pfn = 0;
	int r = ops_of(design)->faultin_pfn(&vcpu, slot, gfn, hva, write, &pfn, ret_writable);

	*ret_pfn = pfn;
	return r;
}

int hw_register(const char *design, struct kvm *kvm, uint64_t addr, uint64_t size)
{
	struct kvm_enc_region range = { .addr = addr, .size = size };

	return ops_of(design)->mem_enc_register_region(kvm, &range);
}

int hw_unregister(const char *design, struct kvm *kvm, uint64_t addr, uint64_t size)
{
	struct kvm_enc_region range = { .addr = addr, .size = size };

	return ops_of(design)->mem_enc_unregister_region(kvm, &range);
}

void hw_vm_destroy(const char *design, struct kvm *kvm)
{
	ops_of(design)->vm_destroy(kvm);
}

bool hw_has_arrays(struct kvm_memory_slot *slot)
{
	return slot->arch.pfns || slot->arch.pinned_bitmap;
}

bool hw_same_arrays(struct kvm_memory_slot *a, struct kvm_memory_slot *b)
{
	return a->arch.pfns == b->arch.pfns && a->arch.pinned_bitmap == b->arch.pinned_bitmap;
}

uint64_t hw_record(struct kvm_memory_slot *slot, unsigned long i)
{
	if (slot->arch.pinned_bitmap && !arch_test_bit(i, slot->arch.pinned_bitmap))
		return 0;
	return slot->arch.pfns[i];
}

unsigned long hw_bitmap_bytes(struct kvm_memory_slot *slot)
{
	return ksize(slot->arch.pinned_bitmap);
}

unsigned long hw_pages_locked(struct kvm *kvm)
{
	return to_kvm_sev_info(kvm)->pages_locked;
}

void hw_set_pages_locked(struct kvm *kvm, unsigned long npages)
{
	to_kvm_sev_info(kvm)->pages_locked = npages;
}

unsigned int hw_nr_regions(struct kvm *kvm)
{
	struct list_head *pos;
	unsigned int n = 0;

	for (pos = to_kvm_sev_info(kvm)->regions_list.next;
	     pos != &to_kvm_sev_info(kvm)->regions_list; pos = pos->next)
		n++;
	return n;
}

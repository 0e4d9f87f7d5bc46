/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the MMU's scripted tests. */
#include <linux/kvm_host.h>
#include <linux/sched.h>
#include <svm/svm.h>

#include "mmu/mmu_internal.h"
#include "mmu/spte.h"
#include "mmu/tdp_iter.h"
#include "mmu/tdp_mmu.h"
#include "sim/core/alloc.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "tests/mmu/page_fault_world.h"

struct pf_world {
	struct kvm_svm svm;
	struct kvm_vcpu vcpu;
	struct kvm_memory_slot slot;
	bool ages_by_change;
};

static struct pf_world *pf(void)
{
	return sim_room(SIM_ROOM_TEST);
}

/* No machine here says which kernel it is. */
void __wrap_kvm_mmu_lock_roots(struct kvm *kvm);
void __wrap_kvm_mmu_unlock_roots(struct kvm *kvm);

void __wrap_kvm_mmu_lock_roots(struct kvm *kvm)
{
	write_lock(&kvm->mmu_lock);
}

void __wrap_kvm_mmu_unlock_roots(struct kvm *kvm)
{
	write_unlock(&kvm->mmu_lock);
}

bool __wrap_kvm_tdp_mmu_ages_by_change(void);
bool __wrap_kvm_tdp_mmu_lists_tables(void);
unsigned int __wrap_kvm_tdp_mmu_zap_passes(void);

bool __wrap_kvm_tdp_mmu_ages_by_change(void)
{
	return pf()->ages_by_change;
}

bool __wrap_kvm_tdp_mmu_lists_tables(void)
{
	return false;
}

unsigned int __wrap_kvm_tdp_mmu_zap_passes(void)
{
	return 4;
}

void pf_build(void)
{
	static const struct sim_params params = { .nr_cpus = 1, .check_addresses = true };
	struct kvm *kvm;

	sim_world_init(&params);
	sim_host_set_private(sim_alloc(sizeof(struct task_struct)));
	sim_room_create(SIM_ROOM_TEST, sizeof(struct pf_world));

	kvm = &pf()->svm.kvm;
	rwlock_init_class(&kvm->mmu_lock, "mmu_lock", 0);
	mutex_init_class(&kvm->slots_lock, "slots_lock", 0);
	spin_lock_init(&kvm->arch.tdp_mmu_pages_lock);
	kvm->memslots[0] = &kvm->__memslots[0][0];
	kvm_mmu_init_vm(kvm);
	pf()->vcpu.kvm = kvm;
	BUG_ON(kvm_mmu_create(&pf()->vcpu));
	BUG_ON(kvm_mmu_load(&pf()->vcpu));
	pf()->slot.base_gfn = PF_GFN;
	pf()->slot.npages = 1;
	pf()->slot.userspace_addr = PF_HVA;
}

void pf_invalidate_root(void)
{
	kvm_tdp_mmu_invalidate_all_roots(&pf()->svm.kvm);
}

static int fault_in(enum pf_slot slot, bool prefetch)
{
	struct kvm_page_fault fault = {
		.addr = PF_GFN << PAGE_SHIFT,
		.error_code = PFERR_WRITE_MASK,
		.write = true,
		.prefetch = prefetch,
		.gfn = PF_GFN,
		.slot = slot == PF_NO_SLOT ? NULL : &pf()->slot,
	};

	pf()->slot.flags = slot == PF_INVALID_SLOT ? KVM_MEMSLOT_INVALID : 0;
	return kvm_tdp_mmu_page_fault(&pf()->vcpu, &fault);
}

int pf_fault(enum pf_slot slot)
{
	return fault_in(slot, false);
}

int pf_prefetch(void)
{
	return fault_in(PF_SLOT, true);
}

bool pf_halted(void)
{
	return pf()->vcpu.arch.apf_halted;
}

int pf_exit(void)
{
	return kvm_mmu_page_fault(&pf()->vcpu, PF_GFN << PAGE_SHIFT, PFERR_WRITE_MASK);
}

void pf_align_pfn(void *fault)
{
	((struct kvm_page_fault *)fault)->pfn &= ~511ULL;
}

int pf_map_nothing(uint64_t generation)
{
	struct kvm_page_fault fault = { .gfn = PF_GFN, .pfn = KVM_PFN_NOSLOT };
	struct kvm *kvm = &pf()->svm.kvm;
	int r;

	kvm->__memslots[0][0].generation = generation;
	BUG_ON(mmu_topup_memory_caches(&pf()->vcpu));
	read_lock(&kvm->mmu_lock);
	r = kvm_tdp_mmu_map(&pf()->vcpu, &fault);
	read_unlock(&kvm->mmu_lock);
	return r;
}

bool pf_new_generation(uint64_t generation)
{
	struct kvm_mmu_page *root = kvm_mmu_root(&pf()->vcpu);
	struct kvm *kvm = &pf()->svm.kvm;

	mutex_lock(&kvm->slots_lock);
	kvm_mmu_invalidate_mmio_sptes(kvm, generation);
	mutex_unlock(&kvm->slots_lock);
	return root->role.invalid;
}

int pf_map(uint64_t pfn, bool writable)
{
	struct kvm_page_fault fault = {
		.gfn = PF_GFN,
		.write = writable,
		.slot = &pf()->slot,
		.pfn = pfn,
		.map_writable = writable,
	};
	struct kvm *kvm = &pf()->svm.kvm;
	int r;

	BUG_ON(mmu_topup_memory_caches(&pf()->vcpu));
	read_lock(&kvm->mmu_lock);
	r = kvm_tdp_mmu_map(&pf()->vcpu, &fault);
	read_unlock(&kvm->mmu_lock);
	return r;
}

bool pf_age(bool by_change)
{
	struct kvm_gfn_range range = {
		.slot = &pf()->slot, .start = PF_GFN, .end = PF_GFN + 1,
	};
	struct kvm *kvm = &pf()->svm.kvm;
	bool young;

	pf()->ages_by_change = by_change;
	write_lock(&kvm->mmu_lock);
	young = kvm_age_gfn(kvm, &range);
	write_unlock(&kvm->mmu_lock);
	return young;
}

bool pf_change(uint64_t pfn, bool writable)
{
	struct kvm_gfn_range range = {
		.slot = &pf()->slot, .start = PF_GFN, .end = PF_GFN + 1,
		.pte = pfn_pte(pfn, PAGE_READONLY),
	};
	struct kvm *kvm = &pf()->svm.kvm;
	bool flush;

	if (writable)
		range.pte = pte_mkwrite(range.pte, NULL);
	write_lock(&kvm->mmu_lock);
	flush = kvm_set_spte_gfn(kvm, &range);
	write_unlock(&kvm->mmu_lock);
	return flush;
}

bool pf_zap(void)
{
	struct kvm_gfn_range range = {
		.slot = &pf()->slot, .start = PF_GFN, .end = PF_GFN + 1,
	};
	struct kvm *kvm = &pf()->svm.kvm;
	bool flush;

	write_lock(&kvm->mmu_lock);
	flush = kvm_unmap_gfn_range(kvm, &range);
	write_unlock(&kvm->mmu_lock);
	return flush;
}

uint64_t pf_spte(void)
{
	struct kvm_mmu_page *root = kvm_mmu_root(&pf()->vcpu);
	struct tdp_iter iter;

	for_each_tdp_pte(iter, root, PF_GFN, PF_GFN + 1)
		if (iter.level == PG_LEVEL_4K)
			return iter.old_spte;
	return 0;
}

unsigned int pf_tables(void)
{
	return atomic64_read(&pf()->svm.kvm.arch.tdp_mmu_pages);
}

void pf_zap_roots(void)
{
	struct kvm *kvm = &pf()->svm.kvm;

	kvm_tdp_mmu_invalidate_all_roots(kvm);
	kvm_tdp_mmu_zap_invalidated_roots(kvm);
	kvm_mmu_unload(&pf()->vcpu);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the kernel's own tdp_mmu.c, tdp_iter.c and spte.c (6.1 and 6.12) and
 * the rest of mmu/, which stays: what mmu/tdp_*.c and mmu/spte.c do beside
 * changing tables, namely take a step before an entry changes and tell the
 * checks, is done here in the same words.
 *
 * A write of an entry is a step exactly where it is one in mmu/: if the task
 * shares mmu_lock. handle_removed_pt() also freezes the entries that say
 * nothing, one exchange each; that is no step: to fill one, a fault would have
 * to share mmu_lock in a root that is invalid, and such a fault is stale.
 */
#include <linux/gfp.h>
#include <linux/kvm_host.h>
#include <linux/slab.h>

#include "mmu_internal.h"
#include "mmu/mmutrace.h"
#include "mmu/spte.h"
#include "mmu/tdp_mmu.h"
#include "x86.h"

#include "fakes/objects.h"
#include "sim/core/alloc.h"
#include "sim/core/lock.h"
#include "sim/core/task.h"
#include "tests/real/real_world.h"
#include "tests/real/tdp/real_spte.h"

/* The kernel's, under the names that sections.py gives them. */
void real_kvm_mmu_init_tdp_mmu(struct kvm *kvm);
int real_kvm_tdp_mmu_map(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
bool real_kvm_tdp_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range, bool flush);
void kvm_mmu_reset_all_pte_masks(void);
void kvm_mmu_spte_module_init(void);

/* For them. */
unsigned long real_table_alloc(gfp_t gfp);

/* --- tables and their descriptors --- */

static struct kmem_cache header_cache = {
	.name = "kvm_mmu_page_header",
	.object_size = sizeof(struct kvm_mmu_page),
};

struct kmem_cache *mmu_page_header_cache = &header_cache;
struct kvm_host_values kvm_host;

/*
 * A table and, behind it, its struct page. free_page() frees both. That it is a page
 * of the kernel's shows where allocations of pages fail.
 */
unsigned long real_table_alloc(gfp_t gfp)
{
	const char *site = sim_site();

	if (should_fail_alloc_page(gfp, 0, site))
		return 0;
	return (unsigned long)sim_alloc_tracked(2 * PAGE_SIZE, site);
}

int kvm_mmu_topup_memory_cache(struct kvm_mmu_memory_cache *mc, int min)
{
	while (mc->nobjs < min) {
		unsigned long table = real_table_alloc(GFP_KERNEL_ACCOUNT);

		if (!table)
			return -ENOMEM;
		mc->objects[mc->nobjs++] = (void *)table;
	}
	return 0;
}

void *kvm_mmu_memory_cache_alloc(struct kvm_mmu_memory_cache *mc)
{
	void *table;

	BUG_ON(!mc->nobjs);
	table = mc->objects[--mc->nobjs];
	mc->objects[mc->nobjs] = NULL;
	return table;
}

void kvm_mmu_free_memory_cache(struct kvm_mmu_memory_cache *mc)
{
	while (mc->nobjs)
		sim_free_zero(kvm_mmu_memory_cache_alloc(mc));
}

/*
 * Descriptors are not taken from stock: whether one can be had is asked of
 * the tables, and a fault takes as many of one as of the other.
 */
void *real_cache_alloc(struct kvm_vcpu *vcpu, struct kvm_mmu_memory_cache *mc)
{
	struct kvm_mmu_page *sp;

	if (mc != &vcpu->arch.mmu_page_header_cache)
		return kvm_mmu_memory_cache_alloc(mc);
	sp = kmem_cache_zalloc(mmu_page_header_cache, GFP_ATOMIC);
	BUG_ON(!sp);
	sp->kvm = vcpu->kvm;
	return sp;
}

/* --- entries --- */

/*
 * Table of the entry that was written last. It is told of a moment later, with
 * no step in between, by a function that does not know the table any more.
 */
static struct kvm_mmu_page *written;

static gfn_t gfn_of(const struct kvm_mmu_page *sp, const u64 *sptep)
{
	return sp->gfn + (sptep - sp->spt) * KVM_PAGES_PER_HPAGE(sp->role.level);
}

u64 real_xchg_spte(u64 *sptep, u64 new_spte)
{
	struct kvm_mmu_page *sp = sptep_to_sp(sptep);
	u64 old_spte = READ_ONCE(*sptep);

	if (!is_shadow_present_pte(old_spte) || sim_lock_held(&sp->kvm->mmu_lock.lock))
		WRITE_ONCE(*sptep, new_spte);
	else
		old_spte = kvm_tdp_mmu_xchg_spte(sp->kvm, sp, sptep,
						 gfn_of(sp, sptep),
						 sp->role.level, new_spte);
	written = sp;
	return old_spte;
}

bool real_cmpxchg_spte(u64 *sptep, u64 *old_spte, u64 new_spte)
{
	struct kvm_mmu_page *sp = sptep_to_sp(sptep);

	if (!kvm_tdp_mmu_cmpxchg_spte(sp->kvm, sp, sptep, gfn_of(sp, sptep),
				      sp->role.level, old_spte, new_spte))
		return false;
	written = sp;
	return true;
}

void real_write_spte(u64 *sptep, u64 new_spte)
{
	WRITE_ONCE(*sptep, new_spte);
	written = sptep_to_sp(sptep);
}

/* How many leaves each task's kvm_tdp_mmu_unmap_gfn_range() took; the last is the host's. */
static unsigned int nr_zapped[SIM_MAX_TASKS + 1];

static unsigned int *zapped(void)
{
	int task = sim_task_id();

	return &nr_zapped[task < 0 ? SIM_MAX_TASKS : task];
}

/* A hook that is called as soon as the old leaf's page was told that it is dirty. */
static struct {
	struct kvm *kvm;
	gfn_t gfn;
	int level;
} waiting;

void real_spte_changed(struct kvm *kvm, gfn_t gfn, int level, u64 old_spte, u64 new_spte)
{
	struct kvm_mmu_page *sp = written;
	bool was_leaf = is_shadow_present_pte(old_spte) && is_last_spte(old_spte, level);
	bool is_leaf = is_shadow_present_pte(new_spte) && is_last_spte(new_spte, level);
	bool dirtied = was_leaf && is_dirty_spte(old_spte) && !is_dirty_spte(new_spte);
	/* v6.1 goes this way too to forget that a page was used (H.33): no mapping. */
	bool aged = was_leaf && is_accessed_spte(old_spte) &&
		    new_spte == (old_spte & ~PT_ACCESSED_MASK);

	BUG_ON(!sp);
	written = NULL;
	*zapped() += was_leaf && !is_leaf;
	if (!aged)
		trace_kvm_tdp_mmu_spte_changed(kvm, sp, gfn, level, old_spte, new_spte);
	if (!is_leaf)
		return;
	if (!dirtied) {
		kvm_x86_pin_spte(kvm, gfn, level, spte_to_pfn(new_spte));
		return;
	}
	waiting.kvm = kvm;
	waiting.gfn = gfn;
	waiting.level = level;
}

void real_set_pfn_dirty(kvm_pfn_t pfn)
{
	struct kvm *kvm = waiting.kvm;
	gfn_t gfn = waiting.gfn;
	int level = waiting.level;

	kvm_set_pfn_dirty(pfn);
	if (!kvm)
		return;
	waiting.kvm = NULL;
	waiting.gfn = 0;
	waiting.level = 0;
	/* A leaf never goes from one page to another. */
	kvm_x86_pin_spte(kvm, gfn, level, pfn);
}

/* --- functions that mmu/ calls --- */

void kvm_mmu_init_tdp_mmu(struct kvm *kvm)
{
	/* Bits of NPT entries, and of those that say that no slot is there. */
	kvm_mmu_spte_module_init();
	kvm_host.maxphyaddr = KVM_MAX_GPA_BITS;
	kvm_mmu_reset_all_pte_masks();
	kvm->arch.shadow_mmio_value = SHADOW_MMIO_VALUE;
	real_kvm_mmu_init_tdp_mmu(kvm);
	/* It made the lock anew, without the name that the VM had given it. */
	spin_lock_init_class(&kvm->arch.tdp_mmu_pages_lock, "tdp_mmu_pages_lock",
			     OBJ_LOCK_OF(sim_lock_class("tdp_mmu_pages_lock"), kvm->number));
}

int kvm_tdp_mmu_map(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	int ret;

	real_called();
	ret = real_kvm_tdp_mmu_map(vcpu, fault);
	trace_kvm_tdp_mmu_map_done(vcpu, fault, ret);
	return ret;
}

bool kvm_tdp_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range, bool flush)
{
	real_called();
	*zapped() = 0;
	flush = real_kvm_tdp_mmu_unmap_gfn_range(kvm, range, flush);
	trace_kvm_tdp_mmu_zap(kvm, *zapped());
	*zapped() = 0;
	return flush;
}

#if PINSIM_KVER < 612

void real_kvm_tdp_mmu_put_root(struct kvm *kvm, struct kvm_mmu_page *root, bool shared);
u64 *real_kvm_tdp_mmu_fast_pf_get_last_sptep(struct kvm_vcpu *vcpu, u64 addr, u64 *spte);
hpa_t kvm_tdp_mmu_get_vcpu_root_hpa(struct kvm_vcpu *vcpu);

/* mmu_alloc_direct_roots() in 6.1. */
int kvm_tdp_mmu_alloc_root(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;

	write_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	vcpu->arch.mmu->root.hpa = kvm_tdp_mmu_get_vcpu_root_hpa(vcpu);
	write_unlock(&kvm->mmu_lock);
	return 0;
}

void kvm_tdp_mmu_put_root(struct kvm *kvm, struct kvm_mmu_page *root)
{
	real_kvm_tdp_mmu_put_root(kvm, root, false);
}

u64 *kvm_tdp_mmu_fast_pf_get_last_sptep(struct kvm_vcpu *vcpu, gfn_t gfn, u64 *spte)
{
	return real_kvm_tdp_mmu_fast_pf_get_last_sptep(vcpu, gfn << PAGE_SHIFT, spte);
}

#else

/* Nobody calls it: there is no change_pte() any more (H.29). */
bool kvm_tdp_mmu_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	BUG();
}

#endif

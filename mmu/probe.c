/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What checks, reports and tests see of the page tables: mmu/probe.h. Reads
 * only, takes no step and no lock.
 */
#include "mmu/probe.h"
#include "mmu/spte.h"
#include "mmu/mmu_internal.h"
#include "mmu/step_probe.h"
#include "sim/engine/footprint.h"

/* A cursor: which root, in order, and the gfn to go on at. */
#define CURSOR_ROOT_SHIFT	48
#define CURSOR_GFN_MASK		((1ULL << CURSOR_ROOT_SHIFT) - 1)

/* Is @a before @b? By variant; among equals in the order of their making. */
static unsigned int root_rank(struct kvm *kvm, const struct kvm_mmu_page *root)
{
	const struct kvm_mmu_page *other;
	unsigned int rank = 0;
	bool before = true;

	list_for_each_entry(other, &kvm->arch.tdp_mmu_roots, link) {
		if (other == root) {
			before = false;
			continue;
		}
		rank += other->role.variant < root->role.variant ||
			(before && other->role.variant == root->role.variant);
	}
	return rank;
}

static struct kvm_mmu_page *root_of_rank(struct kvm *kvm, unsigned int rank)
{
	struct kvm_mmu_page *root;

	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		if (root_rank(kvm, root) == rank)
			return root;
	return NULL;
}

typedef bool (*wanted_fn)(u64 spte);

static bool is_present(u64 spte)
{
	return is_shadow_present_pte(spte);
}

/* The first leaf at or after @gfn in @pt that is @wanted, or 0. */
static __no_kcsan u64 next_leaf(const u64 *pt, gfn_t base, int level, gfn_t gfn,
				wanted_fn wanted, gfn_t *ret_gfn, int *ret_level)
{
	int i = gfn <= base ? 0 : (gfn - base) / KVM_PAGES_PER_HPAGE(level);

	for (; i < SPTE_ENT_PER_PAGE; i++) {
		gfn_t here = base + i * KVM_PAGES_PER_HPAGE(level);
		u64 spte = sim_seen(pt[i]);

		if (is_shadow_present_pte(spte) && !is_last_spte(spte, level)) {
			spte = next_leaf(spte_to_child_pt(spte, level), here,
					 level - 1, gfn, wanted, ret_gfn, ret_level);
			if (spte)
				return spte;
		} else if (here >= gfn && wanted(spte)) {
			*ret_gfn = here;
			*ret_level = level;
			return spte;
		}
	}
	return 0;
}

/* The present leaf that begins at @gfn exactly, or 0. */
static __no_kcsan u64 leaf_at(const u64 *pt, gfn_t gfn, int level, int *ret_level)
{
	for (;; level--) {
		u64 spte = sim_seen(pt[spte_index(gfn, level)]);

		if (!is_shadow_present_pte(spte))
			return 0;
		*ret_level = level;
		if (is_last_spte(spte, level))
			return gfn == gfn_round_for_level(gfn, level) ? spte : 0;
		pt = spte_to_child_pt(spte, level);
	}
}

static __no_kcsan void fill(struct probe_spte *ret, gfn_t gfn, u64 spte, int level,
		 unsigned int variant, bool root_invalid)
{
	ret->gfn = gfn;
	ret->pfn = spte_to_pfn(spte);
	ret->role = variant;
	ret->level = level;
	ret->writable = is_writable_pte(spte);
	ret->dirty = is_dirty_spte(spte);
	ret->accessed = is_accessed_spte(spte);
	ret->root_invalid = root_invalid;
	ret->pinned = is_pinned_spte(spte);
}

static bool probe_next(unsigned int vm, uint64_t *cursor, wanted_fn wanted,
		       struct probe_spte *ret_spte)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_mmu_page *root;
	gfn_t gfn;
	u64 spte;
	int level;

	if (!kvm)
		return false;
	while ((root = root_of_rank(kvm, *cursor >> CURSOR_ROOT_SHIFT))) {
		spte = next_leaf(root->spt, 0, root->role.level,
				 *cursor & CURSOR_GFN_MASK, wanted, &gfn, &level);
		if (spte) {
			*cursor &= ~CURSOR_GFN_MASK;
			*cursor |= gfn + KVM_PAGES_PER_HPAGE(level);
			fill(ret_spte, gfn, spte, level, root->role.variant,
			     root->role.invalid);
			return true;
		}
		*cursor = ((*cursor >> CURSOR_ROOT_SHIFT) + 1)
			  << CURSOR_ROOT_SHIFT;
	}
	return false;
}

bool probe_spte_next(unsigned int vm, uint64_t *cursor,
		     struct probe_spte *ret_spte)
{
	return probe_next(vm, cursor, is_present, ret_spte);
}

bool probe_pinned_next(unsigned int vm, uint64_t *cursor,
		       struct probe_spte *ret_spte)
{
	return probe_next(vm, cursor, is_pinned_spte, ret_spte);
}

__no_kcsan bool probe_spte(unsigned int vm, unsigned int role, uint64_t gfn,
			   struct probe_spte *ret_spte)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_mmu_page *root;

	if (!kvm)
		return false;
	sim_touch(&kvm->arch.tdp_mmu_roots.next, SIM_ACCESS_READ);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link) {
		u64 spte;
		int level;

		sim_touch(&root->link.next, SIM_ACCESS_READ);
		sim_touch(&root->role, SIM_ACCESS_READ);
		if (root->role.variant != role || root->role.invalid)
			continue;
		spte = leaf_at(root->spt, gfn, root->role.level, &level);
		if (!spte)
			return false;
		fill(ret_spte, gfn, spte, level, role, false);
		return true;
	}
	return false;
}

/* A task's list is its own: what happens in others does not depend on it. */
__no_kcsan unsigned int probe_spte_written(unsigned int task, unsigned int *ret_vm,
					   struct probe_spte *ret_sptes,
					   unsigned int max)
{
	const struct mmu_written *written = mmu_written(task);
	unsigned int i;

	if (!written || !written->nr)
		return 0;
	*ret_vm = written->vm;
	for (i = 0; i < written->nr && i < max; i++)
		fill(&ret_sptes[i], written->leaf[i].gfn,
		     written->leaf[i].spte, written->leaf[i].level,
		     written->leaf[i].variant, false);
	return i;
}

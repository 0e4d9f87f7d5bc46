/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking a root's entries in the order of their gfn, parents before children
 * (arch/x86/kvm/mmu/tdp_iter.h, v6.12).
 */
#ifndef __KVM_X86_MMU_TDP_ITER_H
#define __KVM_X86_MMU_TDP_ITER_H

#include "mmu_internal.h"
#include "spte.h"

/**
 * struct tdp_iter - a place in the tables of one root
 * @root: whose tables
 * @pt_path: table of each level on the way here; index is level - 1
 * @sptep: the entry
 * @old_spte: what it said when it was last looked at
 * @next_last_level_gfn: the gfn that is looked for
 * @yielded_gfn: the one that was looked for when the walk began, or began anew
 * @gfn: first gfn that the entry is about
 * @gfn_end: the walk's end, exclusive
 * @level: of the entry
 * @min_level: lowest level that the walk enters
 * @used_only: entries that say nothing may be passed over
 * @valid: the walk has not come to its end
 * @yielded: mmu_lock was given up meanwhile; tables may be gone, go on from the
 *	root
 */
struct tdp_iter {
	const struct kvm_mmu_page *root;
	u64 *pt_path[PT64_ROOT_4LEVEL];
	u64 *sptep;
	u64 old_spte;
	gfn_t next_last_level_gfn;
	gfn_t yielded_gfn;
	gfn_t gfn;
	gfn_t gfn_end;
	int level;
	int min_level;
	bool used_only;
	bool valid;
	bool yielded;
};

void tdp_iter_start(struct tdp_iter *iter, const struct kvm_mmu_page *root,
		    int min_level, gfn_t start, gfn_t end);
void tdp_iter_next(struct tdp_iter *iter);

#define for_each_tdp_pte_min_level(iter, root, min_level, start, end)	\
	for (tdp_iter_start(&(iter), root, min_level, start, end);	\
	     (iter).valid; tdp_iter_next(&(iter)))

#define for_each_tdp_pte(iter, root, start, end)			\
	for_each_tdp_pte_min_level(iter, root, PG_LEVEL_4K, start, end)

/*
 * For zapping: most tables are nearly empty. The first entry is visited in any
 * case.
 */
#define for_each_used_tdp_pte_min_level(iter, root, min_level, start, end) \
	for (tdp_iter_start(&(iter), root, min_level, start, end),	\
	     (iter).used_only = true;					\
	     (iter).valid; tdp_iter_next(&(iter)))

int tdp_next_used_entry(const u64 *pt, int i, int end);

#endif

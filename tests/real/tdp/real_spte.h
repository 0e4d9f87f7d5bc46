/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What mmutrace.h turns the kernel's changes of entries into, defined by glue.c.
 */
#ifndef TESTS_REAL_TDP_REAL_SPTE_H
#define TESTS_REAL_TDP_REAL_SPTE_H

#include <linux/kvm_host.h>

u64 real_xchg_spte(u64 *sptep, u64 new_spte);
bool real_cmpxchg_spte(u64 *sptep, u64 *old_spte, u64 new_spte);
void real_write_spte(u64 *sptep, u64 new_spte);
void real_spte_changed(struct kvm *kvm, gfn_t gfn, int level, u64 old_spte, u64 new_spte);
void real_set_pfn_dirty(kvm_pfn_t pfn);
void *real_cache_alloc(struct kvm_vcpu *vcpu, struct kvm_mmu_memory_cache *mc);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the kernel's tdp_mmu.c meets the simulated machine. It is the only file
 * that writes entries, and includes this before any function that does, so:
 *
 *  - xchg(), try_cmpxchg64(), WRITE_ONCE() and atomic64_fetch_and() on an entry
 *    go to glue.c, which makes them the steps that mmu/ has;
 *  - the trace point that tells of a changed entry stands where all changes
 *    pass and nothing has followed from them yet: it carries the note for the
 *    checks and RFC v0's pin hook. The RFC's own place is a few lines below,
 *    behind the only thing that may happen in between: the page of the old leaf
 *    is told that it is dirty. If so, the hook waits for that call;
 *  - mmu_lock, when it is taken, forgets which entries the task had written;
 *  - it is given up in the middle of a walk before present entries only, as in
 *    mmu/tdp_zap.c and for the reason that is told there.
 *
 * The names kvm, vcpu and iter are variables of the kernel's functions.
 */
#ifndef TESTS_REAL_TDP_MMUTRACE_H
#define TESTS_REAL_TDP_MMUTRACE_H

#include "mmu/mmutrace.h"
#include "tests/real/tdp/real_spte.h"

#undef xchg
#undef try_cmpxchg64
#undef WRITE_ONCE
#define xchg(sptep, new)		real_xchg_spte(sptep, new)
#define try_cmpxchg64(sptep, old, new)	real_cmpxchg_spte(sptep, old, new)
#define WRITE_ONCE(spte, new)		real_write_spte(&(spte), new)
#define atomic64_fetch_and(mask, v)					\
({									\
	u64 *__sptep = (u64 *)(v);					\
	real_xchg_spte(__sptep, READ_ONCE(*__sptep) & (mask));		\
})

#define kvm_set_pfn_dirty(pfn)		real_set_pfn_dirty(pfn)
#define kvm_mmu_memory_cache_alloc(mc)	real_cache_alloc(vcpu, mc)

#define trace_kvm_mmu_get_page(sp, created)		do { } while (0)
#define trace_kvm_mmu_prepare_zap_page(sp)		do { } while (0)
#define trace_kvm_mmu_set_spte(level, gfn, sptep)	do { } while (0)
#define trace_mark_mmio_spte(sptep, gfn, spte)		do { } while (0)
#define trace_kvm_mmu_split_huge_page(gfn, s, l, err)	do { } while (0)
#define trace_kvm_mmu_spte_requested(fault)	trace_kvm_tdp_mmu_map(vcpu, fault)
#define trace_kvm_tdp_mmu_spte_changed(as_id, gfn, level, old, new)	\
	real_spte_changed(kvm, gfn, level, old, new)

#define rwlock_needbreak(l)						\
	(is_shadow_present_pte(iter->old_spte) && (rwlock_needbreak)(l))

#undef read_lock
#undef write_lock
#define read_lock(l)							\
do {									\
	sim_site_set(__func__);						\
	(read_lock)(l);							\
	trace_kvm_mmu_locked(container_of(l, struct kvm, mmu_lock));	\
} while (0)
#define write_lock(l)							\
do {									\
	sim_site_set(__func__);						\
	(write_lock)(l);						\
	trace_kvm_mmu_locked(container_of(l, struct kvm, mmu_lock));	\
} while (0)

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM as a mirror of its process's page tables.  Stands for virt/kvm/kvm_main.c,
 * v6.12: kvm_mmu_notifier_invalidate_range_start(),
 * kvm_mmu_notifier_invalidate_range_end(), kvm_mmu_notifier_clear_flush_young(),
 * __kvm_handle_hva_range(), kvm_mmu_notifier_release(), and v6.1's
 * kvm_mmu_notifier_change_pte(); for the questions a fault asks,
 * mmu_invalidate_retry_gfn() of include/linux/kvm_host.h
 * (contract H.5, H.17, H.26-H.30, H.35).
 *
 * From the start of a window to its end the page tables of the process change.
 * Start zaps what maps the range and raises mmu_invalidate_in_progress; end
 * raises mmu_invalidate_seq. A fault that looked at the page tables meanwhile
 * sees one or the other and starts over.
 *
 * Simpler than the kernel: no gfn_to_pfn caches; handlers do not yield mmu_lock
 * in the middle; 6.1's start calls guest_memory_reclaimed inside SRCU, here both
 * do it behind.
 */
#include "sim/engine/footprint.h"
#include "fakes/kvm/internal.h"
#include "fakes/sev/contents.h"

static struct kvm *mmu_notifier_to_kvm(struct mmu_notifier *mn)
{
	return container_of(mn, struct kvm, mmu_notifier);
}

/**
 * kvm_mmu_invalidate_begin() - an invalidation that hits a slot begins
 * @kvm: the VM
 *
 * Its range is told with kvm_mmu_invalidate_range_add(). Ranges of
 * invalidations that overlap in time become one, up to the end of the last.
 *
 * Context: mmu_lock held for writing.
 */
void kvm_mmu_invalidate_begin(struct kvm *kvm)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	if (!kvm->mmu_invalidate_in_progress++) {
		kvm->mmu_invalidate_range_start = INVALID_GFN;
		kvm->mmu_invalidate_range_end = INVALID_GFN;
	}
}

/**
 * kvm_mmu_invalidate_range_add() - what the running invalidation covers
 * @kvm: the VM
 * @start: first gfn, on 6.1 first host address
 * @end: first behind it
 *
 * Context: mmu_lock held for writing, between begin and end.
 */
void kvm_mmu_invalidate_range_add(struct kvm *kvm, u64 start, u64 end)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	WARN_ON_ONCE(!kvm->mmu_invalidate_in_progress);
	if (kvm->mmu_invalidate_range_start == INVALID_GFN) {
		kvm->mmu_invalidate_range_start = start;
		kvm->mmu_invalidate_range_end = end;
		return;
	}
	kvm->mmu_invalidate_range_start = min(kvm->mmu_invalidate_range_start, start);
	kvm->mmu_invalidate_range_end = max(kvm->mmu_invalidate_range_end, end);
}

/*
 * The next number, if this one was remembered by anybody; if not there is nobody
 * to whom it is not as good. So worlds that differ only in how often a fault was
 * overtaken since are one world.
 */
static void seq_next(struct kvm *kvm)
{
	if (!kvm->mmu_invalidate_seq_known)
		return;
	kvm->mmu_invalidate_seq_known = false;
	kvm->mmu_invalidate_seq++;
}

/**
 * kvm_mmu_invalidate_end() - an invalidation that hit a slot ends
 * @kvm: the VM
 *
 * Context: mmu_lock held for writing.
 */
void kvm_mmu_invalidate_end(struct kvm *kvm)
{
	lockdep_assert_held_write(&kvm->mmu_lock);
	/* First the sequence: who still sees the count need not see it. */
	seq_next(kvm);
	kvm->mmu_invalidate_in_progress--;
	KVM_BUG_ON(kvm->mmu_invalidate_in_progress < 0, kvm);
}

/* H.28: pages that [start, end) touches in @slot, as gfns. */
static void gfn_range_of(struct kvm_memory_slot *slot, unsigned long start, unsigned long end,
			 struct kvm_gfn_range *ret_range)
{
	unsigned long slot_start = slot->userspace_addr;
	unsigned long slot_end = slot_start + (slot->npages << PAGE_SHIFT);
	gfn_t base = slot->base_gfn;

	start = max(start, slot_start);
	end = min(end, slot_end);
	ret_range->slot = slot;
	ret_range->start = base + ((start - slot_start) >> PAGE_SHIFT);
	ret_range->end = base + ((end + PAGE_SIZE - 1 - slot_start) >> PAGE_SHIFT);
}

/**
 * struct kvm_hva_range - a stretch of the process's addresses, and what is done about it
 * @start: first address
 * @end: first behind it
 * @event: why
 * @pte: what the host's entry will say, for change_pte
 * @handler: for each slot that it hits. Return: must TLBs be flushed; NULL: nothing
 *	is done, one slot is enough
 * @on_lock: once, where a slot is hit, with mmu_lock taken; or NULL
 * @may_block: may a handler sleep
 */
struct kvm_hva_range {
	unsigned long start, end;
	enum mmu_notifier_event event;
	pte_t pte;
	bool (*handler)(struct kvm *kvm, struct kvm_gfn_range *gfn_range,
			const struct kvm_hva_range *range);
	void (*on_lock)(struct kvm *kvm, const struct kvm_hva_range *range);
	bool may_block;
};

/*
 * mmu_lock is taken at the first slot that is hit, and kept for the others.
 * Return: is there one; and in @ret what the handlers said.
 */
static bool kvm_handle_hva_range(struct kvm *kvm, const struct kvm_hva_range *range, bool *ret)
{
	bool locked = false, said = false;
	struct kvm_gfn_range gfn_range;
	struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	unsigned int as_id, i;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	for (as_id = 0; as_id < kvm_arch_nr_memslot_as_ids(kvm); as_id++) {
		slots = __kvm_memslots(kvm, as_id);
		kvm_for_each_memslot_in_hva_range(slot, i, slots, range->start, range->end - 1) {
			if (!locked) {
				locked = true;
				write_lock(&kvm->mmu_lock);
				if (range->on_lock)
					range->on_lock(kvm, range);
			}
			if (!range->handler)
				goto out;
			gfn_range_of(slot, range->start, range->end, &gfn_range);
			gfn_range.pte = range->pte;
			gfn_range.may_block = range->may_block;
			said |= range->handler(kvm, &gfn_range, range);
		}
	}
out:
	if (said)
		kvm_flush_remote_tlbs(kvm);
	if (locked)
		write_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
	if (ret)
		*ret = said;
	return locked;
}

/* 6.1 remembers the addresses of the whole event, once; others the gfns of each slot. */
static void kvm_mn_begin(struct kvm *kvm, const struct kvm_hva_range *range)
{
	kvm_mmu_invalidate_begin(kvm);
	if (!kernel_profile()->kvm_retry_range_is_gfn)
		kvm_mmu_invalidate_range_add(kvm, range->start, range->end);
}

static void kvm_mn_end(struct kvm *kvm, const struct kvm_hva_range *range)
{
	kvm_mmu_invalidate_end(kvm);
}

/* One slot of an invalidation that starts. */
static bool kvm_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *gfn_range,
				    const struct kvm_hva_range *range)
{
	bool flush;

	if (kernel_profile()->kvm_retry_range_is_gfn)
		kvm_mmu_invalidate_range_add(kvm, gfn_range->start, gfn_range->end);
	flush = kvm_unmap_gfn_range(kvm, gfn_range);
	/* What the VMM takes away itself is not lost by the kernel. */
	if (range->event == MMU_NOTIFY_UNMAP)
		sev_guest_forget(kvm, gfn_range->start, gfn_range->end, false);
	return flush;
}

static bool kvm_mn_age(struct kvm *kvm, struct kvm_gfn_range *gfn_range,
		       const struct kvm_hva_range *range)
{
	return kvm_age_gfn(kvm, gfn_range);
}

static bool kvm_change_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *gfn_range,
				const struct kvm_hva_range *range)
{
	/* Nothing of it is mapped, and nothing will be: start saw to that. */
	if (gfn_range->slot->flags & KVM_MEMSLOT_INVALID)
		return false;
	return kvm_set_spte_gfn(kvm, gfn_range);
}

static int kvm_mmu_notifier_invalidate_range_start(struct mmu_notifier *mn,
						   const struct mmu_notifier_range *range)
{
	struct kvm *kvm = mmu_notifier_to_kvm(mn);
	const struct kvm_hva_range hva_range = {
		.start = range->start,
		.end = range->end,
		.event = range->event,
		.handler = kvm_mmu_unmap_gfn_range,
		.on_lock = kvm_mn_begin,
		.may_block = true,
	};

	/* From here to the end no memslot changes, so both ends hit the same slots. */
	spin_lock(&kvm->mn_invalidate_lock);
	kvm->mn_active_invalidate_count++;
	spin_unlock(&kvm->mn_invalidate_lock);

	if (kvm_handle_hva_range(kvm, &hva_range, NULL))
		kvm_arch_guest_memory_reclaimed(kvm);
	return 0;
}

static void kvm_mmu_notifier_invalidate_range_end(struct mmu_notifier *mn,
						  const struct mmu_notifier_range *range)
{
	struct kvm *kvm = mmu_notifier_to_kvm(mn);
	const struct kvm_hva_range hva_range = {
		.start = range->start,
		.end = range->end,
		.on_lock = kvm_mn_end,
	};
	bool wake;

	kvm_handle_hva_range(kvm, &hva_range, NULL);

	spin_lock(&kvm->mn_invalidate_lock);
	if (!WARN_ON_ONCE(!kvm->mn_active_invalidate_count))
		--kvm->mn_active_invalidate_count;
	wake = !kvm->mn_active_invalidate_count;
	spin_unlock(&kvm->mn_invalidate_lock);

	/* Without a sleeper waking is nothing, so it is no step then. */
	if (wake && kvm->mn_memslots_update_rcuwait.wq.sleepers)
		rcuwait_wake_up(&kvm->mn_memslots_update_rcuwait);
}

/* H.33. Return: has the guest used a page of the range since it was last asked? */
static int kvm_mmu_notifier_clear_flush_young(struct mmu_notifier *mn, struct mm_struct *mm,
					      unsigned long start, unsigned long end)
{
	const struct kvm_hva_range range = {
		.start = start,
		.end = end,
		.handler = kvm_mn_age,
	};
	bool young;

	kvm_handle_hva_range(mmu_notifier_to_kvm(mn), &range, &young);
	return young;
}

/* One is open, the caller's; whose number it is beside others' is nothing to him. */
static __no_kcsan bool no_window_is_open(const struct kvm *kvm)
{
	return !kvm->mn_active_invalidate_count;
}

/*
 * H.29, before v6.10. Where start hit a slot, it took away what could be changed
 * here. Where it hit none, none can have come since; but that is asked of all
 * windows at once, so that one over other addresses makes this one look, in vain.
 */
static void kvm_mmu_notifier_change_pte(struct mmu_notifier *mn, struct mm_struct *mm,
					unsigned long address, pte_t pte)
{
	struct kvm *kvm = mmu_notifier_to_kvm(mn);
	const struct kvm_hva_range range = {
		.start = address,
		.end = address + 1,
		.pte = pte,
		.handler = kvm_change_spte_gfn,
	};

	WARN_ON_ONCE(no_window_is_open(kvm));
	sim_step(SIM_READ, OBJ_OF_KVM(kvm), __func__);
	if (READ_ONCE(kvm->mmu_invalidate_in_progress))
		kvm_handle_hva_range(kvm, &range, NULL);
}

/* H.35. */
static void kvm_mmu_notifier_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	struct kvm *kvm = mmu_notifier_to_kvm(mn);
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	kvm_arch_flush_shadow_all(kvm);
	kvm_arch_guest_memory_reclaimed(kvm);
	srcu_read_unlock(&kvm->srcu, idx);
}

static const struct mmu_notifier_ops kvm_mmu_notifier_ops = {
	.invalidate_range_start	= kvm_mmu_notifier_invalidate_range_start,
	.invalidate_range_end	= kvm_mmu_notifier_invalidate_range_end,
	.clear_flush_young	= kvm_mmu_notifier_clear_flush_young,
	.change_pte		= kvm_mmu_notifier_change_pte,
	.release		= kvm_mmu_notifier_release,
};

int kvm_init_mmu_notifier(struct kvm *kvm)
{
	kvm->mmu_notifier.ops = &kvm_mmu_notifier_ops;
	return mmu_notifier_register(&kvm->mmu_notifier, kvm->mm);
}

/* G.14: afterwards no window can be open that anybody would close. */
void kvm_exit_mmu_notifier(struct kvm *kvm)
{
	mmu_notifier_unregister(&kvm->mmu_notifier, kvm->mm);
	WARN_ON(kvm->mn_memslots_update_rcuwait.wq.sleepers);
	if (kvm->mn_active_invalidate_count)
		kvm->mn_active_invalidate_count = 0;
	else
		WARN_ON(kvm->mmu_invalidate_in_progress);
}

/**
 * kvm_mmu_invalidate_seq_begin() - what a fault remembers first (H.5)
 * @kvm: the VM
 *
 * Context: before the process's page tables are looked at. A step.
 * Return: value to ask mmu_invalidate_retry*() with.
 */
unsigned long kvm_mmu_invalidate_seq_begin(struct kvm *kvm)
{
	sim_step(SIM_READ, OBJ_OF_KVM(kvm), __func__);
	/* Whoever else asks does the same. */
	sim_add_begin(&kvm->mmu_invalidate_seq_known);
	kvm->mmu_invalidate_seq_known = true;
	sim_add_end();
	return READ_ONCE(kvm->mmu_invalidate_seq);
}

static bool in_range(struct kvm *kvm, u64 at)
{
	return kvm->mmu_invalidate_in_progress && at >= kvm->mmu_invalidate_range_start &&
	       at < kvm->mmu_invalidate_range_end;
}

/**
 * mmu_invalidate_retry() - was anything invalidated since?
 * @kvm: the VM
 * @mmu_seq: of kvm_mmu_invalidate_seq_begin()
 *
 * Context: mmu_lock held either way.
 * Return: whether to start over.
 */
bool mmu_invalidate_retry(struct kvm *kvm, unsigned long mmu_seq)
{
	lockdep_assert_held(&kvm->mmu_lock);
	return kvm->mmu_invalidate_in_progress || kvm->mmu_invalidate_seq != mmu_seq;
}

/**
 * mmu_invalidate_retry_gfn() - the same about one page (6.12)
 * @kvm: the VM
 * @mmu_seq: of kvm_mmu_invalidate_seq_begin()
 * @gfn: about which page
 *
 * Context: mmu_lock held either way.
 * Return: whether to start over.
 */
bool mmu_invalidate_retry_gfn(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn)
{
	lockdep_assert_held(&kvm->mmu_lock);
	return in_range(kvm, gfn) || kvm->mmu_invalidate_seq != mmu_seq;
}

/**
 * mmu_invalidate_retry_hva() - the same by its address (6.1)
 * @kvm: the VM
 * @mmu_seq: of kvm_mmu_invalidate_seq_begin()
 * @hva: about which page
 *
 * Context: mmu_lock held either way.
 * Return: whether to start over.
 */
bool mmu_invalidate_retry_hva(struct kvm *kvm, unsigned long mmu_seq, unsigned long hva)
{
	lockdep_assert_held(&kvm->mmu_lock);
	return in_range(kvm, hva) || kvm->mmu_invalidate_seq != mmu_seq;
}

/**
 * mmu_invalidate_retry_fault() - whichever of the two this kernel asks (H.17)
 * @kvm: the VM
 * @mmu_seq: of kvm_mmu_invalidate_seq_begin()
 * @gfn: page of the guest
 * @hva: its address
 *
 * Context: mmu_lock held either way.
 * Return: whether to start over.
 */
bool mmu_invalidate_retry_fault(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn,
				unsigned long hva)
{
	if (kernel_profile()->kvm_retry_range_is_gfn)
		return mmu_invalidate_retry_gfn(kvm, mmu_seq, gfn);
	return mmu_invalidate_retry_hva(kvm, mmu_seq, hva);
}

/**
 * mmu_invalidate_retry_gfn_unsafe() - a look without the lock (H.7)
 * @kvm: the VM
 * @mmu_seq: of kvm_mmu_invalidate_seq_begin()
 * @gfn: about which page
 *
 * Context: any. A step, where the profile's kernel looks at all.
 * Return: whether trying on is a waste of time; false proves nothing.
 */
bool mmu_invalidate_retry_gfn_unsafe(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn)
{
	if (!kernel_profile()->kvm_prelock_retry)
		return false;
	sim_step(SIM_READ, OBJ_OF_KVM(kvm), __func__);
	return in_range(kvm, gfn) || kvm->mmu_invalidate_seq != mmu_seq;
}

/**
 * kvm_mmu_lock_roots() - take mmu_lock for a vCPU's root to be loaded or put
 * @kvm: the VM
 *
 * 6.1 is alone then; in 6.12 faults of other vCPUs go on meanwhile
 * (arch/x86/kvm/mmu/mmu.c: mmu_alloc_direct_roots(), kvm_mmu_free_roots(), and
 * kvm_tdp_mmu_alloc_root() of v6.12). The list of roots has its own lock.
 *
 * Context: a step, may yield.
 */
void (kvm_mmu_lock_roots)(struct kvm *kvm)
{
	if (kernel_profile()->kvm_roots_shared)
		(read_lock)(&kvm->mmu_lock);
	else
		(write_lock)(&kvm->mmu_lock);
}

/**
 * kvm_mmu_unlock_roots() - undo kvm_mmu_lock_roots()
 * @kvm: the VM
 *
 * Context: a step, may yield.
 */
void (kvm_mmu_unlock_roots)(struct kvm *kvm)
{
	if (kernel_profile()->kvm_roots_shared)
		(read_unlock)(&kvm->mmu_lock);
	else
		(write_unlock)(&kvm->mmu_lock);
}

/**
 * kvm_tdp_mmu_lists_tables() - is there a list of the VM's page tables?
 *
 * With a lock of its own for who shares mmu_lock: in v6.1's tdp_mmu_link_sp()
 * and tdp_mmu_unlink_sp() (arch/x86/kvm/mmu/tdp_mmu.c).
 */
bool kvm_tdp_mmu_lists_tables(void)
{
	return kernel_profile()->kvm_tables_listed;
}

/**
 * kvm_mmu_tells_write_protected() - has a fault on a watched page its own end?
 *
 * RET_PF_WRITE_PROTECTED is v6.12's; before it was RET_PF_EMULATE (H.2, H.4).
 */
bool kvm_mmu_tells_write_protected(void)
{
	return kernel_profile()->kvm_tells_write_protected;
}

/**
 * kvm_has_pre_fault() - is there KVM_PRE_FAULT_MEMORY?
 *
 * Since v6.11.
 */
bool kvm_has_pre_fault(void)
{
	return kernel_profile()->kvm_pre_fault;
}

/**
 * kvm_tdp_mmu_zap_passes() - in how many passes does a root go?
 *
 * Of tdp_mmu_zap_root() (arch/x86/kvm/mmu/tdp_mmu.c): four in v6.12, for leaves,
 * for what lies under 2 MiB, 1 GiB, and the rest; the last two of them in v6.1,
 * the last one in v5.17.
 */
unsigned int kvm_tdp_mmu_zap_passes(void)
{
	return kernel_profile()->kvm_zap_passes;
}

/**
 * kvm_tdp_mmu_ages_by_change() - is a leaf that loses its accessed bit one that changed?
 *
 * Up to v6.1 age_gfn_range() (arch/x86/kvm/mmu/tdp_mmu.c) comes by
 * __handle_changed_spte(), as who maps does.
 */
bool kvm_tdp_mmu_ages_by_change(void)
{
	return kernel_profile()->kvm_ages_by_change;
}

/**
 * kvm_flush_remote_tlbs() - no CPU may go on using a zapped SPTE
 * @kvm: the VM
 *
 * There are no TLBs here: a guest's access looks at the SPTE. So it is told
 * and nothing else.
 *
 * Context: any.
 */
void kvm_flush_remote_tlbs(struct kvm *kvm)
{
	sim_note(SIM_FLUSH, OBJ_OF_KVM(kvm), 0, 0, __func__);
}

/**
 * kvm_arch_guest_memory_reclaimed() - guest pages are about to be someone else's
 * @kvm: the VM
 *
 * v5.17 has no such hook: what a guest left in the caches reaches memory when it
 * pleases (H-57, 0.4).
 *
 * Context: sleepable; mmu_lock not held (flushing caches is slow).
 */
void kvm_arch_guest_memory_reclaimed(struct kvm *kvm)
{
	if (!kernel_profile()->kvm_reclaim_flushes)
		return;
	kvm_x86_guest_memory_reclaimed(kvm);
}

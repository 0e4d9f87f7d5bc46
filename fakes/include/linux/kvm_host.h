/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's common objects: VM, vCPU, memslot; error page frames; the functions
 * between KVM's parts (include/linux/kvm_host.h and virt/kvm/kvm_mm.h, v6.12).
 *
 * Who implements what: fakes/kvm/ has VMs, memslots, the MMU notifier and
 * hva_to_pfn(); mmu/ has everything under "implemented by the MMU" below.
 *
 * Simpler than the kernel: a set of memslots is an array sorted by gfn, in the
 * place of a red-black tree, an interval tree and a hash (see
 * fakes/kvm/memslots.c); no requests, no kicks, no run structure.
 */
#ifndef __KVM_HOST_H
#define __KVM_HOST_H

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kvm.h>
#include <linux/kvm_types.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/rcuwait.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/wait.h>

#include <asm/kvm_host.h>

#define KVM_MEM_SLOTS_NUM	(KVM_USER_MEM_SLOTS + KVM_PRIVATE_MEM_SLOTS)
#define KVM_MEM_MAX_NR_PAGES	((1UL << 31) - 1)

/* Bits of kvm_memory_slot.flags that user space does not see. */
#define KVM_MEMSLOT_INVALID	(1UL << 16)
#define KVM_MEMSLOT_ENCRYPTED	(1UL << 17)	/* RFC v1's: no kernel has it */

#define KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS	(1ULL << 63)

/*
 * A kvm_pfn_t that is no page frame (H.1). Bits 52..62: an error; bit 63: no
 * slot.
 */
#define KVM_PFN_ERR_MASK	(0x7ffULL << 52)
#define KVM_PFN_ERR_NOSLOT_MASK	(0xfffULL << 52)
#define KVM_PFN_NOSLOT		(0x1ULL << 63)

#define KVM_PFN_ERR_FAULT	(KVM_PFN_ERR_MASK)
#define KVM_PFN_ERR_HWPOISON	(KVM_PFN_ERR_MASK + 1)
#define KVM_PFN_ERR_RO_FAULT	(KVM_PFN_ERR_MASK + 2)
#define KVM_PFN_ERR_SIGPENDING	(KVM_PFN_ERR_MASK + 3)

static inline bool is_error_pfn(kvm_pfn_t pfn)
{
	return pfn & KVM_PFN_ERR_MASK;
}

static inline bool is_sigpending_pfn(kvm_pfn_t pfn)
{
	return pfn == KVM_PFN_ERR_SIGPENDING;
}

static inline bool is_error_noslot_pfn(kvm_pfn_t pfn)
{
	return pfn & KVM_PFN_ERR_NOSLOT_MASK;
}

static inline bool is_noslot_pfn(kvm_pfn_t pfn)
{
	return pfn == KVM_PFN_NOSLOT;
}

/* A hva that is no address: kernel addresses. */
#define KVM_HVA_ERR_BAD		(~0UL << 47)
#define KVM_HVA_ERR_RO_BAD	(KVM_HVA_ERR_BAD + PAGE_SIZE)

static inline hpa_t pfn_to_hpa(kvm_pfn_t pfn)
{
	return pfn << PAGE_SHIFT;
}

static inline bool kvm_is_error_hva(unsigned long addr)
{
	return addr >= KVM_HVA_ERR_BAD;
}

/**
 * struct kvm_memory_slot - a range of guest physical memory
 * @base_gfn: first page
 * @npages: how many
 * @dirty_bitmap: a bit per page while dirty logging is on
 * @arch: x86's part, and the design's
 * @userspace_addr: where its first page lies in the VM's mm; may be unmapped
 * @flags: KVM_MEM_* and KVM_MEMSLOT_*
 * @id: number within its address space
 * @as_id: address space: 0, or 1 for SMM
 * @gmem: KVM_MEM_GUEST_MEMFD only: the file with the slot's private memory, NULL once
 *	that has ended; the file's page that is the slot's first; the file's list of
 *	slots, which has the one that was bound and none of its copies
 * @reserve: for fields of other patches
 *
 * Immutable while a reader may see it (kvm->srcu), but for @arch.
 */
struct kvm_memory_slot {
	gfn_t base_gfn;
	unsigned long npages;
	unsigned long *dirty_bitmap;
	struct kvm_arch_memory_slot arch;
	unsigned long userspace_addr;
	u32 flags;
	short id;
	u16 as_id;
	struct {
		struct file *file;
		pgoff_t pgoff;
		struct list_head link;
	} gmem;
#ifdef PINSIM_FIELDS_kvm_memory_slot
	PINSIM_RESERVE(4, PINSIM_FIELDS_kvm_memory_slot)
#else
	unsigned long reserve[4];
#endif
};

/**
 * struct kvm_memslots - one of an address space's two sets of slots
 * @generation: changes with every publication; bit 63 while one is under way
 * @slots: sorted by gfn; never overlapping
 * @nr_slots: how many
 * @capacity: how many @slots has room for
 * @reserve: for the kernel's own trees, where they are tried (tests/real)
 */
struct kvm_memslots {
	u64 generation;
	struct kvm_memory_slot **slots;
	unsigned int nr_slots;
	unsigned int capacity;
#ifdef PINSIM_FIELDS_kvm_memslots
	PINSIM_RESERVE(8, PINSIM_FIELDS_kvm_memslots)
#else
	unsigned long reserve[8];
#endif
};

/**
 * struct kvm_vcpu - a virtual CPU
 * @kvm: its VM
 * @vcpu_id: what user space calls it
 * @vcpu_idx: its place in kvm->vcpus, counted
 * @mutex: held by whoever runs it
 * @srcu_idx: of kvm_vcpu_srcu_read_lock()
 * @last_used_slot: the slot it looked up last
 * @last_used_slot_gen: generation of the set that it came from
 * @async_pf: pages that a kworker brings (fakes/kvm/async_pf.c); if @enabled: all of
 *	them in @queue, those that are there in @done, those not begun in @works; who
 *	runs the vCPU is @over
 * @arch: x86's part
 * @stat: counters for people
 */
struct kvm_vcpu {
	struct kvm *kvm;
	int vcpu_id;
	int vcpu_idx;
	struct mutex mutex;
	int srcu_idx;
	struct kvm_memory_slot *last_used_slot;
	u64 last_used_slot_gen;
	struct {
		u32 queued;
		bool enabled, over;
		struct list_head queue, done, works;
		spinlock_t lock;
		struct rcuwait worker, wait;
	} async_pf;
	struct kvm_vcpu_arch arch;
	struct kvm_vcpu_stat stat;
};

/**
 * struct kvm - a virtual machine
 * @mmu_lock: the page tables; and the invalidation counters, for writing
 * @slots_lock: one change of memslots at a time; held across SRCU syncs
 * @slots_arch_lock: building of a new set and of slots' arch data; not held
 *	across SRCU syncs
 * @mm: address space of the process that created it
 * @nr_memslot_pages: pages of all slots; slots_lock
 * @__memslots: per address space the two sets
 * @memslots: per address space the active set; read under @srcu or slots_lock
 * @srcu: protects the active sets and the slots in them
 * @vcpus: vCPUs by index; kvm->lock
 * @online_vcpus: how many
 * @lock: VM-wide ioctls: vCPU creation, encrypted regions
 * @users_count: file descriptors and vCPUs
 * @arch: x86's part
 * @mn_invalidate_lock: protects the next two
 * @mn_active_invalidate_count: notifier windows that are open on the mm
 * @mn_memslots_update_rcuwait: who waits for there to be none
 * @mmu_notifier: its registration with the mm
 * @mmu_invalidate_seq: raised at the end of an invalidation, if anybody knows
 *	what it was: kvm_mmu_invalidate_seq_begin() tells, nobody else; mmu_lock
 * @mmu_invalidate_seq_known: somebody does, a word for itself
 * @mmu_invalidate_in_progress: how many are open; mmu_lock
 * @mmu_invalidate_range_start: the union of what they cover, while one is
 * @mmu_invalidate_range_end: open: gfns, on 6.1 host addresses (H.17)
 * @slots_published: vCPUs that can only fault again until other slots are there
 *	(mmu/step_probe.c); no field of the kernel's, where they do just that
 * @vm_bugged: a KVM_BUG_ON was met
 * @vm_dead: every ioctl fails with -EIO
 * @created_vcpus: online and on the way; kvm->lock
 * @private_gfns: which of its gfns are (mem_attributes.c); slots_lock to change. The
 *	kernel's mem_attr_array
 * @enc_regions: ranges that user space has registered and not unregistered
 *	(fakes/kvm/regions.c); no field of the kernel's, where the design knows
 * @number: of the VM, counted in the order of creation
 * @stat: counters for people
 * @reserve: for fields of other patches
 *
 * Simpler than the kernel: at most KVM_MAX_VCPUS vCPUs; no device buses, no
 * interrupt routing; only the kernel's own MMU files (tests/real) count
 * anything in @stat.
 */
struct kvm {
	rwlock_t mmu_lock;
	struct mutex slots_lock;
	struct mutex slots_arch_lock;
	struct mm_struct *mm;
	unsigned long nr_memslot_pages;
	struct kvm_memslots __memslots[KVM_MAX_NR_ADDRESS_SPACES][2];
	struct kvm_memslots *memslots[KVM_MAX_NR_ADDRESS_SPACES];
	struct srcu_struct srcu;
	struct kvm_vcpu *vcpus[KVM_MAX_VCPUS];
	atomic_t online_vcpus;
	struct mutex lock;
	refcount_t users_count;
	struct kvm_arch arch;
	spinlock_t mn_invalidate_lock;
	unsigned long mn_active_invalidate_count;
	struct rcuwait mn_memslots_update_rcuwait;
	struct mmu_notifier mmu_notifier;
	unsigned long mmu_invalidate_seq;
	u64 mmu_invalidate_seq_known;
	long mmu_invalidate_in_progress;
	u64 mmu_invalidate_range_start;
	u64 mmu_invalidate_range_end;
	wait_queue_head_t slots_published;
	bool vm_bugged;
	bool vm_dead;
	int created_vcpus;
	struct list_head private_gfns;
	struct list_head enc_regions;
	unsigned int number;
	struct kvm_vm_stat stat;
#ifdef PINSIM_FIELDS_kvm
	PINSIM_RESERVE(8, PINSIM_FIELDS_kvm)
#else
	unsigned long reserve[8];
#endif
};

/**
 * struct kvm_gfn_range - what a notifier asks the MMU to do something to
 * @slot: the slot that the range lies in
 * @start: first gfn
 * @end: first gfn behind it
 * @pte: 6.1, change_pte only: what the host's entry says now
 * @may_block: whether the handler may give up mmu_lock in between
 */
struct kvm_gfn_range {
	struct kvm_memory_slot *slot;
	gfn_t start;
	gfn_t end;
	pte_t pte;
	bool may_block;
};

/*
 * A bug of KVM's own: told to the checks, and the VM is dead from here on.
 * The kernel's: true if it was met now or earlier.
 */
void kvm_vm_bugged(struct kvm *kvm);
void kvm_vm_dead(struct kvm *kvm);

#define KVM_BUG(cond, kvm, fmt...)					\
({									\
	bool __kvm_bug = !!(cond);					\
	if (WARN_ON_ONCE(__kvm_bug && !(kvm)->vm_bugged))		\
		kvm_vm_bugged(kvm);					\
	unlikely(__kvm_bug);						\
})
#define KVM_BUG_ON(cond, kvm)	KVM_BUG(cond, kvm, "")

/* --- VMs and vCPUs: fakes/kvm/kvm_main.c --- */

struct kvm *kvm_create_vm(unsigned long type, const struct kvm_x86_ops *ops);
struct kvm_vcpu *kvm_vm_ioctl_create_vcpu(struct kvm *kvm, u32 id);
void kvm_get_kvm(struct kvm *kvm);
void kvm_put_kvm(struct kvm *kvm);

/* The VM of a number, or NULL if it never was or is gone. */
struct kvm *kvm_find(unsigned int number);

static inline struct kvm_vcpu *kvm_get_vcpu(struct kvm *kvm, int i)
{
	return kvm->vcpus[i];
}

#define kvm_for_each_vcpu(idx, vcpup, kvm)				\
	for ((idx) = 0; (int)(idx) < atomic_read(&(kvm)->online_vcpus) && \
	     ((vcpup) = (kvm)->vcpus[idx], 1); (idx)++)

/* fakes/kvm/mmu_cache.c */
int kvm_mmu_topup_memory_cache(struct kvm_mmu_memory_cache *mc, int min);
void *kvm_mmu_memory_cache_alloc(struct kvm_mmu_memory_cache *mc);
void kvm_mmu_free_memory_cache(struct kvm_mmu_memory_cache *mc);

void kvm_vcpu_srcu_read_lock(struct kvm_vcpu *vcpu);
void kvm_vcpu_srcu_read_unlock(struct kvm_vcpu *vcpu);

/* --- asynchronous page faults: fakes/kvm/async_pf.c --- */

/**
 * struct kvm_async_pf - a page that a kworker brings (H.11)
 * @link: in vcpu->async_pf.done
 * @queue: in vcpu->async_pf.queue
 * @work: in vcpu->async_pf.works
 * @cr2_or_gpa: what the guest accessed
 * @addr: where that is in the process
 * @mm: the process's, until the work is done, where it holds it
 * @arch: what the fault is repeated with
 */
struct kvm_async_pf {
	struct list_head link;
	struct list_head queue;
	struct list_head work;
	gpa_t cr2_or_gpa;
	unsigned long addr;
	struct mm_struct *mm;
	struct kvm_arch_async_pf arch;
};

void kvm_async_pf_enable(struct kvm_vcpu *vcpu);
void kvm_async_pf_serve(struct kvm_vcpu *vcpu);
void kvm_async_pf_over(struct kvm_vcpu *vcpu);
bool kvm_can_do_async_pf(struct kvm_vcpu *vcpu);
bool kvm_find_async_pf_gfn(struct kvm_vcpu *vcpu, gfn_t gfn);
bool kvm_setup_async_pf(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa, unsigned long hva,
			const struct kvm_arch_async_pf *arch);
void kvm_vcpu_halt(struct kvm_vcpu *vcpu);
void kvm_check_async_pf_completion(struct kvm_vcpu *vcpu);
void kvm_clear_async_pf_completion_queue(struct kvm_vcpu *vcpu);
/* mmu/mmu.c: the page is there, fault again. SRCU read side. May sleep. */
void kvm_arch_async_page_ready(struct kvm_vcpu *vcpu, struct kvm_async_pf *work);

/* --- ioctls: fakes/kvm/ioctl.c --- */

/* User space's arguments are plain pointers; NULL stands for a bad one. */
int kvm_vm_ioctl_set_memory_region(struct kvm *kvm,
				   const struct kvm_userspace_memory_region *mem);
int kvm_vm_ioctl_set_memory_region2(struct kvm *kvm,
				    const struct kvm_userspace_memory_region2 *mem);
int kvm_vm_ioctl_create_guest_memfd(struct kvm *kvm, const struct kvm_create_guest_memfd *args);
int kvm_vm_ioctl_set_mem_attributes(struct kvm *kvm, const struct kvm_memory_attributes *attrs);
int kvm_vm_ioctl_mem_enc_register_region(struct kvm *kvm, const struct kvm_enc_region *range);
int kvm_vm_ioctl_mem_enc_unregister_region(struct kvm *kvm, const struct kvm_enc_region *range);
int kvm_vm_ioctl_launch_update(struct kvm *kvm, const struct kvm_sev_launch_update_data *data);
int kvm_vm_ioctl_send_update(struct kvm *kvm, const struct kvm_sev_transport_data *data);
int kvm_vm_ioctl_receive_update(struct kvm *kvm, const struct kvm_sev_transport_data *data);
/* KVM_ENABLE_CAP; @source stands for the file descriptor, NULL for a bad one. */
int kvm_vm_ioctl_copy_enc_context_from(struct kvm *kvm, struct kvm *source);
int kvm_vm_ioctl_move_enc_context_from(struct kvm *kvm, struct kvm *source);

/* --- memslots: fakes/kvm/memslots.c, memslot_update.c, memslot_arch.c --- */

int kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem);
int __kvm_set_memory_region(struct kvm *kvm, const struct kvm_userspace_memory_region2 *mem);

unsigned int kvm_arch_nr_memslot_as_ids(struct kvm *kvm);
bool kvm_arch_has_private_mem(struct kvm *kvm);
bool kvm_arch_has_readonly_mem(struct kvm *kvm);
bool kvm_memslot_flush_zap_all(struct kvm *kvm);
/* The active set. A step (the pointer is shared); caller is in SRCU or holds slots_lock. */
struct kvm_memslots *__kvm_memslots(struct kvm *kvm, int as_id);
struct kvm_memslots *kvm_memslots(struct kvm *kvm);
static inline struct kvm_memslots *kvm_vcpu_memslots(struct kvm_vcpu *vcpu)
{
	return __kvm_memslots(vcpu->kvm, vcpu->arch.mmu->root_role.smm);
}
struct kvm_memory_slot *id_to_memslot(struct kvm_memslots *slots, int id);
struct kvm_memory_slot *__gfn_to_memslot(struct kvm_memslots *slots, gfn_t gfn);
struct kvm_memory_slot *gfn_to_memslot(struct kvm *kvm, gfn_t gfn);
struct kvm_memory_slot *kvm_vcpu_gfn_to_memslot(struct kvm_vcpu *vcpu, gfn_t gfn);

#define kvm_for_each_memslot(slot, i, set)				\
	for ((i) = 0; (i) < (set)->nr_slots &&				\
	     ((slot) = (set)->slots[i], 1); (i)++)

static inline bool memslot_meets_hva_range(const struct kvm_memory_slot *slot,
					   unsigned long first, unsigned long last)
{
	unsigned long addr = slot->userspace_addr;

	return addr <= last && first < addr + (slot->npages << PAGE_SHIFT);
}

/* Slots of @set whose addresses meet [first, last]; not sorted by address. */
#define kvm_for_each_memslot_in_hva_range(slot, i, set, first, last)	\
	kvm_for_each_memslot(slot, i, set)				\
		if (!memslot_meets_hva_range(slot, first, last)) {	\
			continue;					\
		} else

static inline bool memslot_is_readonly(const struct kvm_memory_slot *slot)
{
	return slot->flags & KVM_MEM_READONLY;
}

static inline bool memslot_is_encrypted(const struct kvm_memory_slot *slot)
{
	return slot->flags & KVM_MEMSLOT_ENCRYPTED;
}

static inline bool kvm_slot_dirty_track_enabled(const struct kvm_memory_slot *slot)
{
	return slot->flags & KVM_MEM_LOG_DIRTY_PAGES;
}

/* Dirty logging: the bitmap, of a slot that has one. A step then. */
static inline void mark_page_dirty_in_slot(struct kvm *kvm, const struct kvm_memory_slot *slot,
					   gfn_t gfn)
{
	if (slot && kvm_slot_dirty_track_enabled(slot) && slot->dirty_bitmap)
		set_bit(gfn - slot->base_gfn, slot->dirty_bitmap);
}

/* Page tables are charged to nobody. */
static inline void kvm_account_pgtable_pages(void *virt, int nr)
{
}

static inline unsigned long __gfn_to_hva_memslot(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return slot->userspace_addr + (gfn - slot->base_gfn) * PAGE_SIZE;
}

static inline gfn_t hva_to_gfn_memslot(unsigned long hva, struct kvm_memory_slot *slot)
{
	return slot->base_gfn + ((hva - slot->userspace_addr) >> PAGE_SHIFT);
}

/* Address of @gfn, or an error hva: no slot, INVALID slot (KVM_HVA_ERR_BAD). */
unsigned long gfn_to_hva(struct kvm *kvm, gfn_t gfn);
unsigned long gfn_to_hva_memslot(const struct kvm_memory_slot *slot, gfn_t gfn);

/* Which entry of a slot's per-level arrays @gfn belongs to. */
static inline gfn_t gfn_to_index(gfn_t gfn, gfn_t base_gfn, int level)
{
	return (gfn >> KVM_HPAGE_GFN_SHIFT(level)) - (base_gfn >> KVM_HPAGE_GFN_SHIFT(level));
}

static inline struct kvm_lpage_info *
lpage_info_slot(gfn_t gfn, const struct kvm_memory_slot *slot, int level)
{
	return &slot->arch.lpage_info[level - 2][gfn_to_index(gfn, slot->base_gfn, level)];
}

int kvm_arch_prepare_memory_region(struct kvm *kvm, const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new, enum kvm_mr_change change);
void kvm_arch_commit_memory_region(struct kvm *kvm, struct kvm_memory_slot *old,
				   const struct kvm_memory_slot *new, enum kvm_mr_change change);
void kvm_arch_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);
void kvm_arch_memslots_updated(struct kvm *kvm, u64 gen);

/* --- from address to page frame: fakes/kvm/pfn.c --- */

kvm_pfn_t hva_to_pfn(unsigned long addr, bool atomic, bool interruptible, bool *async,
		     bool write_fault, bool *writable);
kvm_pfn_t __gfn_to_pfn_memslot(const struct kvm_memory_slot *slot, gfn_t gfn, bool atomic,
			       bool interruptible, bool *async, bool write_fault, bool *writable,
			       hva_t *hva);
kvm_pfn_t gfn_to_pfn(struct kvm *kvm, gfn_t gfn);

static inline kvm_pfn_t gfn_to_pfn_prot(struct kvm *kvm, gfn_t gfn, bool write_fault,
					bool *writable)
{
	return __gfn_to_pfn_memslot(gfn_to_memslot(kvm, gfn), gfn, false, false, NULL,
				    write_fault, writable, NULL);
}

static inline kvm_pfn_t gfn_to_pfn_memslot(const struct kvm_memory_slot *slot, gfn_t gfn)
{
	return __gfn_to_pfn_memslot(slot, gfn, false, false, NULL, true, NULL, NULL);
}

/* Until v6.1 nobody could be interrupted while a page was faulted in. */
#if PINSIM_KVER < 602
#define hva_to_pfn(addr, atomic, async, write, writable)		\
	hva_to_pfn(addr, atomic, false, async, write, writable)
#define __gfn_to_pfn_memslot(slot, gfn, atomic, async, write, writable, hva) \
	__gfn_to_pfn_memslot(slot, gfn, atomic, false, async, write, writable, hva)
#endif

struct page *kvm_pfn_to_refcounted_page(kvm_pfn_t pfn);
bool kvm_is_reserved_pfn(kvm_pfn_t pfn);
void kvm_release_pfn_clean(kvm_pfn_t pfn);
void kvm_release_pfn_dirty(kvm_pfn_t pfn);
void kvm_set_pfn_dirty(kvm_pfn_t pfn);
void kvm_set_pfn_accessed(kvm_pfn_t pfn);

static inline void kvm_release_pfn(kvm_pfn_t pfn, bool dirty)
{
	if (dirty)
		kvm_release_pfn_dirty(pfn);
	else
		kvm_release_pfn_clean(pfn);
}

/* --- private memory: fakes/kvm/guest_memfd.c, mem_attributes.c --- */

int kvm_gmem_create(struct kvm *kvm, const struct kvm_create_guest_memfd *args);
int kvm_gmem_bind(struct kvm *kvm, struct kvm_memory_slot *slot, unsigned int fd, u64 offset);
void kvm_gmem_unbind(struct kvm_memory_slot *slot);
int kvm_gmem_get_pfn(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn,
		     int *max_order);

int kvm_set_mem_attributes(struct kvm *kvm, const struct kvm_memory_attributes *attrs);
void kvm_free_mem_attributes(struct kvm *kvm);
/* A step where a VM can have such memory; the other is none, for who only looks. */
bool kvm_mem_is_private(struct kvm *kvm, gfn_t gfn);
bool kvm_gfn_is_private(const struct kvm *kvm, gfn_t gfn);

static inline bool kvm_slot_can_be_private(const struct kvm_memory_slot *slot)
{
	return slot && slot->flags & KVM_MEM_GUEST_MEMFD;
}

/* --- MMU notifier: fakes/kvm/mmu_notifier.c --- */

/* What a fault remembers before it looks at the mm (H.5). A step. */
unsigned long kvm_mmu_invalidate_seq_begin(struct kvm *kvm);
/* H.17, under mmu_lock: must a fault that began at @mmu_seq start over? */
bool mmu_invalidate_retry(struct kvm *kvm, unsigned long mmu_seq);
bool mmu_invalidate_retry_gfn(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn);
bool mmu_invalidate_retry_hva(struct kvm *kvm, unsigned long mmu_seq, unsigned long hva);
/* Until v5.19 all of that had other names. */
#if PINSIM_KVER < 600
#define mmu_notifier_retry		mmu_invalidate_retry
#define mmu_notifier_retry_hva		mmu_invalidate_retry_hva
#define mmu_notifier_seq		mmu_invalidate_seq
#define mmu_notifier_count		mmu_invalidate_in_progress
#define mmu_notifier_range_start	mmu_invalidate_range_start
#define mmu_notifier_range_end		mmu_invalidate_range_end
#endif
/* Whichever of the two the profile's kernel asks. */
bool mmu_invalidate_retry_fault(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn,
				unsigned long hva);
/* H.7, 6.12: the same without mmu_lock, a step; on 6.1 false and no step. */
bool mmu_invalidate_retry_gfn_unsafe(struct kvm *kvm, unsigned long mmu_seq, gfn_t gfn);

void kvm_mmu_invalidate_begin(struct kvm *kvm);
void kvm_mmu_invalidate_range_add(struct kvm *kvm, u64 start, u64 end);
void kvm_mmu_invalidate_end(struct kvm *kvm);

/* How the profile's kernel does it. */
bool kvm_tdp_mmu_lists_tables(void);
unsigned int kvm_tdp_mmu_zap_passes(void);
bool kvm_tdp_mmu_ages_by_change(void);
bool kvm_mmu_tells_write_protected(void);
bool kvm_has_pre_fault(void);

/* mmu_lock as the profile's kernel takes it for a vCPU's root to come or go: steps. */
void (kvm_mmu_lock_roots)(struct kvm *kvm);
void (kvm_mmu_unlock_roots)(struct kvm *kvm);
#define kvm_mmu_lock_roots(k)	(sim_site_set(__func__), (kvm_mmu_lock_roots)(k))
#define kvm_mmu_unlock_roots(k)	(sim_site_set(__func__), (kvm_mmu_unlock_roots)(k))

void kvm_flush_remote_tlbs(struct kvm *kvm);
void kvm_arch_guest_memory_reclaimed(struct kvm *kvm);

/* --- implemented by the MMU: mmu/ --- */

/* Called once for a VM and for each vCPU, before they can run. */
void kvm_mmu_init_vm(struct kvm *kvm);
void kvm_mmu_uninit_vm(struct kvm *kvm);
int kvm_mmu_create(struct kvm_vcpu *vcpu);
void kvm_mmu_destroy(struct kvm_vcpu *vcpu);
/* Drop the roots that the vCPU has loaded. */
void kvm_mmu_unload(struct kvm_vcpu *vcpu);
int kvm_mmu_load(struct kvm_vcpu *vcpu);

/* RFC v0's (mmu/map_page.c): a page is mapped before the guest touches it. */
kvm_pfn_t kvm_mmu_map_tdp_page(struct kvm_vcpu *vcpu, gpa_t gpa, u64 error_code,
			       int max_level);

/* Zap every leaf in @range, in every root; mmu_lock held for writing. Return: TLB flush needed. */
bool kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);
bool kvm_age_gfn(struct kvm *kvm, struct kvm_gfn_range *range);
bool kvm_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range);
/* G.12: a slot was deleted or moved; slots_lock held. Takes mmu_lock. */
void kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);
/* G.8: the slots have a new generation; slots_lock held. Takes mmu_lock, seldom. */
void kvm_mmu_invalidate_mmio_sptes(struct kvm *kvm, u64 gen);
/* Dirty logging begins: no leaf of the slot is writable; slots_lock held. Takes mmu_lock. */
void kvm_mmu_slot_remove_write_access(struct kvm *kvm, const struct kvm_memory_slot *slot,
				      int start_level);
/* What the MMU keeps of a slot goes with it. */
void kvm_page_track_free_memslot(struct kvm_memory_slot *slot);
/* H.35: the mm or the VM goes. Takes mmu_lock. */
void kvm_arch_flush_shadow_all(struct kvm *kvm);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What x86 adds to KVM's objects (arch/x86/include/asm/kvm_host.h, v6.12): the
 * hooks that a pinning design fills, the arch part of a memslot, of a VM and
 * of a vCPU.
 *
 * In the kernel kvm_x86_ops is one table for the module; here each VM points to
 * its own, because VMs of one machine may run different designs.  The hooks are
 * called only through their trampolines (fakes/kvm/hooks.c), which tell the
 * ledger for whom references are taken.
 *
 * Each struct that patches have added fields to ends in a reserve.
 */
#ifndef _ASM_X86_KVM_HOST_H
#define _ASM_X86_KVM_HOST_H

#include <asm/pgtable_types.h>
#include <linux/atomic.h>
#include <linux/kvm_types.h>
#include <linux/list.h>
#include <linux/spinlock_types.h>

#define KVM_MAX_VCPUS		16	/* the kernel's is 1024 or more */
#define KVM_USER_MEM_SLOTS	32764	/* SHRT_MAX less three private ones */
#define KVM_PRIVATE_MEM_SLOTS	3
#define KVM_MAX_NR_ADDRESS_SPACES 2	/* normal and SMM */

/* Mapping sizes that a slot keeps track of: 4K, 2M, 1G. */
#define KVM_MAX_HUGEPAGE_LEVEL	PG_LEVEL_1G
#define KVM_NR_PAGE_SIZES	(KVM_MAX_HUGEPAGE_LEVEL - PG_LEVEL_4K + 1)
#define KVM_HPAGE_GFN_SHIFT(x)	(((x) - 1) * 9)
#define KVM_HPAGE_SHIFT(x)	(PAGE_SHIFT + KVM_HPAGE_GFN_SHIFT(x))
#define KVM_HPAGE_SIZE(x)	(1UL << KVM_HPAGE_SHIFT(x))
#define KVM_HPAGE_MASK(x)	(~(KVM_HPAGE_SIZE(x) - 1))
#define KVM_PAGES_PER_HPAGE(x)	(KVM_HPAGE_SIZE(x) / PAGE_SIZE)

/* Guest physical addresses have 48 bits: four levels of tables. */
#define KVM_MAX_GPA_BITS	48

/* Fields that a patch adds to a struct, in the storage of its reserve. */
#define PINSIM_RESERVE(n, ...)						\
	union {								\
		unsigned long reserve[n];				\
		struct { __VA_ARGS__ };					\
		_Static_assert(sizeof(struct { __VA_ARGS__ }) <= (n) * sizeof(long), \
			       "fields that a patch adds do not fit the reserve"); \
	};

struct kvm_mmu_page;

struct kvm_lpage_info {
	int disallow_lpage;
};

/**
 * struct kvm_arch_memory_slot - x86's part of a memslot
 * @lpage_info: one entry for each 2M (index 0) or 1G block (1) that the slot touches
 * @pinned_bitmap: RFC v0's: bit per page of the slot, set while a pin is recorded
 * @pfns: RFC v0's: the page frame that the record is about
 * @gfn_write_track: who watches writes to each page, or NULL: nobody to any
 * @reserve: for fields of other patches
 *
 * Copied as a whole to the INVALID slot and on a change of flags only: the
 * arrays are then shared, and kvm_arch_free_memslot() runs for one of the two.
 */
struct kvm_arch_memory_slot {
	struct kvm_lpage_info *lpage_info[KVM_NR_PAGE_SIZES - 1];
	unsigned long *pinned_bitmap;
	kvm_pfn_t *pfns;
	unsigned short *gfn_write_track;
#ifdef PINSIM_FIELDS_kvm_arch_memory_slot
	PINSIM_RESERVE(6, PINSIM_FIELDS_kvm_arch_memory_slot)
#else
	unsigned long reserve[6];
#endif
};

/* What distinguishes a page table from another one for the same gfn. */
union kvm_mmu_page_role {
	u32 word;
	struct {
		u32 level:4;
		u32 direct:1;
		u32 invalid:1;
		u32 smm:1;
		u32 variant:8;	/* a race's "role N": stands for CR0.WP, SMEP ... */
		u32 access:3;		/* these three stay 0: nothing is shadowed */
		u32 ad_disabled:1;
		u32 guest_mode:1;
	};
};

struct kvm_mmu_root_info {
	hpa_t hpa;		/* address of the root table, INVALID_PAGE if none */
	gpa_t pgd;		/* 0: the guest's own root does not matter */
};

/*
 * Bits that an entry of a level (first index: its bit 7) must not have set. None
 * is looked for here.
 */
struct rsvd_bits_validate {
	u64 rsvd_bits_mask[2][5];
	u64 bad_mt_xwr;
};

#define INVALID_PAGE		(~(hpa_t)0)
#define VALID_PAGE(x)		((x) != INVALID_PAGE)

/**
 * struct kvm_mmu - the page tables that a vCPU runs on
 * @root: the root it has loaded
 * @root_role: what it looks for
 * @shadow_zero_check: bits that no SPTE has
 */
struct kvm_mmu {
	struct kvm_mmu_root_info root;
	union kvm_mmu_page_role root_role;
	struct rsvd_bits_validate shadow_zero_check;
};

/* Faults that made an entry to remember that nothing is there. */
struct kvm_vcpu_stat {
	u64 pf_mmio_spte_created;
};

/* How many leaves of each size. */
struct kvm_vm_stat {
	atomic64_t pages[KVM_NR_PAGE_SIZES];
};

/**
 * struct kvm_arch_async_pf - an asynchronous page fault, for x86
 * @gfn: that the guest accessed
 * @error_code: PFERR_* of the access
 */
struct kvm_arch_async_pf {
	gfn_t gfn;
	u64 error_code;
};

/**
 * struct kvm_vcpu_arch - x86's part of a vCPU
 * @mmu: &@root_mmu
 * @root_mmu: the only one, nested guests are not modelled
 * @mmu_shadow_page_cache: tables in stock; vcpu->mutex
 * @mmu_page_header_cache: their descriptors, if they have any
 * @mmio_gfn: gfn of the last fault that met no slot
 * @mmio_gen: generation of the slots by then
 * @apf_halted: until a page has been brought (apf.halted in the kernel)
 * @reserve: for fields of other patches
 */
struct kvm_vcpu_arch {
	struct kvm_mmu *mmu;
	struct kvm_mmu root_mmu;
	struct kvm_mmu_memory_cache mmu_shadow_page_cache;
	struct kvm_mmu_memory_cache mmu_page_header_cache;
	gfn_t mmio_gfn;
	u64 mmio_gen;
	bool apf_halted;
#ifdef PINSIM_FIELDS_kvm_vcpu_arch
	PINSIM_RESERVE(8, PINSIM_FIELDS_kvm_vcpu_arch)
#else
	unsigned long reserve[8];
#endif
};

/**
 * struct kvm_arch - x86's part of a VM
 * @ops: the design's hooks; a hook left NULL is not there
 * @vm_type: KVM_X86_*_VM
 * @mmu_valid_gen: toggled to make every page table obsolete (H.31)
 * @tdp_mmu_roots: every root, invalid ones too; mmu_lock
 * @tdp_mmu_pages_lock: bookkeeping of page tables by tasks that hold mmu_lock shared
 * @tdp_mmu_pages: how many page tables
 * @tdp_mmu_page_list: 6.1's @tdp_mmu_pages: the tables themselves
 * @tdp_mmu_enabled: always, where somebody sets it
 * @disable_nx_huge_pages: the VM does without that mitigation
 * @shadow_mmio_value: 0: MMIO caching is off
 * @reserve: for fields of other patches
 */
struct kvm_arch {
	const struct kvm_x86_ops *ops;
	unsigned long vm_type;
	u8 mmu_valid_gen;
	struct list_head tdp_mmu_roots;
	spinlock_t tdp_mmu_pages_lock;
	atomic64_t tdp_mmu_pages;
	struct list_head tdp_mmu_page_list;
	bool tdp_mmu_enabled;
	bool disable_nx_huge_pages;
	u64 shadow_mmio_value;
#ifdef PINSIM_FIELDS_kvm_arch
	PINSIM_RESERVE(16, PINSIM_FIELDS_kvm_arch)
#else
	unsigned long reserve[16];
#endif
};

/**
 * struct kvm_x86_ops - the hooks that a design may fill
 * @name: of the design, for people
 * @pins_of: the VM with which what a fault pins is recorded, so that it outlives the
 *	slot; no hook, and no field of the kernel's: the ledger goes by it
 * @kvm_pins: with the design comes a KVM that pins what it finds in slots that are
 *	KVM_MEMSLOT_ENCRYPTED, and unpins what looks pinned (RFC v1); no hook either
 * @private_mem: a VM of the design is an SNP guest, whose memory comes from a
 *	guest_memfd; no hook either: its VMM goes by it
 * @vm_init: the VM is being made, it has no vCPU, slot or notifier yet; 0 or -errno
 * @vm_destroy: the VM goes, its SPTEs are gone, its slots still stand (G.14)
 * @mem_enc_register_region: KVM_MEMORY_ENCRYPT_REG_REGION; takes kvm->lock itself
 * @mem_enc_unregister_region: KVM_MEMORY_ENCRYPT_UNREG_REGION
 * @guest_memory_reclaimed: guest memory is about to leave the guest: start of an
 *	MMU notifier window that hits a slot, slot deleted or moved, mm gone (I.11)
 * @alloc_memslot_metadata: last part of preparing a slot that is created or
 *	moved; @old is NULL for a new slot; undoes itself when it fails
 * @free_memslot: last part of freeing the arch data of @slot; slots_lock, or nothing
 *	when the VM goes; may sleep (N.7)
 * @faultin_pfn: instead of KVM's own GET. On 0, *@pfn carries one plain
 *	reference, which KVM puts when the fault is done
 * @pin_pfn: after KVM's GET and before mmu_lock; may sleep. -EAGAIN has the fault
 *	tried again, another errno ends it with -EFAULT; KVM puts its own first
 * @pin_spte: a present leaf SPTE was just written, mmu_lock held (RFC v0);
 *	cannot fail
 * @pin_new_spte: a leaf SPTE is about to be written, mmu_lock held exclusively; the
 *	RFC of 2020, where it is called pin_spte(). On true the SPTE says that it is
 *	pinned, and goes on saying so when only the notifier takes the mapping away
 * @drop_pinned_spte: such an SPTE is gone, mmu_lock held
 * @launch_update: KVM_SEV_LAUNCH_UPDATE_DATA; without it, sev_vm_launch_update()
 * @send_update: KVM_SEV_SEND_UPDATE_DATA; without it, sev_vm_send_update()
 * @receive_update: KVM_SEV_RECEIVE_UPDATE_DATA; without it, sev_vm_receive_update()
 * @move_enc_context: intra-host migration: the guest of @source is @kvm's from here
 *	on, and nobody runs either; an errno is that of the whole
 * @gmem_prepare: a guest_memfd's page is about to be the guest's for the first time;
 *	an errno ends the fault with it
 * @gmem_invalidate: such pages have left their file; the VM may be gone
 * @reserve: for hooks of other patches
 */
struct kvm_x86_ops {
	const char *name;
	struct kvm *(*pins_of)(struct kvm *kvm);
	bool kvm_pins;
	bool private_mem;

	int (*vm_init)(struct kvm *kvm);
	void (*vm_destroy)(struct kvm *kvm);

	int (*mem_enc_register_region)(struct kvm *kvm, struct kvm_enc_region *range);
	int (*mem_enc_unregister_region)(struct kvm *kvm, struct kvm_enc_region *range);
	void (*guest_memory_reclaimed)(struct kvm *kvm);

	int (*alloc_memslot_metadata)(struct kvm *kvm, const struct kvm_memory_slot *old,
				      struct kvm_memory_slot *new);
	void (*free_memslot)(struct kvm *kvm, struct kvm_memory_slot *slot);

	int (*faultin_pfn)(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn,
			   hva_t hva, bool write, kvm_pfn_t *pfn, bool *map_writable);
	int (*pin_pfn)(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
		       kvm_pfn_t pfn, bool write, enum pg_level level);
	void (*pin_spte)(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn);
	bool (*pin_new_spte)(struct kvm_vcpu *vcpu, gfn_t gfn, int level, kvm_pfn_t pfn);
	void (*drop_pinned_spte)(struct kvm *kvm, gfn_t gfn, int level, kvm_pfn_t pfn);

	int (*launch_update)(struct kvm *kvm, hva_t uaddr, unsigned long len);
	int (*send_update)(struct kvm *kvm, hva_t uaddr, unsigned long len);
	int (*receive_update)(struct kvm *kvm, hva_t uaddr, unsigned long len);
	int (*move_enc_context)(struct kvm *kvm, struct kvm *source);

	int (*gmem_prepare)(struct kvm *kvm, kvm_pfn_t pfn, gfn_t gfn, int max_order);
	void (*gmem_invalidate)(kvm_pfn_t start, kvm_pfn_t end);

#ifdef PINSIM_FIELDS_kvm_x86_ops
	PINSIM_RESERVE(8, PINSIM_FIELDS_kvm_x86_ops)
#else
	void (*reserve[8])(void);
#endif
};

/* --- trampolines: fakes/kvm/hooks.c --- */

/* Does this VM's design fill the hook? */
#define kvm_x86_has(kvm, hook)	((kvm)->arch.ops && (kvm)->arch.ops->hook)

int kvm_x86_vm_init(struct kvm *kvm);
void kvm_x86_vm_destroy(struct kvm *kvm);
int kvm_x86_register_region(struct kvm *kvm, struct kvm_enc_region *range);
int kvm_x86_unregister_region(struct kvm *kvm, struct kvm_enc_region *range);
void kvm_x86_guest_memory_reclaimed(struct kvm *kvm);
int kvm_x86_alloc_memslot_metadata(struct kvm *kvm, const struct kvm_memory_slot *old,
				   struct kvm_memory_slot *new);
void kvm_x86_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);
int kvm_x86_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
			bool write, kvm_pfn_t *pfn, bool *map_writable);
int kvm_x86_pin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
		    kvm_pfn_t pfn, bool write, enum pg_level level);
void kvm_x86_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn);
bool kvm_x86_pin_new_spte(struct kvm_vcpu *vcpu, gfn_t gfn, int level, kvm_pfn_t pfn);
void kvm_x86_drop_pinned_spte(struct kvm *kvm, gfn_t gfn, int level, kvm_pfn_t pfn);
int kvm_x86_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int kvm_x86_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int kvm_x86_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int kvm_x86_move_enc_context(struct kvm *kvm, struct kvm *source);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Designs with one fault each, for the checks to find over the whole simulated
 * kernel; and beside a fault, where that is not a built-in design, the same
 * without it. They are called by name like the built-in ones: the program is
 * linked so that a look-up of a design comes by here first.
 */
#include <linux/bitops.h>
#include <linux/kvm_host.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <svm/svm.h>

#include "pin/designs.h"
#include "pin/slot_records.h"

struct plant {
	const struct kvm_x86_ops *ops;
	const struct pin_probe *probe;
};

/* --- as the built-in designs do it ----------------------------------------- */

static int accept(struct kvm *kvm, struct kvm_enc_region *range)
{
	return 0;
}

static int ref_alloc(struct kvm *kvm, const struct kvm_memory_slot *old,
		     struct kvm_memory_slot *new)
{
	return demand_ref_ops.alloc_memslot_metadata(kvm, old, new);
}

static void ref_free(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	demand_ref_ops.free_memslot(kvm, slot);
}

static void ref_pin(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	demand_ref_ops.pin_spte(kvm, gfn, level, pfn);
}

static int late_alloc(struct kvm *kvm, const struct kvm_memory_slot *old,
		      struct kvm_memory_slot *new)
{
	return demand_late_ops.alloc_memslot_metadata(kvm, old, new);
}

static int late_pin(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
		    kvm_pfn_t pfn, bool write, enum pg_level level)
{
	return demand_late_ops.pin_pfn(vcpu, slot, gfn, hva, pfn, write, level);
}

/* Beside the hooks of demand-ref, a hook that does something on the side. */
#define ON_THE_SIDE(what, called, does)						\
static int what##_pin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot,	\
			  gfn_t gfn, hva_t hva, kvm_pfn_t pfn, bool write,	\
			  enum pg_level level)					\
{										\
	does(vcpu, slot, pfn);							\
	return 0;								\
}										\
static const struct kvm_x86_ops what##_ops = {					\
	.name = "plant-" called,						\
	.mem_enc_register_region = accept,					\
	.mem_enc_unregister_region = accept,					\
	.alloc_memslot_metadata = ref_alloc,					\
	.free_memslot = ref_free,						\
	.pin_pfn = what##_pin_pfn,						\
	.pin_spte = ref_pin,							\
}

/* --- references ------------------------------------------------------------ */

/* Nothing is ever pinned, nor recorded. */
static const struct kvm_x86_ops none_ops = {
	.name = "plant-none",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
};

static const struct pin_probe none_probe = {
	.must_pin = slot_must_pin,
};

static void forget(struct kvm_memory_slot *slot)
{
	kvfree(slot->arch.pinned_bitmap);
	slot->arch.pinned_bitmap = NULL;
	kvfree(slot->arch.pfns);
	slot->arch.pfns = NULL;
}

static void leak_free(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	forget(slot);
}

/* The host's lines are written back when memory is registered, the guest's never. */
static int flush_register(struct kvm *kvm, struct kvm_enc_region *range)
{
	return wbinvd_on_all_cpus();
}

static const struct kvm_x86_ops unflushed_ops = {
	.name = "plant-unflushed",
	.mem_enc_register_region = flush_register,
	.mem_enc_unregister_region = accept,
};

static const struct kvm_x86_ops flushed_ops = {
	.name = "plant-flushed",
	.mem_enc_register_region = flush_register,
	.mem_enc_unregister_region = accept,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
};

static const struct kvm_x86_ops leak_ops = {
	.name = "plant-leak",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = ref_alloc,
	.free_memslot = leak_free,
	.pin_spte = ref_pin,
};

/* What it allocates to begin with, the arrays, is forgotten, not their pages. */
static void forgetful_free(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long i;

	for (i = 0; i < slot->npages; i++)
		if (test_bit(i, slot->arch.pinned_bitmap))
			put_page(pfn_to_page(slot->arch.pfns[i]));
	slot->arch.pfns = NULL;
	slot->arch.pinned_bitmap = NULL;
}

static const struct kvm_x86_ops forgetful_ops = {
	.name = "plant-forgetful",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = ref_alloc,
	.free_memslot = forgetful_free,
	.pin_spte = ref_pin,
};

static void put_twice_free(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long i;

	for (i = 0; i < slot->npages; i++) {
		if (!test_bit(i, slot->arch.pinned_bitmap))
			continue;
		put_page(pfn_to_page(slot->arch.pfns[i]));
		put_page(pfn_to_page(slot->arch.pfns[i]));
	}
	forget(slot);
}

static const struct kvm_x86_ops put_twice_ops = {
	.name = "plant-put-twice",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = ref_alloc,
	.free_memslot = put_twice_free,
	.pin_spte = ref_pin,
};

static void unpin_twice_free(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long i;

	for (i = 0; i < slot->npages; i++) {
		if (!slot->arch.pfns[i])
			continue;
		unpin_user_page(pfn_to_page(slot->arch.pfns[i]));
		unpin_user_page(pfn_to_page(slot->arch.pfns[i]));
	}
	forget(slot);
}

static const struct kvm_x86_ops unpin_twice_ops = {
	.name = "plant-unpin-twice",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = late_alloc,
	.free_memslot = unpin_twice_free,
	.pin_pfn = late_pin,
};

/* Bring a page's count up to @top, and down again. */
static void count_up_to(kvm_pfn_t pfn, int top)
{
	struct page *page = pfn_to_page(pfn);
	int more = top - page_count(page);

	page_ref_add(page, more);
	page_ref_sub(page, more);
}

/* The kernel's own test allows 127 units of slack below the wrap (A.7). */
#define to_the_brink(vcpu, slot, pfn)	count_up_to(pfn, INT_MAX - 127)
#define before_the_brink(vcpu, slot, pfn) count_up_to(pfn, INT_MAX - 128)

/* Pins the page, but not before the fault has started over so often. */
static int again_unless(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn,
			hva_t hva, kvm_pfn_t pfn, bool write, enum pg_level level,
			unsigned long times)
{
	if (vcpu->kvm->arch.reserve[2]++ < times)
		return -EAGAIN;
	return late_pin(vcpu, slot, gfn, hva, pfn, write, level);
}

static int again_pin(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
		     kvm_pfn_t pfn, bool write, enum pg_level level)
{
	return again_unless(vcpu, slot, gfn, hva, pfn, write, level, ULONG_MAX);
}

static int twice_pin(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn, hva_t hva,
		     kvm_pfn_t pfn, bool write, enum pg_level level)
{
	return again_unless(vcpu, slot, gfn, hva, pfn, write, level, 2);
}

static void late_free(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	demand_late_ops.free_memslot(kvm, slot);
}

static const struct kvm_x86_ops again_ops = {
	.name = "plant-again",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = late_alloc,
	.free_memslot = late_free,
	.pin_pfn = again_pin,
};

static const struct kvm_x86_ops twice_ops = {
	.name = "plant-twice",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = late_alloc,
	.free_memslot = late_free,
	.pin_pfn = twice_pin,
};

ON_THE_SIDE(overflow, "overflow", to_the_brink);
ON_THE_SIDE(no_overflow, "no-overflow", before_the_brink);

/* --- records and counters --------------------------------------------------- */

/* The bit is set and the frame stored; the reference is forgotten. */
static void no_get_pin(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);

	slot->arch.pfns[gfn - slot->base_gfn] = pfn;
	set_bit(gfn - slot->base_gfn, slot->arch.pinned_bitmap);
}

static const struct kvm_x86_ops no_get_ops = {
	.name = "plant-no-get",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = ref_alloc,
	.free_memslot = leak_free,
	.pin_spte = no_get_pin,
};

static int drift_register(struct kvm *kvm, struct kvm_enc_region *range)
{
	int r = eager_ops.mem_enc_register_region(kvm, range);

	to_kvm_sev_info(kvm)->pages_locked++;
	return r;
}

static int drift_unregister(struct kvm *kvm, struct kvm_enc_region *range)
{
	return eager_ops.mem_enc_unregister_region(kvm, range);
}

static void drift_vm_destroy(struct kvm *kvm)
{
	eager_ops.vm_destroy(kvm);
}

static const struct kvm_x86_ops drift_ops = {
	.name = "plant-drift",
	.vm_destroy = drift_vm_destroy,
	.mem_enc_register_region = drift_register,
	.mem_enc_unregister_region = drift_unregister,
};

/* --- memory ----------------------------------------------------------------- */

/* The VM keeps a pointer to the first slot's array, and looks at it at its end. */
static int keep_alloc(struct kvm *kvm, const struct kvm_memory_slot *old,
		      struct kvm_memory_slot *new)
{
	int r = ref_alloc(kvm, old, new);

	kvm->arch.reserve[0] = (unsigned long)new->arch.pfns;
	return r;
}

static void keep_vm_destroy(struct kvm *kvm)
{
	kvm->arch.reserve[1] = READ_ONCE(*(kvm_pfn_t *)kvm->arch.reserve[0]);
}

static const struct kvm_x86_ops keep_ops = {
	.name = "plant-keep",
	.vm_destroy = keep_vm_destroy,
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = keep_alloc,
	.free_memslot = ref_free,
	.pin_spte = ref_pin,
};

/* Write to a slot's array what stands there. */
static void rewrite(struct kvm_memory_slot *slot, unsigned long i)
{
	WRITE_ONCE(slot->arch.pfns[i], i ? 0 : READ_ONCE(slot->arch.pfns[0]));
}

#define behind_the_last(vcpu, slot, pfn)	rewrite(slot, (slot)->npages)
#define at_the_last(vcpu, slot, pfn)		rewrite(slot, (slot)->npages - 1)

ON_THE_SIDE(bounds, "bounds", behind_the_last);
ON_THE_SIDE(no_bounds, "no-bounds", at_the_last);

/* --- locks, sleeping, warnings ---------------------------------------------- */

static void allocate(gfp_t flags)
{
	kfree(kzalloc(8, flags));
}

static void sleep_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	allocate(GFP_KERNEL);
	ref_pin(kvm, gfn, level, pfn);
}

static void atomic_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	allocate(GFP_ATOMIC);
	ref_pin(kvm, gfn, level, pfn);
}

static const struct kvm_x86_ops sleep_ops = {
	.name = "plant-sleep",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = ref_alloc,
	.free_memslot = ref_free,
	.pin_spte = sleep_pin_spte,
};

static const struct kvm_x86_ops atomic_ops = {
	.name = "plant-atomic",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
	.alloc_memslot_metadata = ref_alloc,
	.free_memslot = ref_free,
	.pin_spte = atomic_pin_spte,
};

static void lock_both(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

static int both_register(struct kvm *kvm, struct kvm_enc_region *range)
{
	lock_both(&kvm->lock, &kvm->slots_lock);
	return 0;
}

static int both_unregister(struct kvm *kvm, struct kvm_enc_region *range)
{
	lock_both(&kvm->slots_lock, &kvm->lock);
	return 0;
}

/* Registering takes two locks in KVM's order, unregistering in the other. */
static const struct kvm_x86_ops order_ops = {
	.name = "plant-order",
	.mem_enc_register_region = both_register,
	.mem_enc_unregister_region = both_unregister,
};

static const struct kvm_x86_ops in_order_ops = {
	.name = "plant-in-order",
	.mem_enc_register_region = both_register,
	.mem_enc_unregister_region = both_register,
};

#define warns(vcpu, slot, pfn)		WARN_ON((slot)->npages)
#define dies(vcpu, slot, pfn)		BUG_ON((slot)->npages)
#define is_content(vcpu, slot, pfn)	\
	do { BUG_ON(!(slot)->npages); WARN_ON(!(slot)->npages); } while (0)

/* Volatile: or the compiler sees where it leads. */
static void store_at(volatile unsigned long addr)
{
	WRITE_ONCE(*(u64 *)addr, 1);
}

#define stores_wildly(vcpu, slot, pfn)	store_at(0x40)

ON_THE_SIDE(warn, "warn", warns);
ON_THE_SIDE(bug, "bug", dies);
ON_THE_SIDE(wild, "wild", stores_wildly);
ON_THE_SIDE(content, "content", is_content);

/* --- where two vCPUs meet ---------------------------------------------------- */

/* As if it lay in pin/: its accesses are steps at access grain. */
#define __under_test	__attribute__((__section__(".text.under_test"), __noinline__))

static unsigned long met;

static __under_test void count_plainly(struct kvm *kvm)
{
	met++;
}

static __under_test void count_marked(struct kvm *kvm)
{
	WRITE_ONCE(met, READ_ONCE(met) + 1);
}

static __under_test void count_locked(struct kvm *kvm)
{
	spin_lock(&kvm->arch.tdp_mmu_pages_lock);
	met++;
	spin_unlock(&kvm->arch.tdp_mmu_pages_lock);
}

#define counts_plainly(vcpu, slot, pfn)	count_plainly((vcpu)->kvm)
#define counts_marked(vcpu, slot, pfn)	count_marked((vcpu)->kvm)
#define counts_locked(vcpu, slot, pfn)	count_locked((vcpu)->kvm)

ON_THE_SIDE(plain, "plain", counts_plainly);
ON_THE_SIDE(marked, "marked", counts_marked);
ON_THE_SIDE(locked, "locked", counts_locked);

/* --- a KVM that does not zap ------------------------------------------------- */

static const struct kvm_x86_ops no_zap_ops = {
	.name = "plant-no-zap",
	.mem_enc_register_region = accept,
	.mem_enc_unregister_region = accept,
};

bool __real_kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);
bool __wrap_kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);

bool __wrap_kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	if (kvm->arch.ops == &no_zap_ops)
		return false;
	return __real_kvm_unmap_gfn_range(kvm, range);
}

/* --- looked up by name -------------------------------------------------------- */

static const struct plant plants[] = {
	{ &none_ops, &none_probe },
	{ &unflushed_ops, &none_probe },
	{ &flushed_ops, &none_probe },
	{ &leak_ops, &demand_ref_probe },
	{ &forgetful_ops, &demand_ref_probe },
	{ &put_twice_ops, &demand_ref_probe },
	{ &again_ops, &demand_late_probe },
	{ &twice_ops, &demand_late_probe },
	{ &unpin_twice_ops, &demand_late_probe },
	{ &overflow_ops, &demand_ref_probe },
	{ &no_overflow_ops, &demand_ref_probe },
	{ &no_get_ops, &demand_ref_probe },
	{ &drift_ops, &eager_probe },
	{ &keep_ops, &demand_ref_probe },
	{ &bounds_ops, &demand_ref_probe },
	{ &no_bounds_ops, &demand_ref_probe },
	{ &sleep_ops, &demand_ref_probe },
	{ &atomic_ops, &demand_ref_probe },
	{ &order_ops, NULL },
	{ &in_order_ops, NULL },
	{ &warn_ops, &demand_ref_probe },
	{ &bug_ops, &demand_ref_probe },
	{ &wild_ops, &demand_ref_probe },
	{ &content_ops, &demand_ref_probe },
	{ &plain_ops, &demand_ref_probe },
	{ &marked_ops, &demand_ref_probe },
	{ &locked_ops, &demand_ref_probe },
	{ &no_zap_ops, NULL },
};

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const struct kvm_x86_ops *__real_pin_design_ops(const char *name);
const struct kvm_x86_ops *__wrap_pin_design_ops(const char *name);
const struct pin_probe *__real_pin_probe_of(unsigned int vm);
const struct pin_probe *__wrap_pin_probe_of(unsigned int vm);

const struct kvm_x86_ops *__wrap_pin_design_ops(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(plants); i++)
		if (same(plants[i].ops->name, name))
			return plants[i].ops;
	return __real_pin_design_ops(name);
}

const struct pin_probe *__wrap_pin_probe_of(unsigned int vm)
{
	struct kvm *kvm = kvm_find(vm);
	unsigned int i;

	for (i = 0; kvm && i < ARRAY_SIZE(plants); i++)
		if (kvm->arch.ops == plants[i].ops)
			return plants[i].probe;
	return __real_pin_probe_of(vm);
}

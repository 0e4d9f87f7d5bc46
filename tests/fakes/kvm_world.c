/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of KVM's memslots and notifier. */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/swap.h>
#include <svm/svm.h>

#include "fakes/build.h"
#include "fakes/fault.h"
#include "fakes/kvm/internal.h"
#include "fakes/mm/access.h"
#include "fakes/mm/internal.h"
#include "fakes/mm/migrate_range.h"
#include "fakes/sev/contents.h"
#include "tests/fakes/kvm_world.h"

#define KW_MAX_EVENTS	32
#define KW_MAX_TASKS	3

struct kw_task_state {
	enum kw_op op;
	struct kw_result result;
};

struct kw_world {
	struct kvm *kvm;
	enum kw_event event[KW_MAX_EVENTS + 1];
	unsigned int nr_events;
	int fail_hook;
	int fail_alloc_after;
	bool reclaim_flush;
	enum kw_hold also_hold;
	uint64_t next_metadata;
	struct kw_held held_at_free;
	struct kw_change change;
	struct kw_task_state task[KW_MAX_TASKS];
};

static struct kw_world *kw(void)
{
	return sim_room(SIM_ROOM_TEST);
}

static void happened(enum kw_event event)
{
	if (kw() && kw()->nr_events < KW_MAX_EVENTS)
		kw()->event[kw()->nr_events++] = event;
}

enum kw_event kw_event(unsigned int i)
{
	return kw()->event[i];
}

void kw_forget(void)
{
	unsigned int i;

	for (i = 0; i <= KW_MAX_EVENTS; i++)
		kw()->event[i] = KW_END;
	kw()->nr_events = 0;
}

/* --- what the build puts in the place of the functions --- */

bool __wrap_should_failslab(size_t size, gfp_t flags);
void __real_synchronize_srcu(struct srcu_struct *ssp);
void __wrap_synchronize_srcu(struct srcu_struct *ssp);
void __real_kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);
void __wrap_kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot);
void __real_kvm_arch_flush_shadow_all(struct kvm *kvm);
void __wrap_kvm_arch_flush_shadow_all(struct kvm *kvm);
void __real_kvm_mmu_destroy(struct kvm_vcpu *vcpu);
void __wrap_kvm_mmu_destroy(struct kvm_vcpu *vcpu);

bool __wrap_should_failslab(size_t size, gfp_t flags)
{
	if (!kw() || kw()->fail_alloc_after < 0)
		return false;
	return kw()->fail_alloc_after-- == 0;
}

void __wrap_synchronize_srcu(struct srcu_struct *ssp)
{
	/* The notifier list of the mm has an SRCU domain of its own. */
	if (kw() && kw()->kvm && ssp == &kw()->kvm->srcu)
		happened(KW_PUBLISHED);
	__real_synchronize_srcu(ssp);
}

void __wrap_kvm_arch_flush_shadow_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	happened(KW_FLUSH_SLOT);
	__real_kvm_arch_flush_shadow_memslot(kvm, slot);
}

void __wrap_kvm_arch_flush_shadow_all(struct kvm *kvm)
{
	happened(KW_FLUSH_ALL);
	__real_kvm_arch_flush_shadow_all(kvm);
}

void __wrap_kvm_mmu_destroy(struct kvm_vcpu *vcpu)
{
	happened(KW_VCPU_DESTROYED);
	__real_kvm_mmu_destroy(vcpu);
}

bool __real_kvm_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range);
bool __wrap_kvm_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range);

bool __wrap_kvm_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	struct kw_change *c = &kw()->change;

	happened(KW_CHANGED);
	c->gfn = range->start;
	c->npages = range->end - range->start;
	c->pfn = pte_pfn(range->pte);
	c->writable = pte_write(range->pte);
	c->mmu_lock = lockdep_is_held(&kvm->mmu_lock);
	c->mapped = kw_pfn(gfn_to_hva_memslot(range->slot, range->start)) != KW_NO_PFN;
	return __real_kvm_set_spte_gfn(kvm, range);
}

/* --- the design --- */

static int kw_vm_init(struct kvm *kvm)
{
	happened(KW_VM_INIT);
	return 0;
}

static void kw_vm_destroy(struct kvm *kvm)
{
	happened(KW_VM_DESTROY);
}

static int kw_mem_enc_register(struct kvm *kvm, struct kvm_enc_region *range)
{
	happened(KW_REGISTER);
	return range->size ? 0 : -EINVAL;
}

static int kw_mem_enc_unregister(struct kvm *kvm, struct kvm_enc_region *range)
{
	happened(KW_UNREGISTER);
	return range->size ? 0 : -EINVAL;
}

static void kw_reclaimed(struct kvm *kvm)
{
	happened(KW_RECLAIMED);
	if (kw()->reclaim_flush)
		sev_guest_memory_reclaimed(kvm);
}

/* A number stands for the arrays of a real design. */
static int kw_alloc_metadata(struct kvm *kvm, const struct kvm_memory_slot *old,
			     struct kvm_memory_slot *new)
{
	int r = kw()->fail_hook;

	happened(old ? KW_ALLOC_MOVE : KW_ALLOC);
	kw()->fail_hook = 0;
	if (!r)
		new->arch.reserve[0] = ++kw()->next_metadata;
	return r;
}

static void kw_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	happened(KW_FREE);
	kw()->held_at_free.slots_lock = lockdep_is_held(&kvm->slots_lock);
	kw()->held_at_free.mmu_lock = lockdep_is_held(&kvm->mmu_lock);
	might_sleep();
}

static int kw_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn,
			  hva_t hva, bool write, kvm_pfn_t *pfn, bool *map_writable)
{
	struct page *page, *other;

	if (get_user_pages_fast(hva, 1, FOLL_WRITE, &page) != 1)
		return -EFAULT;
	if (kw()->also_hold == KW_HOLD_PIN &&
	    pin_user_pages_fast(hva, 1, FOLL_WRITE, &other) != 1)
		return -EFAULT;
	if (kw()->also_hold == KW_HOLD_GET)
		get_page(page);
	*pfn = page_to_pfn(page);
	*map_writable = true;
	return 0;
}

static int kw_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	happened(KW_LAUNCH);
	return len ? 0 : -EINVAL;
}

static int kw_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	happened(KW_SEND);
	return len ? 0 : -EINVAL;
}

static int kw_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	happened(KW_RECEIVE);
	return len ? 0 : -EINVAL;
}

static const struct kvm_x86_ops kw_ops = {
	.name = "events",
	.vm_init = kw_vm_init,
	.vm_destroy = kw_vm_destroy,
	.mem_enc_register_region = kw_mem_enc_register,
	.mem_enc_unregister_region = kw_mem_enc_unregister,
	.guest_memory_reclaimed = kw_reclaimed,
	.alloc_memslot_metadata = kw_alloc_metadata,
	.free_memslot = kw_free_memslot,
	.faultin_pfn = kw_faultin_pfn,
	.launch_update = kw_launch_update,
	.send_update = kw_send_update,
	.receive_update = kw_receive_update,
};

/* --- the machine --- */

void kw_build(const struct kw_machine *m)
{
	static const struct sim_params params = { .nr_cpus = 3, .check_addresses = true };
	struct build_machine machine = {
		.profile = kernel_profile_find(m->profile),
		.normal_bytes = 64ULL << 20,
		.movable_bytes = 64ULL << 20,
		.cma_in = BUILD_ZONE_NORMAL,
	};
	struct build_process process = { .name = "vmm", .memlock_bytes = UINT64_MAX };
	unsigned long type = m->type;

	sim_world_init(&params);
	BUG_ON(build_machine(&machine));
	BUG_ON(build_process(&process) != 0);
	process.name = "other";
	BUG_ON(build_process(&process) != 1);
	build_host_thread(0);
	BUG_ON(build_map(0, KW_ADDR, KW_PAGES * PAGE_SIZE, BUILD_ZONE_MOVABLE));
	sim_room_create(SIM_ROOM_TEST, sizeof(struct kw_world));
	kw()->fail_alloc_after = -1;
	if (!type)
		type = m->sev ? KVM_X86_SEV_VM : KVM_X86_DEFAULT_VM;
	kw()->kvm = kvm_create_vm(type, m->plain ? NULL : &kw_ops);
	BUG_ON(IS_ERR(kw()->kvm));
	if (m->sev)
		BUG_ON(sev_guest_init(kw()->kvm));
}

int kw_set(const struct kw_region *r)
{
	struct kvm_userspace_memory_region mem = {
		.slot = r->slot,
		.flags = r->flags,
		.guest_phys_addr = r->gpa,
		.memory_size = r->bytes,
		.userspace_addr = r->hva,
	};

	return kvm_vm_ioctl_set_memory_region(kw()->kvm, &mem);
}

int kw_slot(uint32_t slot, uint64_t gfn, uint64_t npages, unsigned int page)
{
	struct kw_region r = {
		.slot = slot,
		.gpa = gfn << PAGE_SHIFT,
		.bytes = npages << PAGE_SHIFT,
		.hva = KW_AT(page),
	};

	return kw_set(&r);
}

int kw_slot_delete(uint32_t slot)
{
	return kw_slot(slot, 0, 0, 0);
}

void kw_fail_hook(int err)
{
	kw()->fail_hook = err;
}

void kw_fail_alloc_after(int n)
{
	kw()->fail_alloc_after = n;
}

void kw_kill(void)
{
	kvm_vm_dead(kw()->kvm);
}

int kw_null_ioctl(enum kw_null which)
{
	struct kvm *kvm = kw()->kvm;

	switch (which) {
	case KW_NULL_SLOT:
		return kvm_vm_ioctl_set_memory_region(kvm, NULL);
	case KW_NULL_REGISTER:
		return kvm_vm_ioctl_mem_enc_register_region(kvm, NULL);
	case KW_NULL_UNREGISTER:
		return kvm_vm_ioctl_mem_enc_unregister_region(kvm, NULL);
	case KW_NULL_LAUNCH:
		return kvm_vm_ioctl_launch_update(kvm, NULL);
	case KW_NULL_SEND:
		return kvm_vm_ioctl_send_update(kvm, NULL);
	case KW_NULL_RECEIVE:
		return kvm_vm_ioctl_receive_update(kvm, NULL);
	}
	return 0;
}

int kw_register(uint64_t addr, uint64_t bytes)
{
	struct kvm_enc_region region = { .addr = addr, .size = bytes };

	return kvm_vm_ioctl_mem_enc_register_region(kw()->kvm, &region);
}

int kw_unregister(uint64_t addr, uint64_t bytes)
{
	struct kvm_enc_region region = { .addr = addr, .size = bytes };

	return kvm_vm_ioctl_mem_enc_unregister_region(kw()->kvm, &region);
}

int kw_launch(uint64_t addr, uint32_t bytes)
{
	struct kvm_sev_launch_update_data data = { .uaddr = addr, .len = bytes };

	return kvm_vm_ioctl_launch_update(kw()->kvm, &data);
}

int kw_send(uint64_t addr, uint32_t bytes)
{
	struct kvm_sev_transport_data data = { .guest_uaddr = addr, .guest_len = bytes };

	return kvm_vm_ioctl_send_update(kw()->kvm, &data);
}

int kw_receive(uint64_t addr, uint32_t bytes)
{
	struct kvm_sev_transport_data data = { .guest_uaddr = addr, .guest_len = bytes };

	return kvm_vm_ioctl_receive_update(kw()->kvm, &data);
}

void kw_set_reclaim_flush(bool on)
{
	kw()->reclaim_flush = on;
}

int kw_vcpu_create(uint32_t id)
{
	return PTR_ERR_OR_ZERO(kvm_vm_ioctl_create_vcpu(kw()->kvm, id));
}

int kw_sev_init(void)
{
	return sev_guest_init(kw()->kvm);
}

unsigned int kw_asid(void)
{
	return to_kvm_sev_info(kw()->kvm)->asid;
}

void kw_put_vm(void)
{
	kvm_put_kvm(kw()->kvm);
}

void kw_put_vm_by_other(void)
{
	build_host_thread(1);
	kvm_put_kvm(kw()->kvm);
	build_host_thread(0);
}

int kw_private_slot(unsigned int i, uint64_t gfn)
{
	struct kvm_userspace_memory_region2 mem = {
		.slot = KVM_USER_MEM_SLOTS + i,
		.guest_phys_addr = gfn << PAGE_SHIFT,
		.memory_size = PAGE_SIZE,
		.userspace_addr = KW_ADDR,
	};

	return kvm_set_memory_region(kw()->kvm, &mem);
}

void kw_exit_mm(void)
{
	mmput(process_mm(0));
}

int kw_foreign(void)
{
	int r;

	build_host_thread(1);
	r = kw_slot(0, KW_GFN, 1, 0);
	build_host_thread(0);
	return r;
}

unsigned long kw_count_pages(unsigned long npages)
{
	unsigned long was = kw()->kvm->nr_memslot_pages;

	kw()->kvm->nr_memslot_pages = npages;
	return was;
}

uint64_t kw_generation(void)
{
	return kvm_memslots(kw()->kvm)->generation;
}

bool kw_lpage_disallowed(uint64_t gfn, int level)
{
	return lpage_info_slot(gfn, gfn_to_memslot(kw()->kvm, gfn), level)->disallow_lpage;
}

uint64_t kw_metadata(uint64_t gfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kw()->kvm, gfn);

	return slot ? slot->arch.reserve[0] : 0;
}

uint64_t kw_vcpu_lookup(uint64_t gfn)
{
	struct kvm_memory_slot *slot;

	slot = kvm_vcpu_gfn_to_memslot(kvm_get_vcpu(kw()->kvm, 0), gfn);
	return slot ? slot->arch.reserve[0] : 0;
}

unsigned int kw_owner_of_ref(uint64_t pfn, uint8_t kind)
{
	struct sim_ref_info info;
	unsigned int i;

	for (i = 0; probe_page_ref(pfn, i, &info); i++) {
		if (info.kind == kind)
			return SIM_OWNER_KIND(info.owner);
	}
	return OWNER_NONE;
}

/* --- page frames --- */

uint64_t kw_gfn_to_pfn(uint64_t gfn, bool write, bool *ret_writable)
{
	return __gfn_to_pfn_memslot(gfn_to_memslot(kw()->kvm, gfn), gfn, false, false, NULL,
				    write, ret_writable, NULL);
}

uint64_t kw_gfn_to_pfn_async(uint64_t gfn, bool write, bool *ret_async)
{
	*ret_async = false;
	return __gfn_to_pfn_memslot(gfn_to_memslot(kw()->kvm, gfn), gfn, false, false, ret_async,
				    write, NULL, NULL);
}

static void fail_nth(enum fault_point point, unsigned int nth)
{
	const struct fault_order order = { .point = point, .nth = nth, .times = 1 };

	fault_inject(&order);
}

void kw_fail_page_alloc(void)
{
	fail_nth(FAULT_PAGE_ALLOC, 1);
}

void kw_kill_task(unsigned int nth)
{
	fail_nth(FAULT_FATAL_SIGNAL, nth);
}

void kw_fail_try_get(void)
{
	fail_nth(FAULT_FOLIO_TRY_GET, 1);
}

uint64_t kw_hva_to_pfn_atomic(uint64_t addr, bool write, bool *ret_writable)
{
	return hva_to_pfn(addr, true, false, NULL, write, ret_writable);
}

void kw_release(uint64_t pfn)
{
	kvm_release_pfn_clean(pfn);
}

void kw_reserve(uint64_t pfn)
{
	__set_bit(PG_reserved, &pfn_to_page(pfn)->flags);
}

void kw_touch(uint64_t addr, bool write)
{
	uint64_t tag = 0;

	if (write)
		BUG_ON(user_write_tag(addr, sev_host_tag(7)));
	else
		BUG_ON(user_read_tag(addr, &tag));
}

uint64_t kw_pfn(uint64_t addr)
{
	struct probe_pte pte;

	if (!probe_pte(0, addr, &pte) || pte.kind != PROBE_PTE_PRESENT)
		return KW_NO_PFN;
	return pte.pfn;
}

void kw_drain(void)
{
	lru_add_drain_all();
}

uint64_t kw_err(const char *name)
{
	switch (name[0]) {
	case 'F':
		return KVM_PFN_ERR_FAULT;
	case 'H':
		return KVM_PFN_ERR_HWPOISON;
	case 'R':
		return KVM_PFN_ERR_RO_FAULT;
	case 'S':
		return KVM_PFN_ERR_SIGPENDING;
	default:
		return KVM_PFN_NOSLOT;
	}
}

bool kw_is_error(uint64_t pfn, bool or_noslot)
{
	return or_noslot ? is_error_noslot_pfn(pfn) : is_error_pfn(pfn);
}

int kw_migrate(uint64_t addr)
{
	return migrate_user_range(process_mm(0), addr, 1, BUILD_ZONE_NORMAL);
}

void kw_munmap(uint64_t addr, uint64_t bytes)
{
	BUG_ON(vm_munmap(addr, bytes));
}

int kw_hook_faultin(uint64_t gfn, enum kw_hold also, uint64_t *ret_pfn)
{
	struct kvm *kvm = kw()->kvm;
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);
	bool writable;
	kvm_pfn_t pfn;
	int r;

	kw()->also_hold = also;
	sim_scope_open(SIM_OWNER(OWNER_FAULT, 0), false);
	r = kvm_x86_faultin_pfn(kvm_get_vcpu(kvm, 0), slot, gfn, gfn_to_hva_memslot(slot, gfn),
				true, &pfn, &writable);
	sim_scope_close();
	if (!r)
		*ret_pfn = pfn;
	return r;
}

void kw_hook_drop(uint64_t pfn, enum kw_hold what)
{
	if (what == KW_HOLD_PIN)
		unpin_user_page(pfn_to_page(pfn));
	else if (what == KW_HOLD_GET)
		put_page(pfn_to_page(pfn));
}

struct kw_change kw_change(void)
{
	return kw()->change;
}

/* --- locks --- */

struct kw_held kw_held_at_free(void)
{
	return kw()->held_at_free;
}

struct kvm *kw_kvm(void)
{
	return kw()->kvm;
}

/* --- races --- */

/* What a vCPU does with a slot, in short: find it, and use it a step later. */
static void reader(struct kw_result *r)
{
	struct kvm *kvm = kw()->kvm;
	struct kvm_memory_slot *slot;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	slot = gfn_to_memslot(kvm, KW_GFN);
	if (slot) {
		r->saw_slot = true;
		sim_step(SIM_READ, OBJ_OF_SLOT(kvm, slot), __func__);
		r->saw_invalid = slot->flags & KVM_MEMSLOT_INVALID;
		r->ret = slot->npages;
	}
	srcu_read_unlock(&kvm->srcu, idx);
}

static void run(struct kw_task_state *t)
{
	struct kw_region flags = {
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
		.gpa = KW_GFN << PAGE_SHIFT,
		.bytes = KW_PAGES << PAGE_SHIFT,
		.hva = KW_ADDR,
	};

	switch (t->op) {
	case KW_OP_CREATE:
		t->result.ret = kw_slot(1, KW_GFN + 64, KW_PAGES, 0);
		break;
	case KW_OP_DELETE:
		t->result.ret = kw_slot_delete(0);
		break;
	case KW_OP_FLAGS:
		t->result.ret = kw_set(&flags);
		break;
	case KW_OP_WINDOW:
		kw_window_open(KW_AT(0), KW_AT(1));
		kw_window_close(KW_AT(0), KW_AT(1));
		break;
	case KW_OP_READER:
		reader(&t->result);
		break;
	}
	t->result.done = true;
}

static void task_fn(void *arg)
{
	run(arg);
}

void kw_task(unsigned int i, enum kw_op op)
{
	static const char *const name[KW_MAX_TASKS] = { "first", "second", "third" };
	struct kw_task_state *t = &kw()->task[i];
	int id;

	t->op = op;
	id = sim_task_create(name[i], i, task_fn, t);
	BUG_ON(id < 0);
	BUG_ON(build_thread(id, 0));
}

struct kw_result kw_result(unsigned int i)
{
	struct kw_result r;

	r.done = kw()->task[i].result.done;
	r.ret = kw()->task[i].result.ret;
	r.saw_slot = kw()->task[i].result.saw_slot;
	r.saw_invalid = kw()->task[i].result.saw_invalid;
	return r;
}

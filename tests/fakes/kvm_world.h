/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine with one process and one VM for the tests of KVM's memslots,
 * notifier and contents.  The VM's design only writes down which hooks were
 * called, and so do the functions that the build wraps: the order of events is
 * what most of these tests are about.
 */
#ifndef TESTS_FAKES_KVM_WORLD_H
#define TESTS_FAKES_KVM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#define KW_ADDR		0x7f0000000000ULL
#define KW_PAGES	16
#define KW_AT(i)	(KW_ADDR + (uint64_t)(i) * 4096)
#define KW_GFN		0x100
#define KW_NO_PFN	UINT64_MAX

enum kw_event {
	KW_END,			/* behind the last */
	KW_VM_INIT,
	KW_VM_DESTROY,
	KW_REGISTER,
	KW_UNREGISTER,
	KW_LAUNCH,
	KW_SEND,
	KW_RECEIVE,
	KW_RECLAIMED,		/* the hook guest_memory_reclaimed */
	KW_ALLOC,		/* alloc_memslot_metadata, of a new slot */
	KW_ALLOC_MOVE,		/* the same with an old slot */
	KW_FREE,		/* free_memslot */
	KW_PUBLISHED,		/* a set was published: SRCU is synchronized */
	KW_FLUSH_SLOT,
	KW_FLUSH_ALL,
	KW_VCPU_DESTROYED,
	KW_CHANGED,		/* change_pte has found a slot */
};

/* What the design holds for its VM from pin() on. */
enum kw_hold { KW_HOLD_NOTHING, KW_HOLD_PIN, KW_HOLD_GET };

struct kw_machine {
	const char *profile;
	bool sev;
	bool plain;		/* no design */
	unsigned long type;	/* KVM_X86_*_VM; 0: by @sev */
};
void kw_build(const struct kw_machine *m);

/* The events since the last call of kw_forget(). */
enum kw_event kw_event(unsigned int i);
void kw_forget(void);

/* KVM_SET_USER_MEMORY_REGION. */
struct kw_region {
	uint32_t slot, flags;
	uint64_t gpa, bytes, hva;
};
int kw_set(const struct kw_region *r);
/* A slot of @npages at @gfn over KW_AT(@page). */
int kw_slot(uint32_t slot, uint64_t gfn, uint64_t npages, unsigned int page);
int kw_slot_delete(uint32_t slot);

/* --- failures --- */
void kw_fail_hook(int err);		/* the next allocation of metadata */
void kw_fail_alloc_after(int n);	/* -1: never */
void kw_kill(void);			/* vm_dead */

/* --- the VM --- */
enum kw_null { KW_NULL_SLOT, KW_NULL_REGISTER, KW_NULL_UNREGISTER, KW_NULL_LAUNCH,
	       KW_NULL_SEND, KW_NULL_RECEIVE };
int kw_null_ioctl(enum kw_null which);
int kw_register(uint64_t addr, uint64_t bytes);
int kw_unregister(uint64_t addr, uint64_t bytes);
int kw_launch(uint64_t addr, uint32_t bytes);
int kw_send(uint64_t addr, uint32_t bytes);
int kw_receive(uint64_t addr, uint32_t bytes);
void kw_set_reclaim_flush(bool on);	/* guest_memory_reclaimed is the common one */
int kw_vcpu_create(uint32_t id);
int kw_sev_init(void);
unsigned int kw_asid(void);
void kw_put_vm(void);
void kw_put_vm_by_other(void);	/* by a thread of another process */
/* KVM's own slot @i of one page. */
int kw_private_slot(unsigned int i, uint64_t gfn);
void kw_exit_mm(void);
int kw_foreign(void);			/* an ioctl by another process */
uint64_t kw_generation(void);
/* KVM's count of all slots' pages is @npages from now on. Return: what it was. */
unsigned long kw_count_pages(unsigned long npages);
/* lpage_info of the slot at @gfn: is a mapping of @level forbidden? */
bool kw_lpage_disallowed(uint64_t gfn, int level);
/* The metadata that the design hung on the slot, 0 if none. */
uint64_t kw_metadata(uint64_t gfn);
/* The same of the slot that vCPU 0 finds, which remembers what it found last. */
uint64_t kw_vcpu_lookup(uint64_t gfn);
unsigned int kw_owner_of_ref(uint64_t pfn, uint8_t kind);

/* --- page frames --- */
uint64_t kw_gfn_to_pfn(uint64_t gfn, bool write, bool *ret_writable);
/* *@ret_async: it did not wait, and waiting could have helped. */
uint64_t kw_gfn_to_pfn_async(uint64_t gfn, bool write, bool *ret_async);
void kw_fail_page_alloc(void);	/* the next one, once */
void kw_kill_task(unsigned int nth);	/* it is, from the @nth time on that it asks */
void kw_fail_try_get(void);	/* the next reference taken without a lock, once */
uint64_t kw_hva_to_pfn_atomic(uint64_t addr, bool write, bool *ret_writable);
void kw_release(uint64_t pfn);
void kw_reserve(uint64_t pfn);	/* as a driver marks its memory */
void kw_touch(uint64_t addr, bool write);
uint64_t kw_pfn(uint64_t addr);
void kw_drain(void);
uint64_t kw_err(const char *name);	/* "FAULT", "RO_FAULT", "NOSLOT", ... */
bool kw_is_error(uint64_t pfn, bool or_noslot);
int kw_migrate(uint64_t addr);
void kw_munmap(uint64_t addr, uint64_t bytes);

/* --- hooks that hold references --- */
int kw_hook_faultin(uint64_t gfn, enum kw_hold also, uint64_t *ret_pfn);
void kw_hook_drop(uint64_t pfn, enum kw_hold what);

/* --- windows --- */
void kw_window_open(uint64_t start, uint64_t end);
void kw_window_close(uint64_t start, uint64_t end);
bool kw_retry(uint64_t seq, uint64_t gfn);
bool kw_retry_unlocked(uint64_t seq, uint64_t gfn);
uint64_t kw_seq(void);
/* As a copy does it, for the entry of @addr: it will say @pfn. */
void kw_change_pte(uint64_t addr, uint64_t pfn);
/* What the last KW_CHANGED was about, and what there was then. */
struct kw_change {
	uint64_t gfn, npages, pfn;
	bool writable, mmu_lock, mapped;
};
struct kw_change kw_change(void);

/* --- contents --- */
void kw_guest_write(uint64_t gfn, uint64_t pfn);
int kw_guest_read(uint64_t gfn, uint64_t pfn);
void kw_host_write(uint64_t pfn, uint16_t value);
int kw_host_read(uint64_t pfn);
void kw_clflush(uint64_t pfn);
void kw_wbinvd(void);
void kw_page_flush(uint64_t pfn);

/* --- locks --- */

enum kw_lock { KW_LOCK_NONE, KW_LOCK_MMU_READ, KW_LOCK_MMU_WRITE, KW_LOCK_SRCU,
	       KW_LOCK_KVM_AND_MMAP };
enum kw_act { KW_ACT_PIN, KW_ACT_PUT, KW_ACT_ACCESSED, KW_ACT_DIRTY_LOCK, KW_ACT_UNPIN_DIRTY,
	      KW_ACT_DRAIN_ALL };
/* Do it with the page at KW_ADDR, which is there, under the lock. */
void kw_do_under(enum kw_lock lock, enum kw_act act);
/* What was held when the design's free_memslot was called last; it may sleep. */
struct kw_held {
	bool slots_lock, mmu_lock;
};
struct kw_held kw_held_at_free(void);
struct kvm;
struct kvm *kw_kvm(void);

/* --- races --- */
enum kw_op {
	KW_OP_CREATE,		/* slot 1 at KW_GFN + 64 over the whole mapping */
	KW_OP_DELETE,		/* slot 0 */
	KW_OP_FLAGS,		/* slot 0 gets dirty logging */
	KW_OP_WINDOW,		/* a notifier window over the first page */
	KW_OP_READER,		/* looks KW_GFN up in SRCU and looks at the slot again */
};
void kw_task(unsigned int i, enum kw_op op);

struct kw_result {
	bool done;
	int ret;
	bool saw_slot, saw_invalid;
};
struct kw_result kw_result(unsigned int i);

#endif

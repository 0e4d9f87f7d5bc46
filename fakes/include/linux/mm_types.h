/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct page, struct folio, VMAs and address spaces.
 *
 * struct page is 64 bytes as in the kernel and keeps the kernel's names. What
 * pinsim adds: the ledger's list head (@_refs) in the place of memcg_data, and
 * @_free_type, which says which free list an unused page is on.  A page's
 * contents are not here but in a parallel table (fakes/mm/contents.h), and so
 * are folio locks and their wait queues (fakes/mm/folio_lock.c).
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm_types_task.h>
#include <linux/mmzone.h>
#include <linux/pgtable_types.h>
#include <linux/rwsem.h>
#include <linux/spinlock_types.h>

#include "sim/core/ledger.h"

struct address_space;
struct anon_vma;
struct mmu_notifier_subscriptions;

struct page {
	unsigned long flags;
	union {
		struct list_head lru;
		struct list_head buddy_list;
		struct list_head pcp_list;
		unsigned long compound_head;	/* tail pages: bit 0 set */
	};
	struct address_space *mapping;
	union {
		pgoff_t index;
		unsigned long share;
	};
	unsigned long private;
	atomic_t _mapcount;
	atomic_t _refcount;
	struct sim_refs _refs;
	u32 _free_type;
};

/*
 * A folio is its first page, under the names that folio code uses. Folios of
 * order > 0 do not exist yet; every interface carries the order.
 */
struct folio {
	union {
		struct {
			unsigned long flags;
			union {
				struct list_head lru;
				unsigned long _head;
			};
			struct address_space *mapping;
			pgoff_t index;
			union {
				void *private;
				unsigned long swap;
			};
			atomic_t _mapcount;
			atomic_t _refcount;
			struct sim_refs _refs;
			union {
				u32 _free_type;
				atomic_t _pincount;	/* large folios have it */
			};
		};
		struct page page;
	};
};

_Static_assert(sizeof(struct page) == 64, "descriptors are 64 bytes");
_Static_assert(sizeof(struct folio) == sizeof(struct page), "one page");
_Static_assert(offsetof(struct folio, _refcount) == offsetof(struct page, _refcount), "overlay");
_Static_assert(offsetof(struct folio, private) == offsetof(struct page, private), "overlay");

typedef unsigned long vm_flags_t;
typedef unsigned int vm_fault_t;

struct vm_operations_struct;
struct file;
struct vm_fault;
struct open_file;

/**
 * struct vm_area_struct - part of an address space
 * @vm_start: first address
 * @vm_end: first address behind it
 * @vm_mm: owner
 * @vm_page_prot: PTE bits of a mapping here
 * @vm_flags: VM_*
 * @vm_pgoff: page offset; for anonymous memory its first address >> 12
 * @vm_ops: NULL for anonymous memory
 * @vm_file: NULL for anonymous memory
 * @anon_vma: reverse map of its own pages, NULL before the first
 * @anon_vma_chain: what links it to @anon_vma and to those of its ancestors
 * @shared: in its file's address_space.i_mmap
 * @link: in the mm's list, by address
 * @place: where movable pages land: enum build_zone
 */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	vm_flags_t vm_flags;
	unsigned long vm_pgoff;
	const struct vm_operations_struct *vm_ops;
	struct file *vm_file;
	struct anon_vma *anon_vma;
	struct list_head anon_vma_chain;
	struct list_head shared;
	struct list_head link;
	u8 place;
};

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

/**
 * struct mm_struct - address space
 * @pgd: top level table
 * @tables: all tables, newest first, so that none is searched for at exit
 * @mmap_lock: the VMAs
 * @page_table_lock: linking new tables
 * @vmas: VMAs by address
 * @map_count: how many
 * @mm_users: threads and those who look in from outside; 0: exit_mmap() ran
 * @mm_count: the struct
 * @flags: MMF_*
 * @locked_vm: pages charged by mlock() and account_locked_vm(); mmap_lock
 * @pinned_vm: pages charged by RDMA and io_uring
 * @write_protect_seq: odd while fork() copies page tables
 * @files: what its process has open
 * @notifier_subscriptions: MMU notifiers
 * @id: number of the process that owns it
 */
struct mm_struct {
	pgd_t *pgd;
	void *tables;
	struct rw_semaphore mmap_lock;
	spinlock_t page_table_lock;
	struct list_head vmas;
	int map_count;
	atomic_t mm_users;
	atomic_t mm_count;
	unsigned long flags;
	unsigned long locked_vm;
	atomic64_t pinned_vm;
	seqcount_t write_protect_seq;
	struct open_file *files;
	struct mmu_notifier_subscriptions *notifier_subscriptions;
	unsigned int id;
};

#define MMF_HAS_PINNED		27

typedef struct {
	unsigned long val;
} swp_entry_t;

enum vm_fault_reason {
	VM_FAULT_OOM		= 0x000001,
	VM_FAULT_SIGBUS		= 0x000002,
	VM_FAULT_MAJOR		= 0x000004,
	VM_FAULT_HWPOISON	= 0x000010,
	VM_FAULT_SIGSEGV	= 0x000040,
	VM_FAULT_RETRY		= 0x000400,
	VM_FAULT_COMPLETED	= 0x004000,
};
#define VM_FAULT_ERROR	(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON)

enum fault_flag {
	FAULT_FLAG_WRITE		= 1 << 0,
	FAULT_FLAG_MKWRITE		= 1 << 1,
	FAULT_FLAG_ALLOW_RETRY		= 1 << 2,
	FAULT_FLAG_RETRY_NOWAIT		= 1 << 3,
	FAULT_FLAG_KILLABLE		= 1 << 4,
	FAULT_FLAG_TRIED		= 1 << 5,
	FAULT_FLAG_USER			= 1 << 6,
	FAULT_FLAG_REMOTE		= 1 << 7,
	FAULT_FLAG_INTERRUPTIBLE	= 1 << 9,
	FAULT_FLAG_UNSHARE		= 1 << 10,
};

#endif

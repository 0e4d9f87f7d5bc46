/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reverse map of anonymous memory (fakes/mm/rmap.c).
 *
 * Simpler than the kernel: the VMAs of an anon_vma are a list, the oldest first,
 * and no interval tree; an anon_vma that lost its last VMA is never used again.
 */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

#include <linux/mm.h>
#include <linux/pagemap.h>

typedef int rmap_t;
#define RMAP_NONE	0
#define RMAP_EXCLUSIVE	1

/**
 * struct anon_vma - where the pages that one VMA made may be mapped
 * @root: of the family, itself if nobody was forked; its lock is everybody's
 * @rwsem: the lock, if this is the root
 * @refcount: one for each VMA, for each descendant, and who else needs it
 * @vmas: anon_vma_chain.same_anon_vma
 * @id: for names
 */
struct anon_vma {
	struct anon_vma *root;
	struct rw_semaphore rwsem;
	atomic_t refcount;
	struct list_head vmas;
	unsigned int id;
};

/* One VMA that may map pages of one anon_vma. */
struct anon_vma_chain {
	struct vm_area_struct *vma;
	struct anon_vma *anon_vma;
	struct list_head same_vma;	/* the VMA's own anon_vma comes last */
	struct list_head same_anon_vma;
};

struct rmap_walk_control {
	void *arg;
	bool (*rmap_one)(struct folio *folio, struct vm_area_struct *vma, unsigned long addr,
			 void *arg);
	int (*done)(struct folio *folio);
};

enum ttu_flags {
	TTU_SYNC		= 0x10,
	TTU_BATCH_FLUSH		= 0x40,
	TTU_RMAP_LOCKED		= 0x80,
};

int anon_vma_prepare(struct vm_area_struct *vma);
/* The anon_vma of a mapped folio with a reference taken, or NULL (D.8 step 5). */
struct anon_vma *(folio_get_anon_vma)(struct folio *folio);
void (put_anon_vma)(struct anon_vma *anon_vma);
struct anon_vma *folio_anon_vma(const struct folio *folio);
void anon_vma_lock_read(struct anon_vma *anon_vma);
void anon_vma_unlock_read(struct anon_vma *anon_vma);
void anon_vma_lock_write(struct anon_vma *anon_vma);
void anon_vma_unlock_write(struct anon_vma *anon_vma);

void folio_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address, rmap_t flags);
void folio_add_anon_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma,
			     unsigned long address, rmap_t flags);
void folio_add_file_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma);
int folio_try_dup_anon_rmap_pte(struct folio *folio, struct page *page,
				struct vm_area_struct *src_vma);
void folio_move_anon_rmap(struct folio *folio, struct vm_area_struct *vma);
void folio_remove_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma);
int folio_try_share_anon_rmap_pte(struct folio *folio, struct page *page);
unsigned long vma_address(const struct vm_area_struct *vma, pgoff_t pgoff, unsigned long nr);
/* Every VMA in which the folio may be mapped; takes the rmap lock shared. */
void rmap_walk(struct folio *folio, struct rmap_walk_control *rwc);
void rmap_walk_locked(struct folio *folio, struct rmap_walk_control *rwc);

#define folio_get_anon_vma(f)	(sim_site_set(__func__), (folio_get_anon_vma)(f))
#define put_anon_vma(a)		(sim_site_set(__func__), (put_anon_vma)(a))

#endif

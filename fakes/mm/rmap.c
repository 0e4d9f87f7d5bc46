/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reverse map of anonymous folios: mm/rmap.c, v6.12.
 *
 * An anon_vma is made at a VMA's first anonymous page and shared by the parts
 * that the VMA is split into. Without fork every anonymous folio has one
 * mapping at most, but walkers go through all VMAs of its anon_vma all the
 * same, under the anon_vma's lock.
 *
 * Simpler than the kernel: one reference count instead of count and degree, no
 * root other than itself, no RCU: an anon_vma with a folio mapped in it cannot
 * go away between two steps.
 */
#include <linux/rmap.h>
#include <linux/slab.h>

#include "fakes/mm/internal.h"

#undef folio_get_anon_vma
#undef put_anon_vma

/**
 * anon_vma_prepare() - give a VMA its anon_vma.
 * @vma: mapping of private memory
 *
 * Context: mmap_lock held. No step: whoever comes second finds it made.
 * Return: 0 or -ENOMEM.
 */
int anon_vma_prepare(struct vm_area_struct *vma)
{
	struct anon_vma *av;

	if (vma->anon_vma)
		return 0;
	av = (kzalloc)(sizeof(*av), GFP_KERNEL);
	if (!av)
		return -ENOMEM;
	av->id = ++mm_world()->nr_anon_vmas;
	rwsem_init_class(&av->rwsem, "anon_vma", SIM_OBJ(SIM_CLASS_MEMORY, av->id));
	atomic_set(&av->refcount, 1);
	INIT_LIST_HEAD(&av->vmas);
	list_add_tail(&vma->anon_vma_node, &av->vmas);
	vma->anon_vma = av;
	return 0;
}

/* A new VMA takes over part of @old's pages. Context: mmap_lock for writing. */
void anon_vma_clone(struct vm_area_struct *vma, struct vm_area_struct *old)
{
	struct anon_vma *av = old->anon_vma;

	vma->anon_vma = av;
	if (!av)
		return;
	anon_vma_lock_write(av);
	atomic_inc(&av->refcount);
	list_add_tail(&vma->anon_vma_node, &av->vmas);
	anon_vma_unlock_write(av);
}

/* The VMA goes away. Context: mmap_lock for writing, nothing mapped any more. */
void unlink_anon_vma(struct vm_area_struct *vma)
{
	struct anon_vma *av = vma->anon_vma;

	if (!av)
		return;
	anon_vma_lock_write(av);
	list_del(&vma->anon_vma_node);
	vma->anon_vma = NULL;
	anon_vma_unlock_write(av);
	put_anon_vma(av);
}

struct anon_vma *folio_anon_vma(const struct folio *folio)
{
	unsigned long mapping = (unsigned long)folio->mapping;

	if ((mapping & PAGE_MAPPING_FLAGS) != PAGE_MAPPING_ANON)
		return NULL;
	return (struct anon_vma *)(mapping - PAGE_MAPPING_ANON);
}

struct anon_vma *folio_get_anon_vma(struct folio *folio)
{
	struct anon_vma *av = folio_anon_vma(folio);

	if (!av || !folio_mapped(folio))
		return NULL;
	atomic_inc(&av->refcount);
	return av;
}

void put_anon_vma(struct anon_vma *av)
{
	if (atomic_dec_and_test(&av->refcount))
		(kfree)(av);
}

void anon_vma_lock_read(struct anon_vma *av)
{
	sim_lock_shared(&av->rwsem.lock, __func__);
}

void anon_vma_unlock_read(struct anon_vma *av)
{
	sim_unlock_shared(&av->rwsem.lock, __func__);
}

void anon_vma_lock_write(struct anon_vma *av)
{
	sim_lock(&av->rwsem.lock, __func__);
}

void anon_vma_unlock_write(struct anon_vma *av)
{
	sim_unlock(&av->rwsem.lock, __func__);
}

/* Address of a page in a VMA, or -EFAULT if the VMA does not cover it. */
unsigned long vma_address(const struct vm_area_struct *vma, pgoff_t pgoff, unsigned long nr)
{
	unsigned long addr;

	if (pgoff < vma->vm_pgoff)
		return -EFAULT;
	addr = vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
	return addr < vma->vm_end ? addr : (unsigned long)-EFAULT;
}

/**
 * folio_add_new_anon_rmap() - map a folio that nobody has seen yet.
 * @folio: fresh folio
 * @vma: where
 * @address: user address
 * @flags: RMAP_EXCLUSIVE; without fork there is no other kind
 *
 * Context: the table's lock held; part of the caller's next step.
 */
void folio_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address, rmap_t flags)
{
	folio_set_swapbacked(folio);
	folio->mapping = (void *)((unsigned long)vma->anon_vma + PAGE_MAPPING_ANON);
	folio->index = linear_page_index(vma, address);
	atomic_set(&folio->_mapcount, 0);
	if (flags & RMAP_EXCLUSIVE)
		SetPageAnonExclusive(&folio->page);
}

/* One more PTE of a folio that has its anon_vma: migration's way back (D.19). */
void folio_add_anon_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma,
			     unsigned long address, rmap_t flags)
{
	VM_BUG_ON_FOLIO(!folio_test_anon(folio), folio);
	atomic_inc(&page->_mapcount);
	if (flags & RMAP_EXCLUSIVE)
		SetPageAnonExclusive(page);
}

void folio_remove_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	atomic_dec(&page->_mapcount);
	VM_BUG_ON_PAGE(page_mapcount(page) < 0, page);
}

/**
 * folio_try_share_anon_rmap_pte() - give up being the exclusive mapping (D.9).
 * @folio: anonymous folio whose PTE is cleared
 * @page: the page of it
 *
 * Context: the table's lock held.
 * Return: 0, or -EBUSY if the folio may be pinned.
 */
int folio_try_share_anon_rmap_pte(struct folio *folio, struct page *page)
{
	if (folio_maybe_dma_pinned(folio))
		return -EBUSY;
	ClearPageAnonExclusive(page);
	return 0;
}

void rmap_walk_locked(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct anon_vma *av = folio_anon_vma(folio);
	struct vm_area_struct *vma;
	unsigned long addr;

	if (!av)
		return;
	list_for_each_entry(vma, &av->vmas, anon_vma_node) {
		addr = vma_address(vma, folio->index, folio_nr_pages(folio));
		if (IS_ERR_VALUE(addr))
			continue;
		if (!rwc->rmap_one(folio, vma, addr, rwc->arg))
			break;
		if (rwc->done && rwc->done(folio))
			break;
	}
}

/**
 * rmap_walk() - visit every VMA in which a folio may be mapped.
 * @folio: anonymous folio; its anon_vma cannot go away
 * @rwc: whom to call, and when to stop
 *
 * Context: sleepable; takes the anon_vma's lock shared.
 */
void rmap_walk(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct anon_vma *av = folio_anon_vma(folio);

	if (!av)
		return;
	anon_vma_lock_read(av);
	rmap_walk_locked(folio, rwc);
	anon_vma_unlock_read(av);
}

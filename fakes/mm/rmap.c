/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reverse map of folios, anonymous and of files: mm/rmap.c, v6.12.
 *
 * An anon_vma is made at a VMA's first anonymous page and shared by the parts
 * that the VMA is split into. A forked child's VMA is linked to its parent's,
 * whose pages it maps, and gets one of its own for the pages that it makes:
 * walkers of a page go through all VMAs of its anon_vma, mapped there or not,
 * under the lock of the family's root.
 *
 * Simpler than the kernel: one reference count instead of count and degree; no
 * anon_vma is used again (anon_vma_clone()); no RCU: an anon_vma with a folio
 * mapped in it cannot go away between two steps.
 */
#include <linux/fs.h>
#include <linux/rmap.h>
#include <linux/slab.h>

#include "fakes/mm/internal.h"

#undef folio_get_anon_vma
#undef put_anon_vma

static struct anon_vma *anon_vma_alloc(void)
{
	struct anon_vma *av = (kzalloc)(sizeof(*av), GFP_KERNEL);

	if (!av)
		return NULL;
	av->id = ++mm_world()->nr_anon_vmas;
	av->root = av;
	rwsem_init_class(&av->rwsem, "anon_vma", SIM_OBJ(SIM_CLASS_MEMORY, av->id));
	INIT_LIST_HEAD(&av->vmas);
	return av;
}

static struct anon_vma_chain *chain_alloc(struct vm_area_struct *vma, struct anon_vma *av)
{
	struct anon_vma_chain *avc = (kzalloc)(sizeof(*avc), GFP_KERNEL);

	if (!avc)
		return NULL;
	avc->vma = vma;
	avc->anon_vma = av;
	return avc;
}

/* Rmap walks see it from now on. Context: mmap_lock; the family's lock, if it has one. */
static void chain_link(struct anon_vma_chain *avc)
{
	atomic_inc(&avc->anon_vma->refcount);
	list_add_tail(&avc->same_vma, &avc->vma->anon_vma_chain);
	list_add_tail(&avc->same_anon_vma, &avc->anon_vma->vmas);
}

/**
 * anon_vma_prepare() - give a VMA its anon_vma.
 * @vma: mapping of private memory
 *
 * Context: mmap_lock held. No step: whoever comes second finds it made.
 * Return: 0 or -ENOMEM.
 */
int anon_vma_prepare(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc;
	struct anon_vma *av;

	if (vma->anon_vma)
		return 0;
	av = anon_vma_alloc();
	if (!av)
		return -ENOMEM;
	avc = chain_alloc(vma, av);
	if (!avc) {
		(kfree)(av);
		return -ENOMEM;
	}
	chain_link(avc);
	vma->anon_vma = av;
	return 0;
}

/**
 * anon_vma_clone() - let a VMA map what another one maps.
 * @vma: new VMA
 * @old: one that it is a part or a copy of
 *
 * Context: mmap_lock for writing. Return: 0, or -ENOMEM and nothing linked.
 */
int anon_vma_clone(struct vm_area_struct *vma, struct vm_area_struct *old)
{
	struct anon_vma_chain *pavc, *avc;

	vma->anon_vma = NULL;
	if (!old->anon_vma)
		return 0;
	anon_vma_lock_write(old->anon_vma);
	list_for_each_entry(pavc, &old->anon_vma_chain, same_vma) {
		avc = chain_alloc(vma, pavc->anon_vma);
		if (!avc)
			break;
		chain_link(avc);
	}
	anon_vma_unlock_write(old->anon_vma);
	if (&pavc->same_vma != &old->anon_vma_chain) {
		unlink_anon_vmas(vma);
		return -ENOMEM;
	}
	vma->anon_vma = old->anon_vma;
	return 0;
}

/**
 * anon_vma_fork() - a child's VMA: it maps its parent's pages and makes its own.
 * @vma: the child's
 * @pvma: the parent's
 *
 * Context: both mmap_locks for writing. Return: 0, or -ENOMEM and nothing linked.
 */
int anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma)
{
	struct anon_vma_chain *avc;
	struct anon_vma *av;

	if (!pvma->anon_vma)
		return 0;
	if (anon_vma_clone(vma, pvma))
		return -ENOMEM;
	av = anon_vma_alloc();
	avc = av ? chain_alloc(vma, av) : NULL;
	if (!avc) {
		if (av)
			(kfree)(av);
		unlink_anon_vmas(vma);
		return -ENOMEM;
	}
	/* The lock lives in the root, so that must stay as long. */
	av->root = pvma->anon_vma->root;
	atomic_inc(&av->root->refcount);
	vma->anon_vma = av;
	anon_vma_lock_write(av);
	chain_link(avc);
	anon_vma_unlock_write(av);
	return 0;
}

/* The VMA goes away. Context: mmap_lock for writing, nothing mapped any more. */
void unlink_anon_vmas(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc, *next;
	struct anon_vma *root;

	if (list_empty(&vma->anon_vma_chain))
		return;
	avc = list_first_entry(&vma->anon_vma_chain, struct anon_vma_chain, same_vma);
	root = avc->anon_vma->root;
	anon_vma_lock_write(root);
	list_for_each_entry(avc, &vma->anon_vma_chain, same_vma)
		list_del(&avc->same_anon_vma);
	vma->anon_vma = NULL;
	anon_vma_unlock_write(root);
	list_for_each_entry_safe(avc, next, &vma->anon_vma_chain, same_vma) {
		list_del(&avc->same_vma);
		put_anon_vma(avc->anon_vma);
		(kfree)(avc);
	}
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
	struct anon_vma *root = av->root;

	if (!atomic_dec_and_test(&av->refcount))
		return;
	if (root != av && atomic_dec_and_test(&root->refcount))
		(kfree)(root);
	(kfree)(av);
}

void anon_vma_lock_read(struct anon_vma *av)
{
	sim_lock_shared(&av->root->rwsem.lock, __func__);
}

void anon_vma_unlock_read(struct anon_vma *av)
{
	sim_unlock_shared(&av->root->rwsem.lock, __func__);
}

void anon_vma_lock_write(struct anon_vma *av)
{
	sim_lock(&av->root->rwsem.lock, __func__);
}

void anon_vma_unlock_write(struct anon_vma *av)
{
	sim_unlock(&av->root->rwsem.lock, __func__);
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

/* A.21, where there is such a thing (0.2). */
static void mark_exclusive(struct page *page)
{
	if (kernel_profile()->anon_exclusive)
		SetPageAnonExclusive(page);
}

/**
 * page_needs_cow_for_dma() - must a child get a copy at once (J.11)?
 * @vma: the parent's
 * @page: mapped there
 *
 * Context: between the two ends of write_protect_seq; the table's lock held.
 * Return: true if somebody may have pinned it, so that it has to stay where the
 * parent has it.
 */
bool page_needs_cow_for_dma(struct vm_area_struct *vma, struct page *page)
{
	VM_BUG_ON(!(vma->vm_mm->write_protect_seq.sequence & 1));
	return is_cow_mapping(vma->vm_flags) && (vma->vm_mm->flags & 1UL << MMF_HAS_PINNED) &&
	       folio_maybe_dma_pinned(page_folio(page));
}

/**
 * folio_try_dup_anon_rmap_pte() - one more PTE of a folio, for a child (J.11).
 * @folio: anonymous folio
 * @page: the page of it
 * @src_vma: the parent's
 *
 * It is nobody's own from now on. (v5.17's page_dup_rmap(), whose caller asks
 * for pins.)
 *
 * Context: both tables' locks held.
 * Return: 0, or -EBUSY if it must be copied, and nothing has changed.
 */
int folio_try_dup_anon_rmap_pte(struct folio *folio, struct page *page,
				struct vm_area_struct *src_vma)
{
	if (PageAnonExclusive(page)) {
		if (page_needs_cow_for_dma(src_vma, page))
			return -EBUSY;
		ClearPageAnonExclusive(page);
	}
	atomic_inc(&page->_mapcount);
	return 0;
}

/* The folio is this VMA's alone: its parents' need not be walked any more. */
void folio_move_anon_rmap(struct folio *folio, struct vm_area_struct *vma)
{
	void *mapping = (void *)((unsigned long)vma->anon_vma + PAGE_MAPPING_ANON);

	if (folio->mapping != mapping)
		folio->mapping = mapping;
}

/**
 * folio_add_new_anon_rmap() - map a folio that nobody has seen yet.
 * @folio: fresh folio
 * @vma: where
 * @address: user address
 * @flags: RMAP_EXCLUSIVE, unless it was read from swap and others may want it
 *
 * Context: the table's lock held; part of the caller's next step.
 */
void folio_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address, rmap_t flags)
{
	struct anon_vma *av = vma->anon_vma;

	/* Read from a slot that others have an entry for: any of the family may map it. */
	if (!(flags & RMAP_EXCLUSIVE))
		av = av->root;
	folio_set_swapbacked(folio);
	folio->mapping = (void *)((unsigned long)av + PAGE_MAPPING_ANON);
	folio->index = linear_page_index(vma, address);
	atomic_set(&folio->_mapcount, 0);
	if (flags & RMAP_EXCLUSIVE)
		mark_exclusive(&folio->page);
}

/* One more PTE of a folio that has its anon_vma: migration's way back (D.19). */
void folio_add_anon_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma,
			     unsigned long address, rmap_t flags)
{
	VM_BUG_ON_FOLIO(!folio_test_anon(folio), folio);
	atomic_inc(&page->_mapcount);
	if (flags & RMAP_EXCLUSIVE)
		mark_exclusive(page);
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

/* One more PTE of a file's folio. Context: the table's lock. */
void folio_add_file_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma)
{
	VM_BUG_ON_FOLIO(folio_test_anon(folio), folio);
	atomic_inc(&page->_mapcount);
}

static void rmap_walk_file(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct address_space *mapping = folio_mapping(folio);
	struct vm_area_struct *vma;
	unsigned long addr;

	if (!mapping)
		return;
	list_for_each_entry(vma, &mapping->i_mmap, shared) {
		addr = vma_address(vma, folio->index, folio_nr_pages(folio));
		if (IS_ERR_VALUE(addr))
			continue;
		if (!rwc->rmap_one(folio, vma, addr, rwc->arg))
			break;
		if (rwc->done && rwc->done(folio))
			break;
	}
}

void rmap_walk_locked(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct anon_vma *av = folio_anon_vma(folio);
	struct anon_vma_chain *avc;
	unsigned long addr;

	if (!folio_test_anon(folio))
		rmap_walk_file(folio, rwc);
	if (!av)
		return;
	list_for_each_entry(avc, &av->vmas, same_anon_vma) {
		addr = vma_address(avc->vma, folio->index, folio_nr_pages(folio));
		if (IS_ERR_VALUE(addr))
			continue;
		if (!rwc->rmap_one(folio, avc->vma, addr, rwc->arg))
			break;
		if (rwc->done && rwc->done(folio))
			break;
	}
}

/**
 * rmap_walk() - visit every VMA in which a folio may be mapped.
 * @folio: its anon_vma cannot go away, or it is locked and of a file
 * @rwc: whom to call, and when to stop
 *
 * Context: sleepable; takes the anon_vma's or the mapping's lock shared.
 */
void rmap_walk(struct folio *folio, struct rmap_walk_control *rwc)
{
	struct anon_vma *av = folio_anon_vma(folio);
	struct address_space *mapping = folio_mapping(folio);

	if (!folio_test_anon(folio) && mapping) {
		sim_lock_shared(&mapping->i_mmap_rwsem.lock, __func__);
		rmap_walk_file(folio, rwc);
		sim_unlock_shared(&mapping->i_mmap_rwsem.lock, __func__);
	}
	if (!av)
		return;
	anon_vma_lock_read(av);
	rmap_walk_locked(folio, rwc);
	anon_vma_unlock_read(av);
}

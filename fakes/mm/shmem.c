/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared memory: a memfd, mapped MAP_SHARED: mm/shmem.c, v6.12: shmem_fault(),
 * shmem_get_folio_gfp(), shmem_add_to_page_cache(); do_shared_fault(),
 * finish_fault() of mm/memory.c. Its page cache is filemap.c's.
 *
 * A folio of a file has one reference more for the cache (A.3), in which it stays
 * when nobody maps it: MADV_DONTNEED and fork take nothing away, and the next
 * fault finds it. A write goes to it where it is; there is no COW.
 *
 * Simpler than the kernel: a file is as long as it was made and has no name; it
 * goes with the last process that has it open or mapped. No truncate, no holes,
 * no fault-around, no private mappings of files. It is never written to swap
 * (vmscan.c).
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include <linux/swap.h>

#include "fakes/mm/fault_internal.h"

static struct file *shmem_file_setup(pgoff_t nr)
{
	struct file *file = file_new(nr);

	/* N.1; a machine without such a file has no such class. */
	sim_lock_order("folio_lock", "i_mmap");
	sim_lock_order("i_mmap", "ptl");
	rwsem_init_class(&file->mapping.i_mmap_rwsem, "i_mmap",
			 OBJ_FILE_OF(file->mapping.id, 0));
	INIT_LIST_HEAD(&file->mapping.i_mmap);
	return file;
}

struct file *mm_open_shmem(struct mm_struct *mm, pgoff_t nr)
{
	struct file *file = shmem_file_setup(nr);

	mm_open(mm, file);
	return file;
}

void vma_unlink_file(struct vm_area_struct *vma)
{
	struct file *file = vma->vm_file;

	if (!file)
		return;
	sim_lock(&file->mapping.i_mmap_rwsem.lock, __func__);
	list_del(&vma->shared);
	sim_unlock(&file->mapping.i_mmap_rwsem.lock, __func__);
	vma->vm_file = NULL;
	fput(file);
}

/* A page that nobody has used yet. */
static struct folio *shmem_alloc_folio(void *arg)
{
	struct vm_fault *vmf = arg;
	struct folio *folio = vma_alloc_folio(GFP_HIGHUSER_MOVABLE, 0, vmf->vma, vmf->address);

	if (folio) {
		__folio_set_swapbacked(folio);
		folio_set_uptodate(folio);
	}
	return folio;
}

/* The fault's reference becomes the PTE's. Return: false if one is there already. */
static bool finish_fault(struct vm_fault *vmf, struct folio *folio)
{
	pte_t pte = mk_pte(&folio->page, vmf->vma->vm_page_prot);
	bool mapped;

	if (vmf->flags & FAULT_FLAG_WRITE)
		pte = pte_mkwrite(pte_mkdirty(pte), vmf->vma);
	lock_pte(vmf);
	mapped = pte_none(*vmf->pte);
	if (mapped) {
		set_pte_at(vmf->mm, vmf->address, vmf->pte, pte);
		page_ref_turn(vmf->owner, &folio->page, PAGE_REF_GET, PAGE_REF_MAP, __func__);
		folio_add_file_rmap_pte(folio, &folio->page, vmf->vma);
	}
	unlock_pte(vmf);
	return mapped;
}

static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = &vmf->vma->vm_file->mapping;
	pgoff_t index = linear_page_index(vmf->vma, vmf->address);
	struct folio_maker maker = { shmem_alloc_folio, vmf, "shmem_add_to_page_cache" };
	struct folio *folio = page_cache_grab(mapping, index, &maker);
	bool mapped;

	if (IS_ERR(folio))
		return VM_FAULT_OOM;
	mapped = finish_fault(vmf, folio);
	if (vmf->flags & FAULT_FLAG_WRITE)
		folio_mark_dirty(folio);
	folio_unlock(folio);
	if (!mapped)
		page_ref_drop(&folio->page, PAGE_REF_GET, 1, __func__);
	return 0;
}

static const struct vm_operations_struct shmem_vm_ops = {
	.fault = shmem_fault,
};

void vma_link_file(struct vm_area_struct *vma, struct file *file)
{
	if (!file)
		return;
	atomic_inc(&file->f_count);
	vma->vm_ops = &shmem_vm_ops;
	vma->vm_file = file;
	sim_lock(&file->mapping.i_mmap_rwsem.lock, __func__);
	list_add_tail(&vma->shared, &file->mapping.i_mmap);
	sim_unlock(&file->mapping.i_mmap_rwsem.lock, __func__);
}

bool file_backing(unsigned int process, u64 addr, u64 *ret_pfn)
{
	struct mm_struct *mm = process_mm(process);
	struct vm_area_struct *vma = mm ? vma_lookup(mm, addr) : NULL;
	struct folio *folio;

	if (!vma || !vma->vm_file)
		return false;
	folio = vma->vm_file->mapping.i_pages[linear_page_index(vma, addr)];
	if (folio)
		*ret_pfn = folio_pfn(folio);
	return folio != NULL;
}

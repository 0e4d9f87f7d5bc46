/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mappings of an address space: mm/mmap.c and mm/vma.c, v6.12: find_vma(),
 * do_vmi_munmap(), __split_vma(), exit_mmap(); vm_area_dup() of kernel/fork.c.
 *
 * Simpler than the kernel: VMAs are a list by address, because an address space
 * has a handful; only private anonymous memory and shared memory can be mapped,
 * at a given address; munmap() keeps mmap_lock for writing to its end, where the kernel
 * may downgrade it.
 */
#include <linux/mmap_lock.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fakes/mm/internal.h"

/* First VMA that ends behind @addr; it may begin behind @addr too. */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	list_for_each_entry(vma, &mm->vmas, link)
		if (addr < vma->vm_end)
			return vma;
	return NULL;
}

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && addr >= vma->vm_start ? vma : NULL;
}

struct vm_area_struct *vma_intersection(struct mm_struct *mm, unsigned long start,
					unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	return vma && vma->vm_start < end ? vma : NULL;
}

void insert_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = find_vma(mm, vma->vm_start);

	list_add_tail(&vma->link, next ? &next->link : &mm->vmas);
	mm->map_count++;
}

/* A VMA like @orig, in no list and with no pages. Return: NULL without memory. */
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig)
{
	struct vm_area_struct *vma = kzalloc(sizeof(*vma), GFP_KERNEL);

	if (!vma)
		return NULL;
	vma->vm_start = orig->vm_start;
	vma->vm_end = orig->vm_end;
	vma->vm_mm = orig->vm_mm;
	vma->vm_flags = orig->vm_flags;
	vma->vm_page_prot = orig->vm_page_prot;
	vma->vm_pgoff = orig->vm_pgoff;
	vma->place = orig->place;
	vma->vm_ops = orig->vm_ops;
	vma->vm_file = NULL;
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	return vma;
}

/* Tables for a small mapping are made with it, so that no fault has to. */
static void prepare_tables(struct mm_struct *mm, unsigned long addr, unsigned long bytes)
{
	if (bytes <= PMD_SIZE) {
		pte_alloc_tables(mm, addr);
		pte_alloc_tables(mm, addr + bytes - 1);
	}
}

/* A VMA of private anonymous memory, where nothing is mapped. */
static int map_range(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place,
		     struct vm_area_struct **ret_vma)
{
	struct vm_area_struct *vma;

	if (!bytes || !IS_ALIGNED(addr | bytes, PAGE_SIZE) || !access_ok_range(addr, bytes))
		return -EINVAL;
	if (vma_intersection(mm, addr, addr + bytes))
		return -EEXIST;
	vma = kzalloc(sizeof(*vma), GFP_KERNEL);
	if (!vma)
		return -ENOMEM;
	vma->vm_start = addr;
	vma->vm_end = addr + bytes;
	vma->vm_mm = mm;
	vma->vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
	vma->vm_page_prot = PAGE_READONLY;
	vma->vm_pgoff = addr >> PAGE_SHIFT;
	vma->place = place;
	INIT_LIST_HEAD(&vma->anon_vma_chain);
	insert_vma(mm, vma);
	*ret_vma = vma;
	return 0;
}

/**
 * mm_map_anon() - mmap() of private anonymous memory at a fixed address.
 * @mm: address space
 * @addr: page-aligned
 * @bytes: multiple of the page size
 * @place: enum build_zone: where its movable pages land
 *
 * Context: mmap_lock held for writing, or nobody else runs.
 * Return: 0; -EINVAL for a bad range, -EEXIST if something is mapped there.
 */
int mm_map_anon(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place)
{
	struct vm_area_struct *vma;
	int ret = map_range(mm, addr, bytes, place, &vma);

	if (!ret)
		prepare_tables(mm, addr, bytes);
	return ret;
}

/**
 * mm_map_shmem() - mmap() of a whole memfd of its own, MAP_SHARED.
 * @mm: address space; its process has the file open from now on
 * @addr: page-aligned
 * @bytes: multiple of the page size
 * @place: enum build_zone: where its movable pages land
 *
 * Context: as mm_map_anon(). Return: likewise.
 */
int mm_map_shmem(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place)
{
	struct vm_area_struct *vma;
	int ret = map_range(mm, addr, bytes, place, &vma);

	if (ret)
		return ret;
	vma->vm_flags |= VM_SHARED | VM_MAYSHARE;
	vma->vm_page_prot = PAGE_SHARED;
	vma->vm_pgoff = 0;
	vma_link_file(vma, mm_open_shmem(mm, bytes >> PAGE_SHIFT));
	prepare_tables(mm, addr, bytes);
	return 0;
}

/* Cut @vma in two at @addr; @vma keeps the lower part. */
int split_vma(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *new = vm_area_dup(vma);

	if (!new)
		return -ENOMEM;
	new->vm_start = addr;
	new->vm_pgoff = linear_page_index(vma, addr);
	if (anon_vma_clone(new, vma)) {
		kfree(new);
		return -ENOMEM;
	}
	vma->vm_end = addr;
	insert_vma(vma->vm_mm, new);
	vma_link_file(new, vma->vm_file);
	return 0;
}

static void remove_vma(struct vm_area_struct *vma)
{
	list_del(&vma->link);
	vma->vm_mm->map_count--;
	unlink_anon_vmas(vma);
	vma_unlink_file(vma);
	kfree(vma);
}

/**
 * do_munmap() - unmap a range, cutting the mappings at its ends.
 * @mm: address space
 * @start: page-aligned
 * @len: bytes, rounded up to pages
 *
 * Context: sleepable, mmap_lock held for writing.
 * Return: 0, also if nothing was mapped there; -EINVAL or -ENOMEM.
 */
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	unsigned long end = start + ALIGN(len, PAGE_SIZE);
	struct vm_area_struct *vma;
	int ret = 0;

	if (!len || !IS_ALIGNED(start, PAGE_SIZE) || !access_ok_range(start, len))
		return -EINVAL;
	vma = vma_lookup(mm, start);
	if (vma && vma->vm_start < start)
		ret = split_vma(vma, start);
	vma = vma_lookup(mm, end - 1);
	if (!ret && vma && vma->vm_end > end)
		ret = split_vma(vma, end);
	if (!ret && vma_intersection(mm, start, end))
		lru_add_drain();
	while (!ret && (vma = vma_intersection(mm, start, end))) {
		unmap_vma_range(vma, vma->vm_start, vma->vm_end, MMU_NOTIFY_UNMAP);
		remove_vma(vma);
	}
	return ret;
}

/* munmap(2) of the running task. */
int vm_munmap(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	int ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_munmap(mm, start, len);
	mmap_write_unlock(mm);
	return ret;
}

static void mm_init(struct mm_struct *mm)
{
	rwsem_init_class(&mm->mmap_lock, "mmap_lock", SIM_OBJ(OBJ_MM, mm->id));
	INIT_LIST_HEAD(&mm->vmas);
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	mm_init_pgtables(mm);
}

/* An empty address space. Return: NULL without memory. */
struct mm_struct *mm_new(unsigned int id)
{
	struct mm_struct *mm = sim_alloc(sizeof(*mm));

	if (!mm)
		return NULL;
	mm->id = id;
	mm_init(mm);
	return mm;
}

/* An empty address space for process @id. Context: host. */
struct mm_struct *mm_create(unsigned int id)
{
	struct mm_struct *mm = mm_new(id);

	BUG_ON(!mm);
	return mm;
}

/**
 * exit_mmap() - everything is unmapped, the page tables go.
 * @mm: address space without users
 *
 * Notifiers are released first (H.35). Context: sleepable.
 */
void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	mmu_notifier_release(mm);
	mmap_write_lock(mm);
	while (!list_empty(&mm->vmas)) {
		vma = list_first_entry(&mm->vmas, struct vm_area_struct, link);
		unmap_vma_range(vma, vma->vm_start, vma->vm_end, MMU_NOTIFY_UNMAP);
		remove_vma(vma);
	}
	free_pgtables(mm);
	mmap_write_unlock(mm);
}

void mmput(struct mm_struct *mm)
{
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	exit_mmap(mm);
	mm_close_files(mm);
	mmdrop(mm);
}

void mmdrop(struct mm_struct *mm)
{
	if (!atomic_dec_and_test(&mm->mm_count))
		return;
	kfree(mm->notifier_subscriptions);
	mm->notifier_subscriptions = NULL;
}

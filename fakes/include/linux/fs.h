/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of shared memory and of guests' private memory, and struct address_space:
 * what a folio of a file, or one in the swap cache, belongs to (A.3, D.11).
 *
 * Simpler than the kernel: the cache is an array as long as the file; the VMAs
 * that map the file are a list, the oldest first, and no interval tree; a file is
 * its inode and its mapping, so what belongs to one of them is told of any.
 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rwsem.h>

struct address_space;
struct file;

/* Bits of address_space.flags. */
#define AS_UNEVICTABLE		3
#define AS_INACCESSIBLE		8

struct address_space_operations {
	/* A folio has left the cache; it is locked, and may be in use elsewhere. */
	void (*free_folio)(struct address_space *mapping, struct folio *folio);
};

struct file_operations {
	/* The last reference is gone; the folios are still there. May sleep. */
	int (*release)(struct file *file);
	int (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
};

/**
 * struct address_space - the pages of one file
 * @i_mmap: vm_area_struct.shared of those that map it
 * @i_mmap_rwsem: protects @i_mmap
 * @i_pages: by page: what is in the cache. NULL: the swap cache
 * @nr: pages of the file
 * @id: for names
 * @flags: AS_*
 * @gfp_mask: where its folios may lie, for filemap_grab_folio()
 * @invalidate_lock: truncation is alone with the file; or without, unused
 * @a_ops: or NULL
 * @i_private_data: whose file it is
 */
struct address_space {
	struct list_head i_mmap;
	struct rw_semaphore i_mmap_rwsem;
	struct folio **i_pages;
	pgoff_t nr;
	unsigned int id;
	unsigned long flags;
	gfp_t gfp_mask;
	struct rw_semaphore invalidate_lock;
	const struct address_space_operations *a_ops;
	void *i_private_data;
};

/**
 * struct file - a file without a name, as of memfd_create(2)
 * @f_count: VMAs that map it, address spaces whose process has it open, and calls
 * @mapping: its pages
 * @f_op: or NULL
 * @private_data: its maker's
 * @f_delayed: the next that ends when its thread returns to user space
 */
struct file {
	atomic_t f_count;
	struct address_space mapping;
	const struct file_operations *f_op;
	void *private_data;
	struct file *f_delayed;
};

struct vm_operations_struct {
	vm_fault_t (*fault)(struct vm_fault *vmf);
};

/* --- fakes/mm/file.c --- */

#define FALLOC_FL_KEEP_SIZE	0x01
#define FALLOC_FL_PUNCH_HOLE	0x02

/* A file of @nr pages, that nobody has a reference on yet. */
struct file *file_new(pgoff_t nr);
/* @mm's process has it open from now on. Return: its descriptor. */
int mm_open(struct mm_struct *mm, struct file *file);
struct file *fget(unsigned int fd);
void fput(struct file *file);
struct file *get_file_active(struct file **f);
int close_fd(unsigned int fd);
int ksys_fallocate(int fd, int mode, loff_t offset, loff_t len);

/* Files that the caller was the last to have end now. */
void task_work_run(void);

static inline pgoff_t file_nr_pages(const struct file *file)
{
	return file->mapping.nr;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of shared memory, and struct address_space: what a folio of a file, or one
 * in the swap cache, belongs to (A.3, D.11).
 *
 * Simpler than the kernel: the cache is an array as long as the file; the VMAs
 * that map the file are a list, the oldest first, and no interval tree; a file is
 * its inode and its mapping.
 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rwsem.h>

/**
 * struct address_space - the pages of one file
 * @i_mmap: vm_area_struct.shared of those that map it
 * @i_mmap_rwsem: protects @i_mmap
 * @i_pages: by page: what is in the cache. NULL: the swap cache
 * @nr: pages of the file
 * @id: for names
 */
struct address_space {
	struct list_head i_mmap;
	struct rw_semaphore i_mmap_rwsem;
	struct folio **i_pages;
	pgoff_t nr;
	unsigned int id;
};

/**
 * struct file - a file without a name, as of memfd_create(2)
 * @f_count: VMAs that map it, and address spaces whose process has it open
 * @mapping: its pages
 */
struct file {
	atomic_t f_count;
	struct address_space mapping;
};

struct vm_operations_struct {
	vm_fault_t (*fault)(struct vm_fault *vmf);
};

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and who has them open: fs/file.c and fs/file_table.c, v6.12: fget(),
 * close_fd(), fput(), get_file_active(); vfs_fallocate() of fs/open.c.
 *
 * A file ends with its last reference. Where that is more than freeing pages, it
 * waits until the thread that dropped the reference returns to user space, and
 * holds no lock any more: task_work_run(). A kernel thread has no such moment; its
 * work queue's takes no longer here than the call.
 *
 * Simpler than the kernel: a file is its inode, too; a descriptor is one more than
 * the last one that is open; looking one up is no step, since nobody closes what
 * another thread is about to use but with the whole VM or process.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/sched.h>

#include "fakes/mm/internal.h"

/* What a process has open. */
struct open_file {
	struct file *file;
	struct open_file *next;
	int fd;
};

struct file *file_new(pgoff_t nr)
{
	struct file *file = sim_alloc(sizeof(*file));

	file->mapping.id = ++mm_world()->nr_files;
	file->mapping.nr = nr;
	file->mapping.i_pages = sim_alloc(nr * sizeof(file->mapping.i_pages[0]));
	return file;
}

static void __fput(struct file *file)
{
	struct address_space *mapping = &file->mapping;

	if (file->f_op && file->f_op->release)
		file->f_op->release(file);
	truncate_inode_pages_range(mapping, 0, ((loff_t)mapping->nr << PAGE_SHIFT) - 1);
	sim_free(mapping->i_pages);
	sim_free(file);
}

/**
 * fput() - one reference on a file less.
 * @file: the file
 *
 * Context: any where it is not the last; else sleepable for memory that processes
 * share, and any for what waits for task_work_run().
 */
void fput(struct file *file)
{
	struct task_struct *task = current;

	if (!atomic_dec_and_test(&file->f_count))
		return;
	if (!file->f_op || task->flags & PF_KTHREAD) {
		__fput(file);
		return;
	}
	file->f_delayed = task->task_works;
	task->task_works = file;
}

/**
 * task_work_run() - the caller returns to user space, files that it closed end.
 *
 * Context: sleepable, no locks.
 */
void task_work_run(void)
{
	struct task_struct *task = current;
	struct file *file;

	while ((file = task->task_works)) {
		task->task_works = file->f_delayed;
		__fput(file);
	}
}

/**
 * get_file_active() - a reference on a file that somebody else may be closing.
 * @f: where it is kept, and cleared when it ends
 *
 * Context: any; part of the caller's step.
 * Return: the file, or NULL if it is closed.
 */
struct file *get_file_active(struct file **f)
{
	struct file *file = READ_ONCE(*f);

	return file && atomic_inc_not_zero(&file->f_count) ? file : NULL;
}

int mm_open(struct mm_struct *mm, struct file *file)
{
	struct open_file *open = sim_alloc(sizeof(*open));

	atomic_inc(&file->f_count);
	open->fd = mm->files ? mm->files->fd + 1 : 0;
	open->file = file;
	open->next = mm->files;
	mm->files = open;
	return open->fd;
}

static struct file *find_file(struct mm_struct *mm, int fd)
{
	struct open_file *open;

	for (open = mm->files; open; open = open->next)
		if (open->fd == fd)
			return open->file;
	return NULL;
}

/**
 * fget() - the file behind a descriptor of the caller's process.
 * @fd: the descriptor
 *
 * Context: any; no step. Return: the file with a reference, or NULL.
 */
struct file *fget(unsigned int fd)
{
	struct file *file = current->mm ? find_file(current->mm, fd) : NULL;

	if (file)
		atomic_inc(&file->f_count);
	return file;
}

/**
 * close_fd() - close(2).
 * @fd: descriptor of the caller's process
 *
 * Context: as fput(); no step of its own. Return: 0 or -EBADF.
 */
int close_fd(unsigned int fd)
{
	struct open_file **at = &current->mm->files, *open;

	while ((open = *at) && open->fd != (int)fd)
		at = &open->next;
	if (!open)
		return -EBADF;
	*at = open->next;
	fput(open->file);
	sim_free(open);
	return 0;
}

/**
 * ksys_fallocate() - fallocate(2).
 * @fd: descriptor of the caller's process
 * @mode: FALLOC_FL_*
 * @offset: first byte
 * @len: bytes
 *
 * Context: sleepable, no locks.
 * Return: 0; -EBADF; -EOPNOTSUPP: no such file takes any; or what the file's own says.
 */
int ksys_fallocate(int fd, int mode, loff_t offset, loff_t len)
{
	struct file *file = fget(fd);
	int ret = -EOPNOTSUPP;

	if (!file)
		return -EBADF;
	if (offset < 0 || len <= 0)
		ret = -EINVAL;
	else if (file->f_op && file->f_op->fallocate)
		ret = file->f_op->fallocate(file, mode, offset, len);
	fput(file);
	return ret;
}

int mm_dup_files(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct open_file *open, **tail = &mm->files;

	for (open = oldmm->files; open; open = open->next) {
		*tail = sim_alloc(sizeof(**tail));
		(*tail)->file = open->file;
		(*tail)->fd = open->fd;
		atomic_inc(&open->file->f_count);
		tail = &(*tail)->next;
	}
	return 0;
}

void mm_close_files(struct mm_struct *mm)
{
	struct open_file *open;

	while ((open = mm->files)) {
		mm->files = open->next;
		fput(open->file);
		sim_free(open);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Charging locked memory to an address space: mm/util.c, v6.12:
 * account_locked_vm().  The counter is that of locked memory too (F.7).
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "fakes/host/host.h"

#undef account_locked_vm

/**
 * __account_locked_vm() - charge or give back pages.
 * @mm: address space
 * @pages: 4 KiB pages
 * @inc: charge
 * @task: whose limit counts
 * @bypass_rlim: the limit does not apply
 *
 * Reaching the limit exactly is allowed (F.1).
 * Context: mmap_lock held for writing. Return: 0 or -ENOMEM.
 */
int __account_locked_vm(struct mm_struct *mm, unsigned long pages, bool inc,
			struct task_struct *task, bool bypass_rlim)
{
	unsigned long limit = task_rlimit(task, RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	sim_obj_t obj = SIM_OBJ(OBJ_MM, mm->id);

	mmap_assert_write_locked(mm);
	if (!inc) {
		WARN_ON_ONCE(pages > mm->locked_vm);
		mm->locked_vm -= pages;
		sim_note(SIM_UNCHARGE, obj, pages, mm->locked_vm, __func__);
		return 0;
	}
	if (!bypass_rlim && mm->locked_vm + pages > limit)
		return -ENOMEM;
	mm->locked_vm += pages;
	sim_note(SIM_CHARGE, obj, pages, mm->locked_vm, __func__);
	return 0;
}

/**
 * account_locked_vm() - as __account_locked_vm(), for the running task.
 * @mm: address space, or NULL
 * @pages: 4 KiB pages
 * @inc: charge
 *
 * Context: sleepable; takes mmap_lock for writing. Return: 0 or -ENOMEM.
 */
int account_locked_vm(struct mm_struct *mm, unsigned long pages, bool inc)
{
	int ret;

	if (!pages || !mm)
		return 0;
	mmap_write_lock(mm);
	ret = __account_locked_vm(mm, pages, inc, current, capable(CAP_IPC_LOCK));
	mmap_write_unlock(mm);
	return ret;
}

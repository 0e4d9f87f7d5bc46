/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the CPU and the architecture's fault handler do for user space:
 * arch/x86/mm/fault.c, v6.12: do_user_addr_fault().
 *
 * An access is one step: the entry is looked at, its accessed and dirty bits
 * are set and the memory is touched, as the hardware does it; no lock. If the
 * entry forbids it, the fault is handled and the access tried again.
 *
 * Simpler than the kernel: a process without an answer to the fault gets an
 * errno instead of a signal; an OOM fault gives -ENOMEM.
 */
#include "fakes/mm/access.h"
#include "fakes/mm/internal.h"

static bool try_access(struct mm_struct *mm, unsigned long addr, bool write,
		       void (*act)(uint64_t pfn, void *arg), void *arg)
{
	pte_t *pte;

	sim_step2(SIM_ACCESS, OBJ_PTE_OF(mm->id, addr), write, 0, __func__);
	pte = pte_lookup(mm, addr);
	if (!pte || !pte_access_permitted(*pte, write))
		return false;
	pte->pte |= _PAGE_ACCESSED | (write ? _PAGE_DIRTY : 0);
	act(pte_pfn(*pte), arg);
	return true;
}

static int user_fault(struct mm_struct *mm, unsigned long addr, bool write)
{
	struct vm_area_struct *vma;
	vm_fault_t fault;
	int ret = -EFAULT;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (vma && (vma->vm_flags & (write ? VM_WRITE : VM_READ))) {
		fault = handle_mm_fault(vma, addr,
					FAULT_FLAG_USER | (write ? FAULT_FLAG_WRITE : 0), NULL);
		ret = fault & VM_FAULT_OOM ? -ENOMEM : 0;
	}
	mmap_read_unlock(mm);
	return ret;
}

int user_access(uint64_t addr, bool write, void (*act)(uint64_t pfn, void *arg), void *arg)
{
	struct mm_struct *mm = current->mm;
	int ret = 0;

	if (!mm)
		return -EFAULT;
	while (!ret && !try_access(mm, addr, write, act, arg))
		ret = user_fault(mm, addr, write);
	return ret;
}

static void store_tag(uint64_t pfn, void *arg)
{
	*page_contents(pfn) = *(uint64_t *)arg;
}

static void load_tag(uint64_t pfn, void *arg)
{
	*(uint64_t *)arg = *page_contents(pfn);
}

int user_write_tag(uint64_t addr, uint64_t tag)
{
	return user_access(addr, true, store_tag, &tag);
}

int user_read_tag(uint64_t addr, uint64_t *ret_tag)
{
	return user_access(addr, false, load_tag, ret_tag);
}

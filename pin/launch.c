/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Launch update: the firmware encrypts the guest's first memory where it lies
 * (arch/x86/kvm/svm/sev.c: sev_launch_update_data(), get_num_contig_pages();
 * contract I.5, I.7).
 *
 * The pins are short ones, for writing, and they are charged while they last.
 * With them goes all that holds the pages where their ciphertext belongs (H-61),
 * unless something else pins them: a registered region, or a design by then.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/psp-sev.h>
#include <linux/swap.h>
#include <svm/svm.h>

#include "eager.h"

/* Pages from @first on that follow one another in memory, too. */
static unsigned long get_num_contig_pages(unsigned long first,
					  struct page **pages,
					  unsigned long npages)
{
	unsigned long i = first + 1;

	while (i < npages && page_to_pfn(pages[i]) == page_to_pfn(pages[i - 1]) + 1)
		i++;
	return i - first;
}

/* One command for each run of pages; the first that fails is the last. */
static int sev_launch_update_runs(struct kvm *kvm, hva_t uaddr,
				  unsigned long len, struct page **pages,
				  unsigned long npages)
{
	struct sev_data_launch_update_data data = {
		.handle = to_kvm_sev_info(kvm)->handle,
	};
	unsigned long i, run, offset = uaddr & ~PAGE_MASK;
	int error = 0, ret = 0;

	for (i = 0; !ret && len; i += run) {
		run = get_num_contig_pages(i, pages, npages);
		data.len = min(run * PAGE_SIZE - offset, len);
		data.address = (page_to_pfn(pages[i]) << PAGE_SHIFT) + offset;
		ret = sev_do_cmd(SEV_CMD_LAUNCH_UPDATE_DATA, &data, &error);
		len -= data.len;
		offset = 0;
	}
	return ret;
}

/**
 * sev_vm_launch_update() - encrypt memory in place before the guest runs.
 * @kvm: SEV guest, no mirror of one
 * @uaddr: first byte, in the caller's mm
 * @len: bytes
 *
 * Context: kvm->lock held; sleeps.
 * Return: 0; -EINVAL: no range; -ENOMEM: not pinned, for whatever reason; or
 * what the firmware says, by when part of it may be encrypted.
 */
int sev_vm_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	unsigned long i, npages;
	struct page **pages;
	int ret;

	pages = sev_pin_memory(kvm, uaddr, len, &npages, FOLL_WRITE);
	if (IS_ERR(pages))
		return PTR_ERR(pages);

	/* What the VMM has just written there must not land on ciphertext. */
	sev_clflush_pages(pages, npages);

	ret = sev_launch_update_runs(kvm, uaddr, len, pages, npages);

	/* All of them, also those that the firmware never came to. */
	for (i = 0; i < npages; i++) {
		set_page_dirty_lock(pages[i]);
		mark_page_accessed(pages[i]);
	}
	sev_unpin_memory(kvm, pages, npages);
	return ret;
}

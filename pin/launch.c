/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Launch update: the firmware encrypts the guest's first memory where it lies. Send
 * and receive update: a page of it goes to another machine, or comes from one
 * (arch/x86/kvm/svm/sev.c: sev_launch_update_data(), get_num_contig_pages(),
 * sev_send_update_data(), sev_receive_update_data(); contract I.5, I.7).
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

int sev_launch_update_pages(struct kvm *kvm, hva_t uaddr, unsigned long len,
			    struct page **pages, unsigned long npages)
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

	/* All of them, also those that the firmware never came to. */
	for (i = 0; i < npages; i++) {
		set_page_dirty_lock(pages[i]);
		mark_page_accessed(pages[i]);
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
	unsigned long npages;
	struct page **pages;
	int ret;

	pages = sev_pin_memory(kvm, uaddr, len, &npages, FOLL_WRITE);
	if (IS_ERR(pages))
		return PTR_ERR(pages);

	/* What the VMM has just written there must not land on ciphertext. */
	sev_clflush_pages(pages, npages);

	ret = sev_launch_update_pages(kvm, uaddr, len, pages, npages);
	sev_unpin_memory(kvm, pages, npages);
	return ret;
}

int sev_transport_page(struct kvm *kvm, int cmd, hva_t uaddr, unsigned long len,
		       struct page *page)
{
	struct sev_data_send_update_data data = {
		.handle = to_kvm_sev_info(kvm)->handle,
		.guest_address = (page_to_pfn(page) << PAGE_SHIFT) +
				 (uaddr & ~PAGE_MASK),
		.guest_len = len,
	};
	int error = 0;

	return sev_do_cmd(cmd, &data, &error);
}

bool sev_is_one_page(hva_t uaddr, unsigned long len)
{
	return len && len <= PAGE_SIZE && (uaddr & ~PAGE_MASK) + len <= PAGE_SIZE;
}

int sev_transport_pinned(struct kvm *kvm, int cmd, hva_t uaddr, unsigned long len,
			 sev_pin_memory_t *pin)
{
	bool receives = cmd == SEV_CMD_RECEIVE_UPDATE_DATA;
	unsigned long npages;
	struct page **pages;
	int ret;

	if (!sev_is_one_page(uaddr, len))
		return -EINVAL;
	pages = pin(kvm, uaddr & PAGE_MASK, PAGE_SIZE, &npages,
		    receives ? FOLL_WRITE : 0);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	if (receives)
		sev_clflush_pages(pages, npages);
	ret = sev_transport_page(kvm, cmd, uaddr, len, pages[0]);
	/* Nobody says that the page was written to (H-60). */
	sev_unpin_memory(kvm, pages, npages);
	return ret;
}

/**
 * sev_vm_send_update() - a page of the guest goes to another machine.
 * @kvm: SEV guest, no mirror of one
 * @uaddr: first byte, in the caller's mm
 * @len: bytes, all of one page
 *
 * Context: kvm->lock held; sleeps.
 * Return: 0; -EINVAL: not of one page; -ENOMEM: not pinned, for whatever reason; or
 * what the firmware says.
 */
int sev_vm_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	return sev_transport_pinned(kvm, SEV_CMD_SEND_UPDATE_DATA, uaddr, len,
				    sev_pin_memory);
}

/**
 * sev_vm_receive_update() - a page of the guest comes from another machine.
 * @kvm: SEV guest, no mirror of one
 * @uaddr: first byte, in the caller's mm
 * @len: bytes, all of one page
 *
 * Context and return: as sev_vm_send_update().
 */
int sev_vm_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len)
{
	return sev_transport_pinned(kvm, SEV_CMD_RECEIVE_UPDATE_DATA, uaddr, len,
				    sev_pin_memory);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "eager" keeps of a registered region, and what "eager-longterm" shares. */
#ifndef PIN_EAGER_H
#define PIN_EAGER_H

#include <linux/kvm_types.h>
#include <linux/list.h>
#include <linux/types.h>

struct kvm;
struct kvm_enc_region;
struct page;

/**
 * struct enc_region - a registered range of user space addresses
 * @list: in sev->regions_list, in the order of registering; kvm->lock
 * @npages: how many pages it touches
 * @pages: each of them, pinned once
 * @uaddr: first byte
 * @size: bytes
 */
struct enc_region {
	struct list_head list;
	unsigned long npages;
	struct page **pages;
	unsigned long uaddr;
	unsigned long size;
};

/* Pin and charge [@uaddr, @uaddr + @ulen), @n pages, with FOLL_* @flags; kvm->lock. */
struct page **sev_pin_memory(struct kvm *kvm, unsigned long uaddr,
			     unsigned long ulen, unsigned long *n,
			     unsigned int flags);
/* What that has pinned; not dirtied, and its array freed. kvm->lock. */
void sev_unpin_memory(struct kvm *kvm, struct page **pages,
		      unsigned long npages);
/* Write the host's lines of them back. */
void sev_clflush_pages(struct page *pages[], unsigned long npages);

/* How many pages a byte range touches, an unaligned one too (F.4). */
unsigned long sev_range_npages(unsigned long uaddr, unsigned long ulen);

/*
 * One LAUNCH_UPDATE_DATA for each run of @pages; the first that fails is the last.
 * Then all are dirty. kvm->lock. Return: 0, or what the firmware says.
 */
int sev_launch_update_pages(struct kvm *kvm, hva_t uaddr, unsigned long len,
			    struct page **pages, unsigned long npages);
/* Does the range lie in one page, as SEND_ and RECEIVE_UPDATE_DATA want it? */
bool sev_is_one_page(hva_t uaddr, unsigned long len);
/* One of these two, of the range of @page. kvm->lock. */
int sev_transport_page(struct kvm *kvm, int cmd, hva_t uaddr, unsigned long len,
		       struct page *page);
/* sev_pin_memory(), or what a design has in its place. */
typedef struct page **sev_pin_memory_t(struct kvm *kvm, hva_t uaddr,
				       unsigned long ulen, unsigned long *n,
				       unsigned int flags);
/* The same of a page that is pinned for the command alone, by @pin. kvm->lock, sleeps. */
int sev_transport_pinned(struct kvm *kvm, int cmd, hva_t uaddr, unsigned long len,
			 sev_pin_memory_t *pin);

int eager_register_region(struct kvm *kvm, struct kvm_enc_region *range,
			  unsigned int flags);
int eager_unregister_region(struct kvm *kvm, struct kvm_enc_region *range);
void eager_vm_destroy(struct kvm *kvm);

#endif

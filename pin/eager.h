/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "eager" keeps of a registered region. */
#ifndef PIN_EAGER_H
#define PIN_EAGER_H

#include <linux/list.h>
#include <linux/types.h>

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

#endif

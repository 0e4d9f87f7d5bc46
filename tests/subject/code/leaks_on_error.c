/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two allocations; when the second cannot be had, the first is forgotten. */
#include "base.h"

struct my_region {
	u64 addr, size;
};

static int sev_mem_enc_register_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	struct my_region *region = kzalloc(sizeof(*region), GFP_KERNEL_ACCOUNT);
	struct page **pages;

	if (!region)
		return -ENOMEM;
	pages = kvcalloc(2, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (!pages)
		return -ENOMEM;
	kvfree(pages);
	kfree(region);
	return 0;
}

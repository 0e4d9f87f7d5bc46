/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private memory, for who asks where a guest's page lies: guest_memfd.c. */
#ifndef FAKES_KVM_GUEST_MEMFD_H
#define FAKES_KVM_GUEST_MEMFD_H

#include <linux/kvm_host.h>

/*
 * The frame of a private gfn of @slot, as its file has it now. Return: false if it
 * has none there.
 */
bool kvm_gmem_peek(const struct kvm_memory_slot *slot, gfn_t gfn, u64 *ret_pfn);

#endif

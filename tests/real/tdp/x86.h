/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's spte.c wants of the rest of KVM. */
#ifndef TESTS_REAL_TDP_X86_H
#define TESTS_REAL_TDP_X86_H

#include <linux/types.h>

struct kvm_host_values {
	u8 maxphyaddr;
};

extern struct kvm_host_values kvm_host;

#endif

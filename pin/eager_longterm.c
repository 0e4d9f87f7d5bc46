/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "eager-longterm": as "eager", with long-term pins
 * (arch/x86/kvm/svm/sev.c, v6.15, and stable kernels from v6.1.191 and
 * v6.12.114 on; contract I.5, profile P1 of 0.5).
 *
 * The kernel does not ask for FOLL_WRITE: the pin itself is to break the
 * sharing of pages that were never written. With the option "write" it is
 * asked for all the same.
 *
 * Known fault: I.6, v6.1 does not break the sharing of the zero page, so that
 * memory that nobody has written is registered but will be replaced at the
 * guest's first write.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <svm/svm.h>

#include "designs.h"
#include "eager.h"

static int sev_register_longterm(struct kvm *kvm, struct kvm_enc_region *range)
{
	return eager_register_region(kvm, range, FOLL_LONGTERM);
}

static int sev_register_longterm_write(struct kvm *kvm,
				       struct kvm_enc_region *range)
{
	return eager_register_region(kvm, range, FOLL_LONGTERM | FOLL_WRITE);
}

const struct kvm_x86_ops eager_longterm_ops = {
	.name = "eager-longterm",
	.vm_destroy = eager_vm_destroy,
	.mem_enc_register_region = sev_register_longterm,
	.mem_enc_unregister_region = eager_unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
};

const struct kvm_x86_ops eager_longterm_write_ops = {
	.name = "eager-longterm:write",
	.vm_destroy = eager_vm_destroy,
	.mem_enc_register_region = sev_register_longterm_write,
	.mem_enc_unregister_region = eager_unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
};

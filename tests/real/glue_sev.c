/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's region functions as the design "eager-longterm".
 */
#include <linux/kvm_host.h>
#include <svm/svm.h>

#include "pin/designs.h"
#include "tests/real/real_world.h"

int sev_mem_enc_register_region(struct kvm *kvm, struct kvm_enc_region *range);
int sev_mem_enc_unregister_region(struct kvm *kvm, struct kvm_enc_region *range);
void sev_vm_destroy(struct kvm *kvm);

static int register_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	real_called();
	return sev_mem_enc_register_region(kvm, range);
}

static int unregister_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	real_called();
	return sev_mem_enc_unregister_region(kvm, range);
}

const struct kvm_x86_ops eager_longterm_ops = {
	.name = "eager-longterm",
	.vm_destroy = sev_vm_destroy,
	.mem_enc_register_region = register_region,
	.mem_enc_unregister_region = unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
};

/* The kernel has no such option. */
const struct kvm_x86_ops eager_longterm_write_ops = {
	.name = "eager-longterm:write",
};

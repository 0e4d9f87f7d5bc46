/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's region functions as the design "eager-longterm". What goes with
 * the VM besides its regions is the model's: see sev_vm_destroy() there.
 */
#include <linux/kvm_host.h>
#include <svm/svm.h>

#include "pin/designs.h"
#include "pin/eager.h"
#include "tests/real/real_world.h"

int sev_mem_enc_register_region(struct kvm *kvm, struct kvm_enc_region *range);
int sev_mem_enc_unregister_region(struct kvm *kvm, struct kvm_enc_region *range);
void unregister_enc_region_locked(struct kvm *kvm, struct enc_region *region);

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

static void vm_destroy(struct kvm *kvm)
{
	struct kvm_sev_info *sev = to_kvm_sev_info(kvm);
	struct enc_region *region, *next;

	if (!sev_guest(kvm))
		return;
	wbinvd_on_all_cpus();
	list_for_each_entry_safe(region, next, &sev->regions_list, list)
		unregister_enc_region_locked(kvm, region);
}

const struct kvm_x86_ops eager_longterm_ops = {
	.name = "eager-longterm",
	.vm_destroy = vm_destroy,
	.mem_enc_register_region = register_region,
	.mem_enc_unregister_region = unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
};

/* The kernel has no such option. */
const struct kvm_x86_ops eager_longterm_write_ops = {
	.name = "eager-longterm:write",
};

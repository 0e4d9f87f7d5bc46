/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guest pages to which writes are watched (arch/x86/kvm/mmu/page_track.h, v6.12). */
#ifndef __KVM_X86_PAGE_TRACK_H
#define __KVM_X86_PAGE_TRACK_H

#include <linux/kvm_host.h>

int kvm_write_track_add_gfn(struct kvm *kvm, gfn_t gfn);
int kvm_write_track_remove_gfn(struct kvm *kvm, gfn_t gfn);
bool kvm_gfn_is_write_tracked(const struct kvm_memory_slot *slot, gfn_t gfn);

#endif

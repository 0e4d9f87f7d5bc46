/* SPDX-License-Identifier: GPL-2.0-or-later */
/* KVM_SEV_LAUNCH_UPDATE_DATA, which no design has changed: for all of them. */
#ifndef PIN_LAUNCH_H
#define PIN_LAUNCH_H

#include <linux/types.h>

struct kvm;

/**
 * sev_launch_update_data() - encrypt memory in place before the guest runs.
 * @kvm: SEV guest, no mirror of one
 * @uaddr: first byte, in the caller's mm
 * @len: bytes
 *
 * Context: kvm->lock held; sleeps.
 * Return: 0; -EINVAL: no range; -ENOMEM: not pinned, for whatever reason; or
 * what the firmware says, by when part of it may be encrypted.
 */
int sev_launch_update_data(struct kvm *kvm, hva_t uaddr, unsigned long len);

#endif

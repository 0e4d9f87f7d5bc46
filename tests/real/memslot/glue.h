/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's kvm_main.c and glue.c have of each other. */
#ifndef TESTS_REAL_MEMSLOT_GLUE_H
#define TESTS_REAL_MEMSLOT_GLUE_H

#include <linux/kvm_host.h>

/* A set that no reader sees gets another slot, or loses one. */
void real_slot_added(struct kvm_memslots *set, struct kvm_memory_slot *slot);
void real_slot_removed(struct kvm_memslots *set, struct kvm_memory_slot *slot);
/* Readers see @set from here on. */
void real_publish(struct kvm *kvm, int as_id, struct kvm_memslots *set);

#endif

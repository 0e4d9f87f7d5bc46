/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hooks of each built-in design, and what shows its records. */
#ifndef PIN_DESIGNS_H
#define PIN_DESIGNS_H

#include <linux/kvm_host.h>

struct pin_probe;

extern const struct kvm_x86_ops pinned_spte_ops;
extern const struct kvm_x86_ops eager_ops;
extern const struct kvm_x86_ops eager_longterm_ops;
extern const struct kvm_x86_ops eager_longterm_write_ops;
extern const struct kvm_x86_ops demand_ref_ops;
extern const struct kvm_x86_ops demand_late_ops;
extern const struct kvm_x86_ops demand_late_in_map_ops;
extern const struct kvm_x86_ops demand_takeover_ops;
extern const struct kvm_x86_ops demand_double_ops;
extern const struct kvm_x86_ops gmem_ops;
extern const struct kvm_x86_ops demand_sound_ops;

extern const struct pin_probe pinned_spte_probe;
extern const struct pin_probe eager_probe;
extern const struct pin_probe demand_ref_probe;
extern const struct pin_probe demand_late_probe;
extern const struct pin_probe demand_takeover_probe;
extern const struct pin_probe demand_double_probe;
extern const struct pin_probe gmem_probe;
extern const struct pin_probe demand_sound_probe;

/*
 * RFC v0's, which v1 has too (demand_ref.c): the arrays of a slot. One that moves
 * shares them with the one that is about to be freed.
 */
int sev_alloc_memslot_metadata(struct kvm *kvm,
			       const struct kvm_memory_slot *old,
			       struct kvm_memory_slot *new);

/* v1's commands: demand_double_launch.c. */
int demand_double_launch_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int demand_double_send_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
int demand_double_receive_update(struct kvm *kvm, hva_t uaddr, unsigned long len);
void demand_double_vm_destroy(struct kvm *kvm);

/* Of loaded code: loaded_probe.c. */
const struct kvm_x86_ops *loaded_ops(const char *name);
const struct pin_probe *loaded_probe_of(const struct kvm_x86_ops *ops);

/* The hooks of "name" or "name:option"; NULL if there are none such. */
const struct kvm_x86_ops *pin_design_ops(const char *name);

/* pin_design_traits() of hooks. */
unsigned int pin_ops_traits(const struct kvm_x86_ops *ops);

#endif

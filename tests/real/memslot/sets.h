/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of slots with the kernel's trees in them: included behind what prologue.h
 * and the kernel's kvm_host.h say of them.
 */
#ifndef TESTS_REAL_MEMSLOT_SETS_H
#define TESTS_REAL_MEMSLOT_SETS_H

/* The sets of a new VM are zeroes: so are empty trees, but one set is number 1. */
static inline struct kvm_memslots *real_active_set(struct kvm *kvm, int as_id)
{
	if (!kvm->__memslots[as_id][1].node_idx)
		kvm->__memslots[as_id][1].node_idx = 1;
	return kvm->memslots[as_id];
}

static inline bool real_found_by_hva(struct kvm_memslots *set, struct kvm_memory_slot *slot)
{
	unsigned long start = slot->userspace_addr;
	unsigned long last = start + (slot->npages << PAGE_SHIFT) - 1;
	struct interval_tree_node *node = interval_tree_iter_first(&set->hva_tree, last, last);

	while (node && node != &slot->hva_node[set->node_idx])
		node = interval_tree_iter_next(node, last, last);
	return node && node->start == start && node->last == last;
}

/* The four ways to find a slot: each has to lead to the slots of the array. */
static inline void real_check_set(struct kvm_memslots *set)
{
	struct rb_node *node = rb_first(&set->gfn_tree);
	int idx = set->node_idx;
	unsigned int i;

	BUG_ON(kvm_memslots_empty(set) != !set->nr_slots);
	for (i = 0; i < set->nr_slots; i++, node = rb_next(node)) {
		struct kvm_memory_slot *slot = set->slots[i];

		BUG_ON(!node || rb_entry(node, struct kvm_memory_slot, gfn_node[idx]) != slot);
		BUG_ON(id_to_memslot(set, slot->id) != slot);
		BUG_ON(search_memslots(set, slot->base_gfn, false) != slot);
		BUG_ON(search_memslots(set, slot->base_gfn + slot->npages - 1, false) != slot);
		BUG_ON(!real_found_by_hva(set, slot));
	}
	BUG_ON(node);
}

#endif

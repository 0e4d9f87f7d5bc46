/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands before the kernel's kvm_main.c, of which changing memslots is taken:
 * slots with nodes of the kernel's trees in them, and sets with the trees.
 *
 * Slots are made by nobody else, so theirs may be larger than the model's; a
 * set's trees lie in its reserve. What the rest of the model reads, a sorted
 * array, follows each change (glue.c).
 *
 * Included behind the kernel's linux/interval_tree.h and linux/rbtree.h.
 * The names kvm, slots, old, new and idx are variables of the kernel's functions.
 */
#ifndef TESTS_REAL_MEMSLOT_PROLOGUE_H
#define TESTS_REAL_MEMSLOT_PROLOGUE_H

#include <asm/kvm_host.h>

/* One chain is enough for a few slots. */
#define PINSIM_FIELDS_kvm_memslots					\
	atomic_long_t last_used_slot;					\
	struct rb_root_cached hva_tree;					\
	struct rb_root gfn_tree;					\
	struct hlist_head id_hash;					\
	int node_idx;
#define PINSIM_FIELDS_kvm_memory_slot					\
	struct hlist_node id_node[2];					\
	struct interval_tree_node hva_node[2];				\
	struct rb_node gfn_node[2];
#define PINSIM_FIELDS_kvm						\
	atomic_t nr_memslots_dirty_logging;				\
	u32 dirty_ring_size;						\
	u64 manual_dirty_log_protect;

/* As the model's, but they may take more room. */
#undef PINSIM_RESERVE
#define PINSIM_RESERVE(n, ...)						\
	union {								\
		unsigned long reserve[n];				\
		struct { __VA_ARGS__ };					\
	};

/* v6.1's argument had another type: a shorter one with the same beginning. */
#define kvm_set_memory_region		model_kvm_set_memory_region
#define __kvm_set_memory_region		model___kvm_set_memory_region
#define id_to_memslot			model_id_to_memslot
#include <linux/kvm_host.h>
#undef kvm_set_memory_region
#undef __kvm_set_memory_region
#undef id_to_memslot

#include <linux/uaccess.h>
#include <linux/vmalloc.h>

_Static_assert(sizeof(struct kvm_memslots) ==
	       offsetof(struct kvm_memslots, reserve) + 8 * sizeof(long),
	       "other files have to find the next set");
_Static_assert(sizeof(struct kvm) == offsetof(struct kvm, reserve) + 8 * sizeof(long),
	       "and the next VM");

#include "tests/real/memslot/glue.h"

/* --- steps and the array: glue.c, sets.h --- */

/* Who changes slots has the lock: to see which set is active is no step then. */
#define __kvm_memslots(kvm, as_id)	real_active_set(kvm, as_id)

#undef rcu_assign_pointer
#define rcu_assign_pointer(p, slots)					\
	(real_check_set(slots), real_publish(kvm, as_id, slots))

#define prepare_to_rcuwait(w)		do { } while (0)
#define finish_rcuwait(w)		do { } while (0)
#define set_current_state(state)	do { } while (0)
#undef schedule
#define schedule()							\
	rcuwait_wait_event(&kvm->mn_memslots_update_rcuwait,		\
			   !READ_ONCE(kvm->mn_active_invalidate_count),	\
			   TASK_UNINTERRUPTIBLE)

/* planted_test.py, 2: readers are not waited for. */
#if defined(PLANT) && PLANT == 2
#undef synchronize_srcu_expedited
#define synchronize_srcu_expedited(s)	do { } while (0)
#endif

#define hash_add(table, node, key)					\
do {									\
	hlist_add_head(node, &(table));					\
	real_slot_added(slots, new);					\
} while (0)
#define hash_del(node)							\
do {									\
	hlist_del(node);						\
	real_slot_removed(slots, old);					\
} while (0)
#define hash_for_each_possible(table, obj, member, key)			\
	hlist_for_each_entry(obj, &(table), member)

/* --- what is not there: memory of the guest's own, the dirty ring --- */

#define KVM_ADDRESS_SPACE_NUM		KVM_MAX_NR_ADDRESS_SPACES
#define KVM_DIRTY_LOG_INITIALLY_SET	(1 << 1)
#define __KVM_HAVE_READONLY_MEM
#define kvm_use_dirty_bitmap(kvm)	true
#define kvm_gmem_bind(kvm, slot, fd, offset) (-EINVAL)
#define kvm_gmem_unbind(slot)		do { } while (0)
#define bitmap_set(map, start, nr)	BUG()
#define untagged_addr(addr)		(addr)

#endif

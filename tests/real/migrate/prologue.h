/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands before the kernel's migrate.c: what it has to take otherwise than the
 * rest of the simulated kernel does, and what it asks for that nobody models.
 *
 *  - The kernel compares a count with what is known by plain reads; the model
 *    does so in a step. So the reads are that step, but for the first look
 *    whether anybody else has the folio at all.
 *  - It drops what isolation took of @src and what the allocator gave it of
 *    @dst by folio_put(); the ledger wants to know which.
 *  - Its copying is the model's step.
 *
 * The names src, dst and expected_count are variables of the kernel's functions.
 */
#ifndef TESTS_REAL_MIGRATE_PROLOGUE_H
#define TESTS_REAL_MIGRATE_PROLOGUE_H

/* Their arguments were others in v6.1, or are of a type that is another here. */
#define migrate_pages			model_migrate_pages
#define alloc_migration_target		model_alloc_migration_target
#define migrate_folio			model_migrate_folio
#define folio_migrate_mapping		model_folio_migrate_mapping
#include <linux/migrate.h>
#undef migrate_pages
#undef alloc_migration_target
#undef migrate_folio
#undef folio_migrate_mapping

#include <linux/mm_inline.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/swap.h>

#include "tests/real/migrate/glue.h"

/* --- steps: glue.c --- */

/* Where nothing is expected, the first look it is. */
static const int expected_count __maybe_unused = -1;

#define folio_ref_count(folio)						\
	(expected_count < 0 ? page_ref_count(&(folio)->page) :		\
			      real_refcheck(folio, expected_count))

/* Which of the two it is says the argument's name. */
#undef folio_put
#define folio_put(folio)		real_put_##folio(folio, __func__)

#define folio_copy(dst, src)		real_copy(dst, src)
#define folio_mc_copy(dst, src)		(real_copy(dst, src), 0)

/* --- names --- */

#if PINSIM_KVER < 612
typedef struct page *new_page_t(struct page *page, unsigned long private);
typedef void free_page_t(struct page *page, unsigned long private);
#define remove_migration_ptes		remove_migration_ptes_61
/* One driver used it; nobody here does. */
#define MIGRATE_SYNC_NO_COPY		((enum migrate_mode)(MIGRATE_SYNC + 1))
#undef put_page
#define put_page(page)			BUG()
#define page_pgdat(page)		folio_pgdat(page_folio(page))
#define putback_lru_page(page)		folio_putback_lru(page_folio(page))
#define PageMovable(page)		false
#define folio_mapping_flags(folio)					\
	((unsigned long)(folio)->mapping & PAGE_MAPPING_FLAGS)
#endif

/* What of the model other files of fakes/mm have to themselves. */
void try_to_migrate(struct folio *folio, enum ttu_flags flags);
#define try_to_unmap_flush()		do { } while (0)
#define folio_is_zone_device(folio)	is_zone_device_page(&(folio)->page)
#define is_highmem_idx(idx)		false
#define __folio_alloc(gfp, order, nid, mask) folio_alloc(gfp, order)

/*
 * --- mappings: the swap cache and the page cache ---
 * All that the kernel's functions want of one is that it may be moved; where it
 * keeps the folio, the model knows by the folio. From the freeze to the end of it
 * nothing is a step: the model has one for all of it.
 */
static inline bool real_is_inaccessible(struct folio *folio)
{
	return mapping_inaccessible(folio_mapping(folio));
}

#define address_space			real_address_space
#define address_space_operations	real_address_space_operations

struct address_space;
struct address_space_operations {
	int (*migrate_folio)(struct address_space *mapping, struct folio *dst,
			     struct folio *src, enum migrate_mode mode);
};
struct address_space {
	const struct address_space_operations *a_ops;
	bool inaccessible;
};

int migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
		  enum migrate_mode mode);

static inline struct address_space *real_mapping(struct folio *folio)
{
	static const struct address_space_operations ops = { .migrate_folio = migrate_folio };
	static struct address_space space[] = {
		{ .a_ops = &ops }, { .a_ops = &ops, .inaccessible = true },
	};

	return folio_mapping(folio) ? &space[real_is_inaccessible(folio)] : NULL;
}

#define folio_mapping(folio)		real_mapping(folio)
#define XA_STATE(name, array, index)	int name __maybe_unused = 0
#define xas_lock_irq(xas)		do { } while (0)
#define xas_unlock_irq(xas)		do { } while (0)
#define xas_unlock(xas)			do { } while (0)
#define xas_store(xas, newfolio)	real_replace(folio, newfolio)
#define xas_next(xas)			do { } while (0)
#undef folio_ref_freeze
#undef folio_ref_unfreeze
#undef folio_ref_add
#define folio_ref_freeze(folio, n)	real_freeze(folio, n)
#define folio_ref_unfreeze(folio, n)	do { } while (0)
#define folio_ref_add(newfolio, nr)	do { } while (0)
#define folio_get_private(folio)	((folio)->private)
#define page_private(page)		((page)->private)
#define set_page_private(page, data)	((page)->private = (data))

/* --- what is not there: large and shared folios, writeback --- */

struct lruvec;
struct mem_cgroup;
struct movable_operations {
	int (*migrate_page)(struct page *dst, struct page *src, enum migrate_mode mode);
};

#undef local_irq_enable
#define local_irq_enable()		do { } while (0)
#define mapping_inaccessible(mapping)	((mapping)->inaccessible)
#define mapping_can_writeback(mapping)	false
#define page_movable_ops(page)		((const struct movable_operations *)NULL)
#define folio_memcg(folio)		((struct mem_cgroup *)NULL)
#define mem_cgroup_lruvec(memcg, node)	((struct lruvec *)NULL)
#define mem_cgroup_migrate(old, new)	do { } while (0)
#define __mod_lruvec_state(vec, x, nr)	do { } while (0)
#define __mod_zone_page_state(z, x, nr)	do { } while (0)

#define thp_migration_supported()	false
#define folio_test_transhuge(folio)	false
#define folio_test_pmd_mappable(folio)	false
#define folio_test_large_rmappable(f)	false
#define folio_test_partially_mapped(f)	false
#define folio_test_movable(folio)	false
#define folio_unqueue_deferred_split(f)	do { } while (0)
#define deferred_split_folio(f, part)	do { } while (0)
#define mod_mthp_stat(order, item, nr)	do { } while (0)
#define split_folio_to_list(f, list)	(-EBUSY)
#define hugepage_migration_supported(h)	false
#define folio_putback_hugetlb(page)	BUG()
#define folio_putback_active_hugetlb(f)	BUG()
#define alloc_huge_page_nodemask(x...)	NULL
#define alloc_hugetlb_folio_nodemask(x...) NULL
#define htlb_allow_alloc_fallback(why)	false
#define folio_hstate(folio)		((struct hstate *)NULL)
#define htlb_modify_alloc_mask(h, gfp)	(gfp)
#define _deferred_list			lru
#define try_to_free_buffers(folio)	BUG()
#undef folio_wait_writeback
#define folio_wait_writeback(folio)	BUG()
#define folio_end_writeback(folio)	do { } while (0)
#define end_page_writeback(page)	do { } while (0)
#define folio_attach_private(f, data)	BUG()
#define folio_detach_private(f)		NULL

/* Flags that no code of the model sets. */
#define folio_test_error(folio)		false
#define folio_test_checked(folio)	false
#define folio_test_mappedtodisk(folio)	false
#define folio_test_readahead(folio)	false
#define folio_test_young(folio)		false
#define folio_test_idle(folio)		false
#define folio_set_error(folio)		do { } while (0)
#define folio_set_checked(folio)	do { } while (0)
#define folio_set_mappedtodisk(folio)	do { } while (0)
#define folio_set_readahead(folio)	do { } while (0)
#define folio_set_young(folio)		do { } while (0)
#define folio_set_idle(folio)		do { } while (0)

/* One node; statistics, tracing and debugging of which nothing is known. */
#define sysctl_numa_balancing_mode	0
#define NUMA_BALANCING_MEMORY_TIERING	2
#define node_is_toptier(node)		true
#define folio_xchg_last_cpupid(f, id)	(id)
#define page_cpupid_xchg_last(p, id)	(id)
#define folio_migrate_ksm(new, old)	do { } while (0)
#define folio_copy_owner(new, old)	do { } while (0)
#define pgalloc_tag_copy(new, old)	do { } while (0)
#define set_page_owner_migrate_reason(p, reason) do { } while (0)
#define flush_dcache_folio(folio)	do { } while (0)
#define cond_resched_tasks_rcu_qs()	do { } while (0)
#define count_vm_events(item, nr)	do { } while (0)
#define trace_mm_migrate_pages_start(x...) do { } while (0)
#define trace_mm_migrate_pages(x...)	do { } while (0)

#endif

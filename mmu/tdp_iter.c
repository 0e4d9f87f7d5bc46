/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk over a root's entries (arch/x86/kvm/mmu/tdp_iter.c, v6.12): down
 * into a table if there is one, else to the next entry beside, else up.
 *
 * An entry is read when the walk comes to it and acted upon later; who acts
 * without mmu_lock held exclusively must do so by compare-and-exchange.
 *
 * A walk that gave up mmu_lock goes on from the root with the gfn that it had
 * come to, and past that before it may give the lock up again.
 *
 * Simpler than the kernel: a walk may be told to pass over entries that say
 * nothing.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "tdp_iter.h"

/**
 * tdp_next_used_entry() - find an entry that says anything.
 * @pt: table
 * @i: first entry to look at
 * @end: behind the last
 *
 * Context: as tdp_iter_start().
 * Return: its index, or @end.
 */
int tdp_next_used_entry(const u64 *pt, int i, int end)
{
	const char *used;

	if (i >= end)
		return end;
	used = memchr_inv(&pt[i], 0, (end - i) * sizeof(*pt));
	return used ? (used - (const char *)pt) / (int)sizeof(*pt) : end;
}

/*
 * The iterator is its walker's own, so changing it is nobody's business
 * (__no_kcsan). Entries and roots are not: they are read here.
 */
static noinline u64 read_spte(const u64 *sptep)
{
	return READ_ONCE(*sptep);
}

static noinline int root_level(const struct kvm_mmu_page *root)
{
	return root->role.level;
}

/* Look at the entry of the sought gfn in the current table. */
static __no_kcsan void tdp_iter_refresh_sptep(struct tdp_iter *iter)
{
	u64 *pt = iter->pt_path[iter->level - 1];

	iter->sptep = &pt[spte_index(iter->gfn, iter->level)];
	iter->old_spte = read_spte(iter->sptep);
}

/* From the root down to the gfn that is looked for. */
static __no_kcsan void tdp_iter_restart(struct tdp_iter *iter)
{
	iter->yielded = false;
	iter->yielded_gfn = iter->next_last_level_gfn;
	iter->level = root_level(iter->root);
	iter->gfn = gfn_round_for_level(iter->next_last_level_gfn, iter->level);
	iter->valid = iter->next_last_level_gfn < iter->gfn_end;
	if (iter->valid)
		tdp_iter_refresh_sptep(iter);
}

/**
 * tdp_iter_start() - stand on the root's first entry of a range.
 * @iter: to be set up
 * @root: whose tables
 * @min_level: entries below this level are not visited
 * @start: first gfn
 * @end: end of the range, exclusive
 *
 * Context: rcu_read_lock() or mmu_lock, so that tables stay.
 */
void __no_kcsan tdp_iter_start(struct tdp_iter *iter,
			       const struct kvm_mmu_page *root, int min_level,
			       gfn_t start, gfn_t end)
{
	iter->root = root;
	iter->min_level = min_level;
	iter->pt_path[root_level(root) - 1] = root->spt;
	iter->next_last_level_gfn = start;
	iter->gfn_end = end;
	iter->used_only = false;
	tdp_iter_restart(iter);
}

static __no_kcsan bool try_step_down(struct tdp_iter *iter)
{
	u64 *child_pt;

	if (iter->level == iter->min_level)
		return false;

	/* It may have changed since: a table was put here, perhaps by us. */
	iter->old_spte = read_spte(iter->sptep);
	child_pt = spte_to_child_pt(iter->old_spte, iter->level);
	if (!child_pt)
		return false;

	iter->level--;
	iter->pt_path[iter->level - 1] = child_pt;
	iter->gfn = gfn_round_for_level(iter->next_last_level_gfn,
					iter->level);
	tdp_iter_refresh_sptep(iter);
	return true;
}

static __no_kcsan bool try_step_side(struct tdp_iter *iter)
{
	const gfn_t nr_pages = KVM_PAGES_PER_HPAGE(iter->level);
	int here = spte_index(iter->gfn, iter->level), next = here + 1;

	if (iter->used_only) {
		/* Not beyond the entry that ends the walk anyway. */
		gfn_t left = (iter->gfn_end - iter->gfn + nr_pages - 1) /
			     nr_pages;

		next = tdp_next_used_entry(iter->pt_path[iter->level - 1], next,
				min_t(gfn_t, here + left, SPTE_ENT_PER_PAGE));
	}
	if (next >= SPTE_ENT_PER_PAGE)
		return false;

	iter->gfn += (next - here) * nr_pages;
	iter->next_last_level_gfn = iter->gfn;
	iter->valid = iter->gfn < iter->gfn_end;
	if (iter->valid)
		tdp_iter_refresh_sptep(iter);
	return true;
}

static __no_kcsan bool try_step_up(struct tdp_iter *iter)
{
	if (iter->level == iter->root->role.level)
		return false;

	iter->level++;
	iter->gfn = gfn_round_for_level(iter->gfn, iter->level);
	tdp_iter_refresh_sptep(iter);
	return true;
}

/**
 * tdp_iter_next() - go to the next entry.
 * @iter: valid; not valid any more when the range is done
 *
 * Context: as tdp_iter_start().
 */
void __no_kcsan tdp_iter_next(struct tdp_iter *iter)
{
	if (iter->yielded) {
		tdp_iter_restart(iter);
		return;
	}
	if (try_step_down(iter))
		return;
	do {
		if (try_step_side(iter))
			return;
	} while (try_step_up(iter));
	iter->valid = false;
}

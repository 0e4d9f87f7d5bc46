/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folio lock: mm/filemap.c, v6.12: __folio_lock(), __folio_lock_killable(),
 * folio_unlock(), folio_wait_locked(), folio_wait_locked_killable(), and what else
 * is waited for on its queue: folio_end_writeback(), folio_wait_writeback() (of
 * mm/page-writeback.c).  A sleeping bit lock with a wait queue; whoever unlocks need
 * not be who locked.
 *
 * Lock and queue lie in a table beside the descriptors and are made at first
 * use. PG_locked mirrors the lock, for code that looks at flags.
 *
 * Simpler than the kernel: each folio has a queue of its own, where the kernel
 * hashes folios onto 256 queues.
 */
#include "fakes/mm/internal.h"

#undef folio_lock
#undef folio_trylock
#undef folio_unlock
#undef folio_lock_killable
#undef folio_wait_locked
#undef folio_wait_locked_killable
#undef folio_wait_writeback

struct folio_lock *folio_lock_of(struct folio *folio)
{
	unsigned long pfn = folio_pfn(folio);
	struct folio_lock *fl = &mm_world()->locks[pfn];

	if (!fl->lock.obj) {
		sim_lock_init_class(&fl->lock, SIM_BITLOCK, mm_world()->folio_lock_class,
				    OBJ_PAGE_OF(pfn));
		sim_waitq_init(&fl->waitq, OBJ_PAGE_OF(pfn));
	}
	return fl;
}

/* No step if nobody waits. */
static void wake_waiters(struct folio_lock *fl, const char *site)
{
	if (fl->waitq.sleepers)
		sim_wake_all(&fl->waitq, site);
}

/**
 * folio_lock() - lock a folio, sleeping until it can be had.
 * @folio: folio on which the caller has a reference
 *
 * Context: sleepable.
 */
void folio_lock(struct folio *folio)
{
	const char *site = sim_site();

	sim_lock(&folio_lock_of(folio)->lock, site);
	folio_set_locked(folio);
}

/* As folio_lock(), but nobody who is being killed waits. Return: 0 or -EINTR. */
int folio_lock_killable(struct folio *folio)
{
	const char *site = sim_site();

	if (!sim_lock_unless(&folio_lock_of(folio)->lock, 0, &current->killed, site))
		return -EINTR;
	folio_set_locked(folio);
	return 0;
}

bool folio_trylock(struct folio *folio)
{
	const char *site = sim_site();

	if (fault_hit(FAULT_FOLIO_TRYLOCK, site)) {
		sim_step(SIM_TRYLOCK, OBJ_OF_FOLIO(folio), site);
		return false;
	}
	if (!sim_trylock(&folio_lock_of(folio)->lock, site))
		return false;
	folio_set_locked(folio);
	return true;
}

/**
 * folio_unlock() - unlock a folio and wake who waits for that.
 * @folio: locked folio
 *
 * Context: any.
 */
void folio_unlock(struct folio *folio)
{
	struct folio_lock *fl = folio_lock_of(folio);
	const char *site = sim_site();

	sim_unlock(&fl->lock, site);
	folio_clear_locked(folio);
	wake_waiters(fl, site);
}

void folio_wait_unlocked(struct folio *folio, const char *site)
{
	struct folio_lock *fl = folio_lock_of(folio);

	while (folio_test_locked(folio))
		sim_wait(&fl->waitq, site);
}

/* Context: sleepable. Takes no reference of its own. */
void folio_wait_locked(struct folio *folio)
{
	folio_wait_unlocked(folio, sim_site());
}

/* The same, for as long as nobody kills the task. Return: 0 or -EINTR. */
int folio_wait_locked_killable(struct folio *folio)
{
	struct folio_lock *fl = folio_lock_of(folio);
	const char *site = sim_site();

	while (folio_test_locked(folio)) {
		if (current->killed)
			return -EINTR;
		sim_wait_unless(&fl->waitq, &current->killed, site);
	}
	return 0;
}

/* What was being written is written. Context: any; as folio_unlock() wakes. */
void folio_end_writeback(struct folio *folio)
{
	folio_clear_writeback(folio);
	wake_waiters(folio_lock_of(folio), __func__);
}

/* Context: sleepable; a reference, or the folio locked. */
void folio_wait_writeback(struct folio *folio)
{
	const char *site = sim_site();

	while (folio_test_writeback(folio))
		sim_wait(&folio_lock_of(folio)->waitq, site);
}

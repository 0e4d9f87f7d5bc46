/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GUP's entry points: what the flags of a caller may be, which flags each
 * function adds, and which path it takes.
 *
 * Stands for, in mm/gup.c, v6.12: is_valid_gup_args, get_user_pages and its
 * family, pin_user_pages and its family.
 *
 * v6.1 checked less, elsewhere and with other results: args_valid_6_1().
 */
#include <linux/mm.h>

#include "fakes/mm/gup_internal.h"

#undef get_user_pages
#undef get_user_pages_remote
#undef get_user_pages_unlocked
#undef get_user_pages_fast
#undef get_user_pages_fast_only
#undef pin_user_pages_fast_only
#undef pin_user_pages
#undef pin_user_pages_remote
#undef pin_user_pages_unlocked
#undef pin_user_pages_fast

#define INTERNAL_GUP_FLAGS						\
	(FOLL_TOUCH | FOLL_TRIED | FOLL_REMOTE | FOLL_PIN |		\
	 FOLL_FAST_ONLY | FOLL_UNLOCKABLE)

/* E.3 */
static bool is_valid_gup_args(struct page **pages, const int *locked, unsigned int flags,
			      unsigned int to_set)
{
	if (WARN_ON_ONCE(flags & INTERNAL_GUP_FLAGS))
		return false;
	if (WARN_ON_ONCE(locked && *locked != 1))
		return false;

	flags |= to_set;
	if (WARN_ON_ONCE((flags & (FOLL_PIN | FOLL_GET)) == (FOLL_PIN | FOLL_GET)))
		return false;
	/* A plain reference is no promise to be gone soon; only pins may stay. */
	if (WARN_ON_ONCE((flags & FOLL_LONGTERM) && !(flags & FOLL_PIN)))
		return false;
	if (WARN_ON_ONCE((flags & (FOLL_GET | FOLL_PIN)) && !pages))
		return false;
	return !WARN_ON_ONCE((flags & FOLL_LONGTERM) && (flags & FOLL_PCI_P2PDMA));
}

/* E.2 */
static bool args_valid_6_1(struct page **pages, const int *locked, unsigned int flags,
			   unsigned int to_set)
{
	if (to_set & FOLL_PIN) {
		if (WARN_ON_ONCE(flags & FOLL_GET) || WARN_ON_ONCE(!pages))
			return false;
		if (!(flags & FOLL_LONGTERM))
			return true;
		/* Neither path could keep the lock while it migrates. */
		return !WARN_ON_ONCE(to_set & FOLL_UNLOCKABLE) && !WARN_ON_ONCE(locked);
	}
	if (to_set & FOLL_FAST_ONLY)
		return true;
	if ((to_set & FOLL_UNLOCKABLE) && !WARN_ON_ONCE(flags & FOLL_LONGTERM))
		return true;
	return !WARN_ON_ONCE(flags & (FOLL_PIN | FOLL_LONGTERM));
}

/*
 * Check the caller's flags and add what the function stands for.
 * @locked: the caller's, or NULL. Return: false if the call must be refused.
 */
static bool gup_args(struct page **pages, const int *locked, unsigned int *flags,
		     unsigned int to_set)
{
	bool valid;

	if (kernel_profile()->pin_invalid_returns_zero)
		valid = is_valid_gup_args(pages, locked, *flags, to_set);
	else
		valid = args_valid_6_1(pages, locked, *flags, to_set);
	*flags |= to_set;
	if (locked)
		*flags |= FOLL_UNLOCKABLE;
	return valid;
}

/* What the slow pin functions say to arguments that they refuse. */
static long pin_refused(void)
{
	return kernel_profile()->pin_invalid_returns_zero ? 0 : -EINVAL;
}

/* The trace's bracket around a call. @mm may be NULL only for a kernel thread. */
static sim_obj_t gup_enter(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   unsigned int flags, const char *name)
{
	sim_obj_t obj = OBJ_PTE_OF(mm->id, start);

	sim_note(SIM_ENTER, obj, nr_pages, flags, name);
	return obj;
}

static long gup_leave(sim_obj_t obj, long ret, unsigned int flags, const char *name)
{
	sim_note(SIM_LEAVE, obj, ret, flags, name);
	return ret;
}

/**
 * get_user_pages_remote() - references on the pages of an address space.
 * @mm: address space, perhaps another process's
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go; NULL if they need only be faulted in
 * @locked: NULL, or set to 0 if mmap_lock was let go on the way
 *
 * Context: mmap_lock of @mm held; sleeps.
 * Return: pages got, or -errno.
 */
long get_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, int *locked)
{
	int local_locked = 1;
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, locked, &gup_flags, FOLL_TOUCH | FOLL_REMOTE))
		return -EINVAL;
	obj = gup_enter(mm, start, nr_pages, gup_flags, __func__);
	ret = __get_user_pages_locked(mm, start, nr_pages, pages,
				      locked ? locked : &local_locked, gup_flags);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * get_user_pages() - references on pages of the caller's own address space.
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go; NULL if they need only be faulted in
 *
 * Context: mmap_lock held; sleeps.
 * Return: pages got, or -errno. They are given back with put_page().
 */
long get_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages)
{
	int locked = 1;
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_TOUCH))
		return -EINVAL;
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = __get_user_pages_locked(current->mm, start, nr_pages, pages, &locked, gup_flags);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * get_user_pages_unlocked() - get_user_pages() that takes mmap_lock itself.
 * @start: first address
 * @nr_pages: how many pages
 * @pages: where they go; NULL if they need only be faulted in
 * @gup_flags: FOLL_*
 *
 * Context: sleepable, mmap_lock not held.
 * Return: pages got, or -errno.
 */
long get_user_pages_unlocked(unsigned long start, unsigned long nr_pages,
			     struct page **pages, unsigned int gup_flags)
{
	int locked = 0;
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_TOUCH | FOLL_UNLOCKABLE))
		return -EINVAL;
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = __get_user_pages_locked(current->mm, start, nr_pages, pages, &locked, gup_flags);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * get_user_pages_fast() - get_user_pages_unlocked(), without locks if it can.
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go
 *
 * Context: sleepable, mmap_lock not held.
 * Return: pages got, or -errno.
 */
int get_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages)
{
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_GET))
		return -EINVAL;
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = gup_fast_fallback(start, nr_pages, gup_flags, pages);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * get_user_pages_fast_only() - only what needs no lock.
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go
 *
 * Context: any, atomic as well.
 * Return: pages got, perhaps none; v6.12: or -errno for bad arguments.
 */
int get_user_pages_fast_only(unsigned long start, int nr_pages,
			     unsigned int gup_flags, struct page **pages)
{
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_GET | FOLL_FAST_ONLY))
		return -EINVAL;
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = gup_fast_fallback(start, nr_pages, gup_flags, pages);
	if (ret < 0 && !kernel_profile()->pin_invalid_returns_zero)
		ret = 0;
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * pin_user_pages_fast_only() - only what needs no lock, as pins.
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go
 *
 * v5.8 to v6.3. Context: any, atomic as well.
 * Return: pages pinned, perhaps none; never an errno.
 */
int pin_user_pages_fast_only(unsigned long start, int nr_pages,
			     unsigned int gup_flags, struct page **pages)
{
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_PIN | FOLL_FAST_ONLY))
		return 0;
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = gup_fast_fallback(start, nr_pages, gup_flags, pages);
	return gup_leave(obj, ret < 0 ? 0 : ret, gup_flags, __func__);
}

/**
 * pin_user_pages_fast() - pin pages, without locks if it can.
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*, FOLL_LONGTERM among them if the pins are to stay
 * @pages: where they go
 *
 * Context: sleepable, mmap_lock not held.
 * Return: pages pinned, or -errno. They are given back with unpin_user_page().
 */
int pin_user_pages_fast(unsigned long start, int nr_pages,
			unsigned int gup_flags, struct page **pages)
{
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_PIN))
		return -EINVAL;
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = gup_fast_fallback(start, nr_pages, gup_flags, pages);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * pin_user_pages_remote() - pin pages of an address space.
 * @mm: address space, perhaps another process's
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go
 * @locked: NULL, or set to 0 if mmap_lock was let go on the way
 *
 * Context: mmap_lock of @mm held; sleeps.
 * Return: pages pinned, or -errno; for bad arguments v6.12 says 0.
 */
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, unsigned int gup_flags,
			   struct page **pages, int *locked)
{
	int local_locked = 1;
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, locked, &gup_flags, FOLL_PIN | FOLL_TOUCH | FOLL_REMOTE))
		return pin_refused();
	obj = gup_enter(mm, start, nr_pages, gup_flags, __func__);
	ret = __gup_longterm_locked(mm, start, nr_pages, pages,
				    locked ? locked : &local_locked, gup_flags);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * pin_user_pages() - pin pages of the caller's own address space.
 * @start: first address
 * @nr_pages: how many pages
 * @gup_flags: FOLL_*
 * @pages: where they go
 *
 * Context: mmap_lock held, also while pages are migrated; sleeps.
 * Return: pages pinned, or -errno; for bad arguments v6.12 says 0.
 */
long pin_user_pages(unsigned long start, unsigned long nr_pages,
		    unsigned int gup_flags, struct page **pages)
{
	int locked = 1;
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_PIN))
		return pin_refused();
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = __gup_longterm_locked(current->mm, start, nr_pages, pages, &locked, gup_flags);
	return gup_leave(obj, ret, gup_flags, __func__);
}

/**
 * pin_user_pages_unlocked() - pin_user_pages() that takes mmap_lock itself.
 * @start: first address
 * @nr_pages: how many pages
 * @pages: where they go
 * @gup_flags: FOLL_*; v6.1 refuses FOLL_LONGTERM
 *
 * Context: sleepable, mmap_lock not held.
 * Return: pages pinned, or -errno; for bad arguments v6.12 says 0.
 */
long pin_user_pages_unlocked(unsigned long start, unsigned long nr_pages,
			     struct page **pages, unsigned int gup_flags)
{
	int locked = 0;
	sim_obj_t obj;
	long ret;

	if (!gup_args(pages, NULL, &gup_flags, FOLL_PIN | FOLL_TOUCH | FOLL_UNLOCKABLE))
		return pin_refused();
	obj = gup_enter(current->mm, start, nr_pages, gup_flags, __func__);
	ret = __gup_longterm_locked(current->mm, start, nr_pages, pages, &locked, gup_flags);
	return gup_leave(obj, ret, gup_flags, __func__);
}

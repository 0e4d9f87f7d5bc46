/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger: an object's references as a list of entries: the host's, then
 * those that task 0 took, task 1, and so on, of each the oldest first.
 *
 * Which entry a drop takes out must not depend on who came first where nobody
 * else could tell, so a task's entries have their places whatever the others
 * take: two tasks that take come to the same list, byte for byte, in whichever
 * order, and so do one that takes and one that drops what it took itself.
 * Both only ADD to the list; all else is a WRITE.
 *
 * An entry stands for some units of one kind, taken by one owner at one site.
 * It lies among those of who took it, whoever drops it, in an order that goes by
 * what is held and not by what was held before: see ledger_pool.c.  Nothing here
 * yields, and nothing here changes the object's real count.  Where a whole run of
 * objects was taken at once one entry is in the list of each: see ledger_run.c.
 *
 * Every reference of every page comes through here, hence SIM_QUIET: a store
 * is a sim_set(), or follows a sim_undo_object() of the whole entry.  In
 * footprints an object's list is one word, and all lists are another: which
 * entries they are made of is nobody's business.
 */
#include "sim/core/ledger_private.h"
#include "sim/engine/footprint.h"

static SIM_QUIET bool same_origin(const struct sim_ref_entry *e, uint32_t nr, uint8_t kind,
			const struct sim_scope *s, bool marked, const char *site)
{
	return e->kind == kind && e->marked == marked && sim_ref_history(nr)->site == site &&
	       e->owner == (s ? s->owner : 0) && e->hook == (s ? s->hook : 0);
}

/* The running context takes or drops. */
static SIM_QUIET void touch_list(const struct sim_refs *refs, enum sim_access_kind kind)
{
	sim_touch_half(refs, kind);
	sim_touch(&the_world->all_refs, SIM_ACCESS_ADD);
}

/* A reference that a hook took is dropped or becomes another. */
static SIM_QUIET void touch_hook_ref(const struct sim_refs *refs, const struct sim_ref_entry *e)
{
	sim_touch(HOOK_REFS(refs), SIM_ACCESS_ADD);
	sim_hook_touch_end(e->hook);
	if (sim_hook_has_ended(e->hook))
		sim_touch(&the_world->long_refs, SIM_ACCESS_ADD);
}

SIM_INLINE void write_entry(uint32_t nr, const struct sim_refs *refs, sim_obj_t obj, uint8_t kind,
			    uint32_t n, bool marked, const struct sim_scope *s, const char *site)
{
	struct sim_ref_history *h = sim_ref_history(nr);
	struct sim_ref_entry *e = entry_at(nr);

	sim_undo_object(e, sizeof(*e));
	sim_undo_object(h, sizeof(*h));
	h->time = sim_hot.now;
	h->site = site;
	e->refs = refs;
	e->obj = obj;
	e->owner = s ? s->owner : 0;
	e->count = n;
	e->hook = s ? s->hook : 0;
	e->more = 0;
	e->kind = kind;
	e->by_hook = s && s->is_hook;
	e->marked = marked;
}

SIM_QUIET void sim_ref_write(uint32_t nr, const struct sim_refs *refs, sim_obj_t obj, uint8_t kind,
			     uint32_t n, const char *site)
{
	write_entry(nr, refs, obj, kind, n, false, sim_scope_innermost(), site);
}

SIM_INLINE void ref_take(struct sim_refs *refs, sim_obj_t obj, uint8_t kind, uint32_t n,
			 bool marked, const char *site)
{
	struct sim_scope *s = sim_scope_innermost();
	struct sim_ref_entry *e;
	uint32_t nr, place;

	if (!n)
		return;
	if (sim_ledger_is_sums()) {
		sim_sums_take(refs, kind, n);
		return;
	}
	touch_list(refs, SIM_ACCESS_ADD);
	/* What a scope inside the hook takes is that scope's, not the hook's. */
	if (s && s->is_hook) {
		sim_touch(HOOK_REFS(refs), SIM_ACCESS_ADD);
		sim_hook_taken(s->hook, n);
	}
	place = sim_ref_place(refs, &nr);
	/* Only with its youngest: merging must not make a unit older. */
	if (nr && same_origin(entry_at(nr), nr, kind, s, marked, site)) {
		e = entry_at(nr);
		SIM_BUG_ON(e->count + n < n);
		sim_set(e->count, e->count + n);
		return;
	}
	write_entry(sim_ref_insert(place, refs), refs, obj, kind, n, marked, s, site);
}

SIM_QUIET void sim_ref_take(struct sim_refs *refs, sim_obj_t obj, uint8_t kind, uint32_t n,
			    const char *site)
{
	ref_take(refs, obj, kind, n, false, site);
}

SIM_QUIET void sim_ref_take_marked(struct sim_refs *refs, sim_obj_t obj, uint8_t kind,
				   uint32_t n, const char *site)
{
	ref_take(refs, obj, kind, n, true, site);
}

/* Whose units: of that owner, of that call of a hook, that the running context took. */
#define OWN_SCOPE	1u
#define OWN_HOOK	2u
#define OWN_TASK	4u

/* Drop up to @n units that the scope @s is to have dropped. Return: how many. */
static SIM_QUIET uint32_t drop_from(struct sim_refs *refs, uint8_t kind, uint32_t n,
				    unsigned int own, const struct sim_scope *s)
{
	sim_owner_t owner = s ? s->owner : 0;
	uint32_t nr = sim_ref_first(refs), done = 0;

	while (nr && done < n) {
		struct sim_ref_entry *e = entry_at(nr);
		uint32_t part = n - done;

		if (e->kind != kind || ((own & OWN_SCOPE) && e->owner != owner) ||
		    ((own & OWN_HOOK) && e->hook != s->hook) ||
		    ((own & OWN_TASK) && REF_TASK(nr) != sim_running())) {
			nr = sim_ref_after(refs, nr);
			continue;
		}
		nr = sim_ref_alone(nr, refs);
		e = entry_at(nr);
		if (part > e->count)
			part = e->count;
		if (e->by_hook) {
			touch_hook_ref(refs, e);
			sim_hook_dropped(e->hook, part);
		}
		done += part;
		if (part < e->count) {
			sim_set(e->count, e->count - part);
			break;
		}
		/* Others have changed places; those that were passed over still will be. */
		sim_ref_remove(nr);
		nr = sim_ref_first(refs);
	}
	return done;
}

/*
 * Whose are the entries of a kind?
 * Return: true if all belong to one owner, a hook's, and not to @owner: then
 * there is no doubt that the wrong one is being dropped.
 */
static SIM_QUIET bool all_another_hooks(const struct sim_refs *refs, uint8_t kind,
			      sim_owner_t owner, sim_owner_t *ret_owner)
{
	bool any = false;
	uint32_t nr;

	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		const struct sim_ref_entry *e = entry_at(nr);

		if (e->kind != kind)
			continue;
		if (!e->by_hook || e->owner == owner)
			return false;
		if (any && e->owner != *ret_owner)
			return false;
		any = true;
		*ret_owner = e->owner;
	}
	return any;
}

SIM_QUIET uint32_t sim_ref_drop(struct sim_refs *refs, sim_obj_t obj, uint8_t kind,
		      uint32_t n, const char *site)
{
	struct sim_scope *s = sim_scope_innermost();
	sim_owner_t owner = s ? s->owner : 0;
	sim_owner_t other = 0;
	uint32_t done = 0;

	if (!n)
		return 0;
	if (sim_ledger_is_sums())
		return sim_sums_drop(refs, kind, n);
	/* Two vCPUs may be in hooks of one slot: neither drops what is the other's. */
	if (s && s->is_hook)
		done = drop_from(refs, kind, n, OWN_SCOPE | OWN_HOOK, s);
	if (done < n)
		done += drop_from(refs, kind, n - done, OWN_SCOPE | OWN_TASK, s);
	touch_list(refs, done == n ? SIM_ACCESS_ADD : SIM_ACCESS_WRITE);
	if (done < n)
		done += drop_from(refs, kind, n - done, OWN_SCOPE, s);
	if (done == n)
		return done;
	if (all_another_hooks(refs, kind, owner, &other))
		sim_note(SIM_X_OWNER, obj, kind, other, site);
	return done + drop_from(refs, kind, n - done, 0, s);
}

/* Split @part units off an entry, into one right before it. Return: that one's number. */
static SIM_QUIET uint32_t split(const struct sim_refs *refs, uint32_t nr, uint32_t part)
{
	struct sim_ref_entry *e;
	uint32_t rest;

	nr = sim_ref_insert(nr, refs);
	rest = sim_ref_any(REF_POOL(nr), nr);
	sim_ref_copy(nr, rest);
	e = entry_at(rest);
	sim_set(e->count, e->count - part);
	sim_set(entry_at(nr)->count, part);
	return nr;
}

static SIM_QUIET uint32_t convert_from(struct sim_refs *refs, uint8_t from, uint8_t to,
			     uint32_t n, bool own, sim_owner_t owner)
{
	uint32_t nr, done = 0;

	for (nr = sim_ref_first(refs); nr && done < n; nr = sim_ref_after(refs, nr)) {
		struct sim_ref_entry *e = entry_at(nr);

		if (e->kind != from || (own && e->owner != owner))
			continue;
		nr = sim_ref_alone(nr, refs);
		e = entry_at(nr);
		if (e->by_hook)
			touch_hook_ref(refs, e);
		if (e->count > n - done) {
			nr = split(refs, nr, n - done);
			e = entry_at(nr);
		}
		sim_set(e->kind, to);
		done += e->count;
	}
	return done;
}

/**
 * sim_ref_convert() - the same references, from now on of another kind.
 * @refs: the object's list
 * @obj: the object
 * @from: kind that they are
 * @to: kind that they become
 * @n: units
 * @site: who says so; their own site, owner and age stay
 *
 * Context: any; does not yield.
 * Return: true, or false (and nothing changed) if there are fewer than @n.
 */
bool sim_ref_convert(struct sim_refs *refs, sim_obj_t obj, uint8_t from,
		     uint8_t to, uint32_t n, const char *site)
{
	uint32_t done;

	touch_list(refs, SIM_ACCESS_WRITE);
	if (sim_ref_count(refs, from) < n)
		return false;
	if (from == to)
		return true;
	if (sim_ledger_is_sums()) {
		sim_sums_drop(refs, from, n);
		sim_sums_take(refs, to, n);
		return true;
	}
	done = convert_from(refs, from, to, n, true, sim_scope_owner());
	done += convert_from(refs, from, to, n - done, false, 0);
	SIM_BUG_ON(done != n);
	return true;
}

SIM_QUIET uint32_t sim_ref_count(const struct sim_refs *refs, uint8_t kind)
{
	uint32_t n = 0, nr;

	if (sim_ledger_is_sums())
		return sim_sums_count(refs, kind);
	sim_touch_half(refs, SIM_ACCESS_READ);
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		if (entry_at(nr)->kind == kind)
			n += entry_at(nr)->count;
	}
	return n;
}

SIM_QUIET uint32_t sim_ref_count_owner(const struct sim_refs *refs, uint8_t kind,
				       sim_owner_t owner)
{
	uint32_t n = 0, nr;

	sim_touch_half(refs, SIM_ACCESS_READ);
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		if (entry_at(nr)->kind == kind && entry_at(nr)->owner == owner)
			n += entry_at(nr)->count;
	}
	return n;
}

SIM_QUIET uint32_t sim_ref_own(const struct sim_refs *refs, uint8_t kind)
{
	sim_owner_t owner = sim_scope_owner();
	uint32_t n = 0, nr;

	if (sim_ledger_is_sums())
		return sim_sums_count(refs, kind);
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		const struct sim_ref_entry *e = entry_at(nr);

		if (e->kind == kind && e->owner == owner && REF_TASK(nr) == sim_running())
			n += e->count;
	}
	return n;
}

SIM_QUIET bool sim_ref_stays(const struct sim_refs *refs, uint8_t kind, uint32_t n)
{
	uint32_t all = 0, nr;

	if (sim_ref_own(refs, kind) < n)
		return false;
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		if (REF_TASK(nr) < 0 || REF_TASK(nr) == sim_running())
			all += entry_at(nr)->count;
	}
	return all > n;
}

SIM_QUIET void sim_ref_shares(const struct sim_refs *refs, uint8_t kind,
			      struct sim_ref_shares *ret)
{
	int16_t me = sim_running();
	uint32_t nr;

	ret->host[0] = ret->host[1] = 0;
	ret->own[0] = ret->own[1] = 0;
	ret->others[0] = ret->others[1] = 0;
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		const struct sim_ref_entry *e = entry_at(nr);
		bool like = e->kind == kind;

		if (REF_TASK(nr) == me)
			ret->own[like] += e->count;
		else if (REF_TASK(nr) < 0)
			ret->host[like] += e->count;
		else
			ret->others[like] += e->count;
	}
}

static SIM_QUIET void describe(uint32_t nr, struct sim_ref_info *ret_info)
{
	const struct sim_ref_entry *e = entry_at(nr);

	ret_info->kind = e->kind;
	ret_info->long_lived = e->by_hook && sim_hook_has_ended(e->hook);
	ret_info->task = REF_TASK(nr);
	ret_info->owner = e->owner;
	ret_info->count = e->count;
	ret_info->hook = e->hook;
	ret_info->marked = e->marked;
	ret_info->time = sim_ref_history(nr)->time;
	ret_info->site = sim_ref_history(nr)->site;
}

SIM_QUIET bool sim_ref_entry(const struct sim_refs *refs, unsigned int i,
			     struct sim_ref_info *ret_info)
{
	uint32_t nr;

	sim_touch_half(refs, SIM_ACCESS_READ);
	nr = sim_ref_first(refs);
	while (nr && i--)
		nr = sim_ref_after(refs, nr);
	if (!nr)
		return false;
	describe(nr, ret_info);
	sim_hook_touch_end(ret_info->hook);
	return true;
}

SIM_QUIET bool sim_ref_walk(const struct sim_refs *refs, uint32_t *cursor,
			    struct sim_ref_info *ret_info)
{
	uint32_t nr = *cursor ? sim_ref_after(refs, *cursor) : sim_ref_first(refs);

	sim_touch_half(refs, SIM_ACCESS_READ);
	if (!nr)
		return false;
	*cursor = nr;
	describe(nr, ret_info);
	sim_hook_touch_end(ret_info->hook);
	return true;
}

SIM_QUIET void sim_ref_reown(struct sim_refs *refs, sim_owner_t from, sim_owner_t to)
{
	uint32_t nr;

	touch_list(refs, SIM_ACCESS_WRITE);
	sim_touch(HOOK_REFS(refs), SIM_ACCESS_WRITE);
	sim_touch(&the_world->long_refs, SIM_ACCESS_WRITE);
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		struct sim_ref_entry *e = entry_at(nr);

		if (!e->by_hook || e->owner != from)
			continue;
		nr = sim_ref_alone(nr, refs);
		sim_set(entry_at(nr)->owner, to);
	}
}

SIM_QUIET uint32_t sim_ref_count_hooks(const struct sim_refs *refs, uint8_t kind,
				       sim_owner_t owner, sim_owner_t mask)
{
	uint32_t n = 0, nr;

	sim_touch(HOOK_REFS(refs), SIM_ACCESS_READ);
	for (nr = sim_ref_first(refs); nr; nr = sim_ref_after(refs, nr)) {
		const struct sim_ref_entry *e = entry_at(nr);

		if (e->by_hook && e->kind == kind && (e->owner & mask) == owner)
			n += e->count;
	}
	return n;
}

/* Those of tasks that there are, then the host's. */
static SIM_QUIET uint32_t next_context(uint32_t id)
{
	return ++id < SIM_HOST && id >= the_world->sched.nr_tasks ? SIM_HOST : id;
}

/* An entry's number, and above it which object of its run. */
#define CURSOR(nr, i)		((uint64_t)(i) << 32 | (nr))

/* Any entry after @cursor, or the next one that a hook's owner holds; of a run each object. */
static SIM_QUIET bool next_entry(uint64_t *cursor, bool by_hook, sim_obj_t *ret_obj,
				 struct sim_ref_info *ret_info)
{
	uint32_t nr = *cursor, i = *cursor >> 32;
	unsigned int pool = nr ? REF_POOL(nr) : 0;

	if (nr && i < entry_at(nr)->more) {
		*cursor = CURSOR(nr, i + 1);
		*ret_obj = entry_at(nr)->obj + i + 1;
		describe(nr, ret_info);
		return true;
	}
	for (; pool < SIM_NR_CONTEXTS; pool = next_context(pool), nr = 0) {
		while ((nr = sim_ref_any(pool, nr))) {
			if (!entry_at(nr)->count || (by_hook && !entry_at(nr)->by_hook))
				continue;
			*cursor = CURSOR(nr, 0);
			*ret_obj = entry_at(nr)->obj;
			describe(nr, ret_info);
			return true;
		}
	}
	return false;
}

SIM_QUIET bool sim_ref_next(uint64_t *cursor, sim_obj_t *ret_obj, struct sim_ref_info *ret_info)
{
	sim_touch(&the_world->all_refs, SIM_ACCESS_READ);
	sim_touch(&the_world->long_refs, SIM_ACCESS_READ);
	return next_entry(cursor, false, ret_obj, ret_info);
}

SIM_QUIET bool sim_ref_next_long(uint64_t *cursor, sim_obj_t *ret_obj,
				 struct sim_ref_info *ret_info)
{
	sim_touch(&the_world->long_refs, SIM_ACCESS_READ);
	while (next_entry(cursor, true, ret_obj, ret_info)) {
		if (ret_info->long_lived)
			return true;
	}
	return false;
}

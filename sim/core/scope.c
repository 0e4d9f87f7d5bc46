/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scopes: on whose behalf the running code acts.  They nest on a task (or on
 * the host), and the innermost one owns what is taken.
 *
 * A hook scope counts what is taken in it and still held: what is left when it
 * closes has outlived the hook and is long-lived from then on.
 */
#include "sim/core/ledger_private.h"
#include "sim/engine/footprint.h"

/* A hook call's number says in whose context it runs. */
#define HOOK_CONTEXT_SHIFT	24

/* Number @i of a context's open scopes, the outermost first. */
SIM_INLINE struct sim_scope *scope(unsigned int id, struct sim_context_local *c, unsigned int i)
{
	return i < SIM_NEAR_SCOPES ? &c->scope[i] : &the_world->context[id].scope[i];
}

/* All of a scope of the running context is about to be stored to. */
SIM_INLINE void log_scope(unsigned int id, struct sim_context_local *c, unsigned int i)
{
	if (id == SIM_HOST || i >= SIM_NEAR_SCOPES)
		sim_undo_object(scope(id, c, i), sizeof(struct sim_scope));
}

SIM_QUIET struct sim_scope *sim_scope_innermost(void)
{
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);

	return c->nr_scopes ? scope(id, c, c->nr_scopes - 1) : NULL;
}

SIM_QUIET void sim_scope_open(sim_owner_t owner, bool hook)
{
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);
	unsigned int n = c->nr_scopes;
	struct sim_scope *s;

	SIM_BUG_ON(n == SIM_MAX_SCOPES);
	s = scope(id, c, n);
	sim_local_set(c->nr_scopes, n + 1);
	log_scope(id, c, n);
	s->owner = owner;
	s->is_hook = hook;
	s->left = 0;
	s->hook = n ? scope(id, c, n - 1)->hook : 0;
	if (!hook)
		return;
	sim_touch(&the_world->hooks_open, SIM_ACCESS_ADD);
	sim_set(the_world->hooks_open, the_world->hooks_open + 1);
	sim_local_set(c->nr_hooks, c->nr_hooks + 1);
	s->hook = (id + 1) << HOOK_CONTEXT_SHIFT | c->nr_hooks;
}

SIM_QUIET bool sim_scope_is_hook(void)
{
	struct sim_scope *s = sim_scope_innermost();

	return s && s->is_hook;
}

SIM_QUIET void sim_scope_close(void)
{
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);
	struct sim_scope *s = sim_scope_innermost();

	SIM_BUG_ON(!s);
	if (s->is_hook) {
		/* Others may have dropped what was taken in it. */
		sim_touch(&s->left, SIM_ACCESS_READ);
		if (s->left)
			sim_touch(&the_world->long_refs, SIM_ACCESS_ADD);
		if (s->left)
			sim_note(SIM_OUTLIVED, SIM_OBJ(SIM_CLASS_TASK, id), s->left,
				 s->hook, __func__);
		sim_touch(&the_world->hooks_open, SIM_ACCESS_ADD);
		sim_touch(&the_world->hook_ends[id], SIM_ACCESS_WRITE);
		sim_set(the_world->hooks_open, the_world->hooks_open - 1);
	}
	log_scope(id, c, c->nr_scopes - 1);
	s->owner = 0;
	s->hook = 0;
	s->left = 0;
	s->is_hook = false;
	sim_local_set(c->nr_scopes, c->nr_scopes - 1);
}

SIM_QUIET sim_owner_t sim_scope_owner(void)
{
	struct sim_scope *s = sim_scope_innermost();

	return s ? s->owner : 0;
}

/* The open scope of a hook call, or NULL if it has ended. */
static SIM_QUIET struct sim_scope *find_hook(uint32_t hook)
{
	unsigned int id = (hook >> HOOK_CONTEXT_SHIFT) - 1, i;
	struct sim_context_local *c;

	if (!hook)
		return NULL;
	c = sim_local_of(id);
	for (i = 0; i < c->nr_scopes; i++) {
		struct sim_scope *s = scope(id, c, i);

		if (s->is_hook && s->hook == hook)
			return s;
	}
	return NULL;
}

SIM_QUIET unsigned int sim_hooks_open(void)
{
	sim_touch(&the_world->hooks_open, SIM_ACCESS_READ);
	return the_world->hooks_open;
}

SIM_QUIET bool sim_hook_has_ended(uint32_t hook)
{
	return !find_hook(hook);
}

SIM_QUIET void sim_hook_touch_end(uint32_t hook)
{
	unsigned int id = (hook >> HOOK_CONTEXT_SHIFT) - 1;

	/* Of somebody else: it has ended or not. The host's are closed before all. */
	if (hook && id != sim_context_id() && id != SIM_HOST)
		sim_touch(&the_world->hook_ends[id], SIM_ACCESS_READ);
}

SIM_QUIET void sim_hook_taken(uint32_t hook, uint32_t n)
{
	struct sim_scope *s = find_hook(hook);

	if (s)
		sim_local_set(s->left, s->left + n);
}

SIM_QUIET void sim_hook_dropped(uint32_t hook, uint32_t n)
{
	struct sim_scope *s = find_hook(hook);

	sim_hook_touch_end(hook);
	if (!s)
		return;
	SIM_BUG_ON(s->left < n);
	sim_touch(&s->left, SIM_ACCESS_WRITE);
	sim_local_set(s->left, s->left - n);
}

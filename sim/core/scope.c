/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scopes: on whose behalf the running code acts.  They nest on a task (or on
 * the host), and the innermost one owns what is taken.
 *
 * A hook scope counts what is taken in it and still held: what is left when it
 * closes has outlived the hook and is long-lived from then on.
 */
#include "sim/core/ledger_private.h"

/* A hook call's number says in whose context it runs. */
#define HOOK_CONTEXT_SHIFT	24

SIM_QUIET struct sim_scope *sim_scope_innermost(void)
{
	struct sim_context_state *c = sim_context();

	return c->nr_scopes ? &c->scope[c->nr_scopes - 1] : NULL;
}

SIM_QUIET void sim_scope_open(sim_owner_t owner, bool hook)
{
	unsigned int id = sim_context_id();
	struct sim_context_state *c = &the_world->context[id];
	struct sim_scope *outer = sim_scope_innermost();
	struct sim_scope *s;

	SIM_BUG_ON(c->nr_scopes == SIM_MAX_SCOPES);
	s = &c->scope[c->nr_scopes];
	sim_set(c->nr_scopes, c->nr_scopes + 1);
	sim_undo_object(s, sizeof(*s));
	s->owner = owner;
	s->is_hook = hook;
	s->left = 0;
	s->hook = outer ? outer->hook : 0;
	if (!hook)
		return;
	sim_set(the_world->hooks_open, the_world->hooks_open + 1);
	sim_set(c->nr_hooks, c->nr_hooks + 1);
	s->hook = (id + 1) << HOOK_CONTEXT_SHIFT | c->nr_hooks;
}

SIM_QUIET void sim_scope_close(void)
{
	unsigned int id = sim_context_id();
	struct sim_context_state *c = &the_world->context[id];
	struct sim_scope *s = sim_scope_innermost();

	SIM_BUG_ON(!s);
	if (s->is_hook && s->left)
		sim_note(SIM_OUTLIVED, SIM_OBJ(SIM_CLASS_TASK, id), s->left,
			 s->hook, __func__);
	if (s->is_hook)
		sim_set(the_world->hooks_open, the_world->hooks_open - 1);
	sim_undo_object(s, sizeof(*s));
	s->owner = 0;
	s->hook = 0;
	s->left = 0;
	s->is_hook = false;
	sim_set(c->nr_scopes, c->nr_scopes - 1);
}

SIM_QUIET sim_owner_t sim_scope_owner(void)
{
	struct sim_scope *s = sim_scope_innermost();

	return s ? s->owner : 0;
}

/* The open scope of a hook call, or NULL if it has ended. */
static SIM_QUIET struct sim_scope *find_hook(uint32_t hook)
{
	struct sim_context_state *c;
	unsigned int i;

	if (!hook)
		return NULL;
	c = &the_world->context[(hook >> HOOK_CONTEXT_SHIFT) - 1];
	for (i = 0; i < c->nr_scopes; i++) {
		if (c->scope[i].is_hook && c->scope[i].hook == hook)
			return &c->scope[i];
	}
	return NULL;
}

SIM_QUIET unsigned int sim_hooks_open(void)
{
	return the_world->hooks_open;
}

SIM_QUIET bool sim_hook_is_open(uint32_t hook)
{
	return find_hook(hook) != NULL;
}

SIM_QUIET void sim_hook_taken(uint32_t hook, uint32_t n)
{
	struct sim_scope *s = find_hook(hook);

	if (s)
		sim_set(s->left, s->left + n);
}

SIM_QUIET void sim_hook_dropped(uint32_t hook, uint32_t n)
{
	struct sim_scope *s = find_hook(hook);

	if (!s)
		return;
	SIM_BUG_ON(s->left < n);
	sim_set(s->left, s->left - n);
}

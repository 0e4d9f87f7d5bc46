/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called last: a word per task that the self-named macros of fakes/include
 * set.  It only names things in the trace and the ledger, and lies on the
 * task's stack, where a store is free.
 */
#include "sim/core/world_private.h"
#include "sim/engine/clean.h"

SIM_QUIET void sim_site_set(const char *site)
{
	unsigned int id = sim_context_id();

	if (id != SIM_HOST)
		((struct sim_context_local *)sim_fiber_local(id))->caller = site;
	else if (the_history->host_caller != site)
		sim_set(the_history->host_caller, site);
	sim_stack_clean();
}

SIM_QUIET const char *sim_site(void)
{
	unsigned int id = sim_context_id();

	return id != SIM_HOST ? sim_local_of(id)->caller : the_history->host_caller;
}

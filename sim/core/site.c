/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called last: a word per task that the self-named macros of fakes/include
 * set.  It only names things in the trace and the ledger.
 */
#include "sim/core/world_private.h"

static const char *caller[SIM_NR_CONTEXTS];

void sim_site_set(const char *site)
{
	unsigned int id = sim_context_id();

	if (caller[id] != site)
		caller[id] = site;
}

const char *sim_site(void)
{
	return caller[sim_context_id()];
}

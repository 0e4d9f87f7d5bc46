/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * use-after-free: simulated memory or a page is used after it was freed.
 *
 * Memory of the simulated kernel is watched by the engine (X_UAF).  A page is
 * used when somebody reads or writes it, or when an SPTE is made to map it; its
 * descriptor outlives it, so that is looked at here.
 */
#include "fakes/mm/probe.h"
#include "mmu/probe.h"
#include "sim/check/check_private.h"

/* The page that a record uses. */
static bool used_page(const struct sim_record *rec, uint64_t *ret_pfn)
{
	struct probe_spte spte;

	switch (SIM_OBJ_CLASS(rec->obj)) {
	case OBJ_PAGE:
		*ret_pfn = SIM_OBJ_ID(rec->obj);
		return rec->verb == SIM_ACCESS;
	case OBJ_SPTE:
		/* What it maps now: it may have been zapped again since. */
		if (!probe_spte(spte_vm(rec->obj), spte_role(rec->obj),
				spte_gfn(rec->obj), &spte))
			return false;
		*ret_pfn = spte.pfn;
		return true;
	default:
		return false;
	}
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;
	uint64_t pfn;

	if (rec->verb == SIM_X_UAF)
		return check_say(ret, rec, rec->obj, "%s %s %s after it was freed, in %s",
				 say_task(ctx, rec->task, &w), rec->a ? "writes" : "reads",
				 say_obj(ctx, rec->obj, &w), say_site(rec->site, &w));
	/* What the set-up did is shown when it is over: its pages may have moved since. */
	if (rec->task < 0 || !used_page(rec, &pfn) || !probe_is_free(pfn))
		return false;
	return check_say(ret, rec, OBJ_PAGE_OF(pfn), "%s %s %s after it was freed, in %s",
			 say_task(ctx, rec->task, &w),
			 rec->verb == SIM_MAP ? "maps" : "accesses",
			 say_obj(ctx, OBJ_PAGE_OF(pfn), &w), say_site(rec->site, &w));
}

const struct check check_use_after_free = {
	.id = "use-after-free",
	.never = "memory or a page is used after it was freed",
	.verbs = CHECK_VERB(X_UAF) | CHECK_VERB(ACCESS) | CHECK_VERB(MAP),
	.look = look,
};

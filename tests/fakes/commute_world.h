/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One page, a counter and a cache, and steps that tasks take with them. */
#ifndef TESTS_FAKES_COMMUTE_WORLD_H
#define TESTS_FAKES_COMMUTE_WORLD_H

#include <stdint.h>

enum cw_op {
	CW_GET,			/* get_page() */
	CW_TRY,			/* try_get_page() */
	CW_PIN,			/* as FOLL_PIN does */
	CW_PUT_OWN,		/* put_page() of what the task got before */
	CW_PUT_LAST,		/* the same, and the host's reference is gone before */
	CW_PUT,			/* put_page() of what the host got */
	CW_GET_MORE,		/* get_page() by a task that has the page */
	CW_PUT_MORE,		/* put_page() by a task that keeps it */
	CW_GET_HOOK,		/* get_page() in a hook, which is left with it */
	CW_PUT_HOOK,		/* put_page() in a hook, which is left without */
	CW_FREEZE,		/* page_ref_freeze() at a count of 1 */
	CW_FLUSH,		/* clflush_cache_range() of the page */
	CW_WBINVD,		/* wbinvd_on_all_cpus() */
	CW_LOOK,		/* page_count() */
	CW_ONLY,		/* is the count 1? */
	CW_IN_USE,		/* is it more than 0? */
	CW_LIKE_PINNED,		/* folio_maybe_dma_pinned() */
	CW_HELD,		/* how many references are hooks'? */
	CW_LONG,		/* is any long-lived? */
	CW_LOCKED,		/* a flag of the page, which is clear */
	CW_RESERVED,		/* another one is looked at */
	CW_WORKINGSET,		/* a flag that is set already */
	CW_DIRTY,		/* the host's line of the page becomes dirty */
	CW_ADD,			/* atomic64_inc() */
	CW_ADD_RETURN,		/* atomic64_inc_return() */
	CW_ACTIVE,		/* one flag of the page */
	CW_REFERENCED,		/* another one */
	CW_LIE,			/* declares one word and stores to another */
	CW_NR_OPS
};

/* Two CPUs, and a page with @refs references, all the host's, and dirty lines. */
void cw_build(unsigned int refs);
/* Task @i will do @op. */
void cw_task(unsigned int i, enum cw_op op);
uint64_t cw_pfn(void);
/* What task @i learned, or -1. */
long cw_learned(unsigned int i);
int64_t cw_counter(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory-leak: VMs and processes are gone, and what kmalloc() or one of its like
 * gave has not been freed: what kmemleak would find, but at once and exactly.
 * Errors on the way are where this happens; a race can bring them about
 * (fakes/fault.def).
 *
 * Memory that a module would keep for good, and still point to, is no leak to
 * kmemleak and is one here.
 */
#include <inttypes.h>

#include "sim/check/check_private.h"
#include "sim/core/alloc.h"

static bool at_end(const struct check_ctx *ctx, enum check_end when, struct violation *ret)
{
	struct sim_block block;
	struct check_words w;
	uint64_t n;

	if (when != CHECK_END_TORN_DOWN || !sim_alloc_left(NULL))
		return false;
	n = sim_alloc_left(&block);
	return check_say_at_end(ret, block.obj,
		"%" PRIu64 " allocation%s never freed; the last is of %" PRIu64
		" bytes, by %s in %s", n, n == 1 ? " is" : "s are", block.size,
		say_task(ctx, block.task, &w), say_site(block.site, &w));
}

const struct check check_memory_leak = {
	.id = "memory-leak",
	.never = "memory from kmalloc() is never freed",
	.at_end = at_end,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data-race: two accesses of code under test to the same memory, one of them a
 * write and one of them plain, that nothing orders (sim/core/order.h).
 *
 * Speaks under access grain only: at op grain plain accesses are no steps.
 */
#include "sim/check/check_private.h"
#include "sim/core/order.h"
#include "sim/engine/where.h"

static const char *kind_of(const struct sim_side *side)
{
	if (side->marked)
		return side->write ? "marked store" : "marked load";
	return side->write ? "plain store" : "plain load";
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct sim_unordered u = sim_order_unordered();
	char first[SIM_WHERE_SIZE], second[SIM_WHERE_SIZE];
	struct check_words w, x;

	return check_say(ret, rec, rec->obj,
			 "%s's %s to %s in %s is not ordered with %s's %s in %s, step %llu",
			 say_task(ctx, u.second.task, &w), kind_of(&u.second),
			 say_obj(ctx, rec->obj, &w), sim_where(u.second.pc, second),
			 say_task(ctx, u.first.task, &x), kind_of(&u.first),
			 sim_where(u.first.pc, first), (unsigned long long)u.first.time);
}

const struct check check_data_race = {
	.id = "data-race",
	.never = "two accesses to one place, one a write, one plain, that nothing orders"
		 " (--grain access)",
	.verbs = CHECK_VERB(X_RACE),
	.look = look,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a search: shared by search.c and its kinds. */
#ifndef SIM_EXPLORE_SEARCH_PRIVATE_H
#define SIM_EXPLORE_SEARCH_PRIVATE_H

#include "sim/explore/dfs.h"
#include "sim/explore/memory.h"
#include "sim/explore/samplers.h"
#include "sim/explore/search.h"
#include "sim/explore/tails.h"
#include "sim/race/names.h"

/**
 * struct search - one search while it runs
 * @dfs: first, so that its callback finds the search
 * @watcher: hands records on to the race's tables and the checks
 * @checks: the running checks
 * @default_order: strategy that always takes 0
 * @follow_pages: some condition asks about pages
 * @names_pages: what is told does
 * @sampler: of a random search
 * @again: it has seen all of what is running now
 * @tails: what follows from states that were met
 * @tail: what the running execution adds to them, if it ends well
 * @in_tail: it does: its last task began to run alone in an unknown state
 * @tail_began: steps of the search up to that task's
 * @tail_asked: DFS: choices before it
 * @began: host's clock, for config->seconds only
 * @built: the world's clock when it was built
 * @memory: watches config->memory
 */
struct search {
	struct sim_dfs dfs;
	struct sim_watcher watcher;
	const struct search_config *config;
	struct search_result *result;
	struct check_watch checks;
	struct race_names names;
	struct sim_strategy default_order;
	bool follow_pages, names_pages;
	struct sampler *sampler;
	bool again;
	struct tails tails;
	struct tail tail;
	uint64_t tail_began, built;
	size_t tail_asked;
	bool in_tail;
	double began;
	struct memory memory;
	int err;
	char line[256];
};

/* Does a condition ask for what is no part of a state? Nothing that is known of
 * states can answer it. */
bool search_asks_history(const struct search *s);

/* Are tails remembered in this search? Hashing is on, then. */
bool search_keeps_tails(const struct search *s);
/* One task is left after @steps: is the rest known? It is accounted, then. */
bool search_knows(struct search *s, uint64_t steps, uint64_t all, uint64_t max);
bool search_finish(struct search *s, enum sim_end end, const uint32_t *choices, size_t n);
bool search_over(struct search *s);
/* What was counted so far was wrong: conditions stay, in their places. */
void search_forget(struct search *s);
/* Ask for the records that the checks, conditions and samplers want. */
void search_subscribe(const struct search *s);
int search_random(struct search *s);
int search_dpor(struct search *s);
/* Of the steps in the trace. */
uint64_t search_checksum(void);
int search_one(struct search *s);
int search_work(struct search *s);

#endif

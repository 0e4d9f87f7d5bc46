/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two searches of one case saw, as one. */
#ifndef SIM_EXPLORE_JOIN_H
#define SIM_EXPLORE_JOIN_H

#include "sim/explore/search.h"

/**
 * search_join() - add what another search of the same case saw.
 * @into: what the first saw; it stays what tells of states and how it ended
 * @from: what the other saw; what was found in it, and not in @into, moves over
 */
void search_join(struct search_result *into, struct search_result *from);

#endif

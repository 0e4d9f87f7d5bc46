/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of results: shared by results.c, results_item.c and results_file.c. */
#ifndef SIM_EXPLORE_RESULTS_PRIVATE_H
#define SIM_EXPLORE_RESULTS_PRIVATE_H

#include "sim/explore/results.h"

#define RESULTS_HOLDS	"work items"

/* Add what one item saw to @sum. Return: 0, -EINVAL or -ENOMEM. */
int results_unpack(const json_t *value, struct search_result *sum);

/* Is it what results_pack() makes? */
bool results_item_valid(const json_t *value);

#endif

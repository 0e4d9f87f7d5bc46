/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an execution left what its race speaks of: see final.c. */
#ifndef SIM_RACE_FINAL_H
#define SIM_RACE_FINAL_H

#include <stdint.h>
#include <stdio.h>

#include "sim/race/model.h"

/**
 * struct race_final - a final state
 * @hi: upper half of its hash
 * @lo: lower half
 */
struct race_final {
	uint64_t hi, lo;
};

void race_print_final(const struct race *race, FILE *out);
void race_final_hash(const struct race *race, struct race_final *ret);

#endif

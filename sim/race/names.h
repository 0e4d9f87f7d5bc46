/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The race's own names for the world's numbers: "ram[3]" for a page frame,
 * "guest" for a VM, "vcpu0" for a task.
 */
#ifndef SIM_RACE_NAMES_H
#define SIM_RACE_NAMES_H

#include "sim/check/names.h"
#include "sim/race/model.h"

/**
 * struct race_names - names of one race
 * @names: what checks and reports ask
 * @race: whose
 */
struct race_names {
	struct names names;
	const struct race *race;
};

void race_names_init(struct race_names *n, const struct race *race);

#endif

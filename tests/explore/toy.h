/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy: a vCPU that faults a page in and then pins it late, against a
 * migrator that wants to move the page.  Some twenty steps, no kernel: small
 * enough that other tools have counted all of its schedules exactly.
 */
#ifndef TESTS_EXPLORE_TOY_H
#define TESTS_EXPLORE_TOY_H

#include <stdbool.h>

struct toy_result {
	bool gave_up;		/* the migrator ran out of tries */
	bool pin_failed;	/* the late pin did not work */
	bool violated;		/* moved while referenced */
	int pte, ref[2];
};

/**
 * toy_build() - a fresh world with the toy's tasks in it.
 * @retries: how often the migrator tries
 * @vcpus: vCPU tasks; the first pins late
 * @plant_bug: check the count and move in two steps
 */
void toy_build(int retries, int vcpus, bool plant_bug);

void toy_result(struct toy_result *ret);

#endif

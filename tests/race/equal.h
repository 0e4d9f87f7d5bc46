/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Are two models the same race? Everything but places in the file.
 */
#ifndef TESTS_RACE_EQUAL_H
#define TESTS_RACE_EQUAL_H

#include "sim/race/model.h"

bool race_equal(const struct race *a, const struct race *z);
bool race_round_trip(const struct race *race, char *why, size_t size);

#endif

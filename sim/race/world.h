/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a race's model to a built world, and from a finished execution to the
 * truth of its conditions.
 */
#ifndef SIM_RACE_WORLD_H
#define SIM_RACE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/race/model.h"

struct kernel_profile;

/**
 * struct race_setup - what a world is built with beside the race
 * @design: "demand-late:in-map", or NULL for plain KVM
 * @profile: kernel profile
 * @unroll: re-entries of one fault before the statement gives up
 * @check_addresses: test every access against the live allocations
 */
struct race_setup {
	const char *design;
	const struct kernel_profile *profile;
	uint32_t unroll;
	bool check_addresses;
};

/**
 * race_build() - build the world of @race.
 *
 * Task numbers are indices into race->tasks, process and VM numbers likewise.
 * Context: host; the arena is mapped and empty.
 * Return: 0; -EINVAL with one line in @error if the machine cannot be built
 * as asked (no memory for a populated map, a registration that fails ...).
 */
int race_build(const struct race *race, const struct race_setup *setup, char *error,
	       size_t error_size);

/* Create the task that takes the world down. Return: its number. */
int race_teardown_task(const struct race *race);

/* Is @cond true now? Context: host, tasks done, nothing torn down. */
bool race_judge(const struct race *race, const struct race_cond *cond);

/**
 * race_term_value() - what a condition's term is now.
 * @ret: a word's number (race/words.h) where the language has words
 *
 * Context: as race_judge().
 * Return: false if it has not happened: the statement was not carried out.
 */
bool race_term_value(const struct race *race, const struct race_term *t, int64_t *ret);

/**
 * race_unexpected() - did a statement yield what its arrow does not name?
 * @buf: gets one line about the first such statement
 */
bool race_unexpected(const struct race *race, char *buf, size_t size);

/* Did a fault of this execution meet the unroll bound? */
bool race_bounded(const struct race *race);

/* The pfn behind page @i of a region: mapped now, or last; UINT64_MAX never. */
uint64_t race_page_pfn(const struct race *race, unsigned int region, uint64_t i);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is counted of a launch: see tally.c. */
#ifndef SIM_STARTUP_TALLY_H
#define SIM_STARTUP_TALLY_H

#include "sim/engine/pulse.h"
#include "sim/startup/startup.h"

#define TALLY_MAX_HELD	32

/**
 * struct tally - counting
 * @flushed: bytes
 * @held: locks that are held now, and since when
 * @nr_held: how many
 * @longest: how long a lock was held at most
 * @longest_class: the class of that lock, plus 1; 0: none was
 * @base: what had been done when counting began
 * @base_rss: bytes of host memory then
 * @base_ns: processor time then
 */
struct tally {
	uint64_t flushed;
	struct { sim_obj_t obj; uint64_t since; unsigned int class; } held[TALLY_MAX_HELD];
	unsigned int nr_held;
	uint64_t longest;
	unsigned int longest_class;
	struct startup_counts base;
	uint64_t base_rss, base_ns;
};

/* Host memory and time from here on. */
void tally_host_begin(struct tally *t);
/* Events from here on; the machine is there, and its process. */
void tally_begin(struct tally *t, unsigned int process);
/* All that has been counted. @faults: as the caller knows. */
void tally_read(struct tally *t, unsigned int vm, unsigned int process,
		struct startup_counts *ret);
void tally_end(void);

#endif

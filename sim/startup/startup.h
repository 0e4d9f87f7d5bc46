/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it costs to start an SEV guest: a guest is launched as QEMU launches it, by
 * the design's own code over the modelled mm and KVM, and what happened is counted.
 *
 * A launch is one thread of a VMM by itself: no schedule and no race is in it, so
 * that its counts are exact and the same at each run. Nothing is judged: a ledger of
 * sums has the place of the one that checks look at.
 */
#ifndef SIM_STARTUP_STARTUP_H
#define SIM_STARTUP_STARTUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct kernel_profile;

#define STARTUP_PAGE_SIZE	4096ULL
#define STARTUP_FIRMWARE	(4ULL << 20)	/* bytes of it, below 4 GiB */
#define STARTUP_MAX_SLOTS	3

/* Where the guest's memory lies before anybody pins it. */
enum startup_layout { STARTUP_NORMAL, STARTUP_MOVABLE, STARTUP_CMA, STARTUP_NR_LAYOUTS };

extern const char *const startup_layout_name[STARTUP_NR_LAYOUTS];

/**
 * struct startup_point - what is launched
 * @memory: bytes of the guest's RAM, without its firmware
 * @design: "demand-late:in-map"
 * @profile: kernel
 * @layout: enum startup_layout
 * @one_slot: all RAM in one memslot, no hole below 4 GiB
 * @prealloc: the VMM has touched all of it before
 * @touch: share of its RAM that the guest writes to, 0 to 1
 */
struct startup_point {
	uint64_t memory;
	const char *design;
	const struct kernel_profile *profile;
	enum startup_layout layout;
	bool one_slot, prealloc;
	double touch;
};

/**
 * struct startup_slot - a memslot
 * @gfn: first guest frame
 * @pages: how many
 * @offset: bytes into the guest's RAM
 * @firmware: it is not RAM, and has a mapping of its own
 */
struct startup_slot {
	uint64_t gfn, pages, offset;
	bool firmware;
};

/* slots.c: as QEMU lays them out. Return: how many of STARTUP_MAX_SLOTS. */
unsigned int startup_slots(const struct startup_point *p, struct startup_slot *ret);

/**
 * struct startup_lock - the longest time that a lock was held
 * @name: its class, "" if none was taken
 * @steps: from the step that took it to the one that let it go
 */
struct startup_lock {
	char name[32];
	uint64_t steps;
};

/**
 * struct startup_counts - what there is, and what was done so far
 * @pinned: pages on which GET or PIN references are held, now
 * @held: those references
 * @taken: GET and PIN references taken, and be it for a moment
 * @migrated: pages that were moved
 * @flushed: bytes flushed by address
 * @wbinvd: how often all caches were written back
 * @notifier_calls: invalidate_range_start()
 * @charged: pages charged against RLIMIT_MEMLOCK
 * @metadata: bytes that the design's hooks have allocated
 * @faults: of the guest
 * @steps: of the simulated kernel
 * @lock: see there
 * @host_bytes: memory that pinsim needed for it
 * @host_ns: processor time likewise
 */
struct startup_counts {
	uint64_t pinned, held, taken, migrated, flushed, wbinvd, notifier_calls, charged;
	uint64_t metadata, faults, steps;
	struct startup_lock lock;
	uint64_t host_bytes, host_ns;
};

/**
 * struct startup_result - what came of a point
 * @launched: before the first guest instruction
 * @touched: when the guest has written to its share
 * @err: 0, or the -errno with which it ended
 * @at: what ended so: "memslot 1", "register" ...; "" if nothing did
 * @why: a reason where one is known, or ""
 */
struct startup_result {
	struct startup_counts launched, touched;
	int err;
	char at[64];
	char why[160];
};

/**
 * startup_launch() - launch one guest.
 *
 * What the kernel refuses is a result, not an error. Context: host; the arena is
 * mapped, and what was in it is gone.
 * Return: 0, or -errno if there is no such machine.
 */
int startup_launch(const struct startup_point *p, struct startup_result *ret);

/* When a design pins: that decides which published column its launch is told by. */
enum startup_column { STARTUP_AT_REGISTER, STARTUP_AT_FAULT, STARTUP_NR_COLUMNS };

/**
 * struct startup_costs - a table of costs
 * @column: each a fixed time and a time for each page of RAM, and where they are from
 */
struct startup_costs {
	struct {
		double fixed_s, page_ns;
		char source[512];
	} column[STARTUP_NR_COLUMNS];
};

/* costs.c: see there. */
bool startup_costs_load(const char *path, struct startup_costs *ret, char *error, size_t size);
enum startup_column startup_column(const char *design);
double startup_seconds(const struct startup_costs *costs, const struct startup_point *p);

/* A point, and what came of it. */
struct startup_run {
	struct startup_point point;
	struct startup_result result;
};

/* All of them. */
struct startup_report {
	const struct startup_costs *costs;
	const struct startup_run *runs;
	size_t nr;
};

/* even.c: see there. */
double startup_break_even(const struct startup_run *run, const struct startup_run *eager);
bool startup_has_even(const struct startup_report *rep);
void startup_even_text(FILE *out, const struct startup_report *rep, const char *before,
		       const char *between, const char *after);
void startup_even_json(FILE *out, const struct startup_report *rep);

/* html.c: see there. */
bool startup_html(FILE *out, const struct startup_report *rep);

/* text.c, json.c: a point's results. */
void startup_text(FILE *out, const struct startup_costs *costs, const struct startup_point *p,
		  const struct startup_result *r);
void startup_json(FILE *out, const struct startup_costs *costs, const struct startup_point *p,
		  const struct startup_result *r);

#endif

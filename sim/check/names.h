/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for people: what the trace calls by number, a race calls "ram[3]",
 * "guest" or "vcpu0".  Checks and reports ask here; who knows better names than
 * the plain ones (the race's runner) fills a struct names.
 */
#ifndef SIM_CHECK_NAMES_H
#define SIM_CHECK_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/core/ledger.h"
#include "sim/engine/pulse.h"

#define NAME_SIZE	80	/* longest name that is printed, with its NUL */

/**
 * struct names - somebody who knows names
 * @obj: name of an object, or NULL to leave it to the plain names
 * @owner: name of a ledger owner, or NULL likewise
 * @task: name of a task, or NULL likewise
 *
 * Each may write into @buf (@size bytes) and return it, or return a string
 * that lives as long as the struct. A name must not depend on an address.
 * Pages: a pfn that several pages of a region had in turn is named after the
 * region's page, with one ' for each time that the page moved before.
 */
struct names {
	const char *(*obj)(const struct names *self, sim_obj_t obj, char *buf, size_t size);
	const char *(*owner)(const struct names *self, sim_owner_t owner, char *buf,
			     size_t size);
	const char *(*task)(const struct names *self, int task, char *buf, size_t size);
};

const char *name_obj(const struct names *names, sim_obj_t obj, char *buf, size_t size);
const char *name_owner(const struct names *names, sim_owner_t owner, char *buf, size_t size);
const char *name_task(const struct names *names, int task, char *buf, size_t size);
const char *name_hook(unsigned int hook);
const char *name_verb(unsigned int verb);
const char *name_fault(int64_t fault);
const char *name_errno(int64_t err, char *buf, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What checks may see of a design's own records.  Each design has a probe
 * file that fills this table; a field left NULL is "not checkable".
 */
#ifndef PIN_PROBE_H
#define PIN_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/* One pin that the design believes it holds. */
struct pin_record {
	uint64_t gfn;			/* UINT64_MAX: recorded by address, not by gfn */
	uint64_t hva;
	uint64_t pfn;
	unsigned int slot;
	bool is_pin;			/* FOLL_PIN, else a plain reference */
};

struct pin_probe {
	/* Records of @vm, in order; @cursor starts at 0. */
	bool (*next)(unsigned int vm, uint64_t *cursor, struct pin_record *ret);
	/* The design's own counter of locked pages, and how many its records add up to. */
	bool (*locked)(unsigned int vm, uint64_t *ret_counter, uint64_t *ret_records);
	/* Must a present leaf SPTE of this gfn have a record? (eager: inside regions) */
	bool (*must_pin)(unsigned int vm, uint64_t gfn);
};

struct pin_design_info {
	const char *name;		/* "demand-ref" */
	const char *options;		/* "in-map", or "" */
	const char *summary;		/* one line for lists */
};

/* The @i-th built-in design; "name" or "name:option". NULL past the last. */
const struct pin_design_info *pin_design_nth(unsigned int i);
/* Return: false and nothing else if no design or option is called so. */
bool pin_design_exists(const char *name);

/* When a design pins, and what it can be asked to; see pin_design_traits(). */
#define PIN_AT_REGISTER		(1U << 0)	/* KVM_MEMORY_ENCRYPT_REG_REGION */
#define PIN_AT_LAUNCH		(1U << 1)	/* KVM_SEV_LAUNCH_UPDATE_DATA */
#define PIN_AT_FAULT		(1U << 2)	/* the guest reaches a gfn */
#define PIN_TAKES_REGIONS	(1U << 3)	/* registering is no -ENOTTY */

#define PIN_PRIVATE_MEM		(1U << 4)	/* of a guest_memfd: no pin, no mapping */

/* PIN_* of "name" or "name:option", as its hooks tell; 0 of what is none. */
unsigned int pin_design_traits(const char *name);
/* The probe of the design that @vm runs, or NULL (plain KVM). */
const struct pin_probe *pin_probe_of(unsigned int vm);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a race needs, held against what a design has: see applies.h. */
#include <stdio.h>
#include <string.h>

#include "pin/probe.h"
#include "sim/explore/applies.h"
#include "sim/explore/expect.h"
#include "sim/explore/needs.h"

/* When a design may pin, and which statements of a race come to it. */
static const struct {
	unsigned int trait;
	const char *pins, *lacking;
} moments[] = {
	{ PIN_AT_REGISTER, "what is registered", "registers nothing" },
	{ PIN_AT_LAUNCH, "what is launched", "launches nothing" },
	{ PIN_AT_FAULT, "what the guest reaches", "has no guest that runs" },
};

#define NR_MOMENTS	(sizeof(moments) / sizeof(moments[0]))

/* The VMs whose memory a design's hooks see. */
static bool encrypted(const struct race *race, uint32_t vm)
{
	const struct race_vm *v = vm == RACE_NO_VM ? NULL : &race->vms[vm];

	return v && (v->sev || v->context_of.s || v->copies || v->moves);
}

static unsigned int trait_of(enum race_op op)
{
	switch (op) {
	case RACE_OP_REGISTER:
		return PIN_AT_REGISTER;
	case RACE_OP_LAUNCH_UPDATE:
	case RACE_OP_RECEIVE_UPDATE:
		return PIN_AT_LAUNCH;
	case RACE_OP_FAULT:
	case RACE_OP_PREFAULT:
		return PIN_AT_FAULT;
	default:
		return 0;
	}
}

/* The moments that a race comes to. */
static unsigned int reached(const struct race *race)
{
	unsigned int traits = 0;
	uint32_t i, k;

	for (i = 0; i < race->nr_vms; i++)
		if (encrypted(race, i) && race->vms[i].nr_registered)
			traits |= PIN_AT_REGISTER;
	for (i = 0; i < race->nr_tasks; i++) {
		const struct race_task *t = &race->tasks[i];

		for (k = 0; encrypted(race, t->vm) && k < t->nr_stmts; k++)
			traits |= trait_of(t->stmts[k].op);
	}
	return traits;
}

static bool speaks_of_design(const struct race *race, const char *design, const char *kernel)
{
	const struct expect_filter filter = { .design = design, .kernel = kernel };
	struct expect_case first;
	char error[160];

	return expect_cases(race, &filter, &first, 1, error, sizeof(error)) == 1 &&
	       first.nr_expects;
}

/* "it pins what is launched or what the guest reaches, and the race ..." */
static void never_pins(unsigned int has, char *why, size_t size)
{
	size_t len = snprintf(why, size, "the design %s ", has & PIN_PRIVATE_MEM ?
			      "has memory for" : "pins");
	const char *between = "";
	unsigned int i, part;

	for (part = 0; part < 2; part++) {
		for (i = 0; i < NR_MOMENTS && len < size; i++) {
			if (!(has & moments[i].trait))
				continue;
			len += snprintf(why + len, size - len, "%s%s", between,
					part ? moments[i].lacking : moments[i].pins);
			between = part ? " and " : " or ";
		}
		if (!part && len < size)
			len += snprintf(why + len, size - len, ", and the race ");
		between = "";
	}
}

bool expect_applies(const struct race *race, const char *design, const char *kernel,
		    char *ret_why, size_t size)
{
	const unsigned int all = PIN_AT_REGISTER | PIN_AT_LAUNCH | PIN_AT_FAULT;
	unsigned int has = pin_design_traits(design), needs = reached(race);

	if (!expect_of_kernel(race, kernel)) {
		snprintf(ret_why, size, "the race does not speak of kernel %s", kernel);
		return false;
	}
	if (!needs_kernel(design, kernel, ret_why, size) ||
	    !needs_race(design, race, ret_why, size))
		return false;
	if (speaks_of_design(race, design, kernel))
		return true;
	if ((has & all) && !(has & needs)) {
		never_pins(has, ret_why, size);
		return false;
	}
	if ((needs & PIN_AT_REGISTER) && !(has & PIN_TAKES_REGIONS)) {
		snprintf(ret_why, size, "the race registers memory, for which the design has "
			 "no hook");
		return false;
	}
	return true;
}

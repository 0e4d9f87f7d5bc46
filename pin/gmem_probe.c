/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "gmem" has no records. What stands in the place of a pin is that the folio is in
 * the file: as long as it is there it is neither moved nor freed. So only a private
 * gfn that something else is mapped at would have to be pinned.
 */
#include "fakes/kvm/probe.h"
#include "mmu/probe.h"
#include "pin/designs.h"
#include "pin/probe.h"

#define NR_ROLES	4

static bool gmem_must_pin(unsigned int vm, uint64_t gfn)
{
	struct probe_spte spte;
	unsigned int role;

	if (!probe_private(vm, gfn))
		return false;
	for (role = 0; role < NR_ROLES; role++)
		if (probe_spte(vm, role, gfn, &spte) &&
		    !probe_private_has(vm, gfn, spte.pfn))
			return true;
	return false;
}

const struct pin_probe gmem_probe = {
	.must_pin = gmem_must_pin,
};

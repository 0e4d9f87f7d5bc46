/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: what is charged, and to whom. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_accounting[] = {
	{
		.id = "H-27",
		.title = "Nothing is charged",
		.what = "RFC v0 pins whatever the guest touches.",
		.why = "Neither a limit nor a counter is asked.",
		.shows = "Anybody who may create a VM takes all memory away from the host.",
		.upstream = "Asked for by Hildenbrand.",
		.see = "H-28 H-29",
	},
	{
		.id = "H-28",
		.title = "Charged to the wrong one",
		.what = "The counter belongs to the VM, the limit to the process.",
		.why =
			"Two VMs of one process have the limit twice; what VFIO or io_uring pins "
			"is counted elsewhere.",
		.shows = "More is pinned than was allowed, or the same page is paid twice.",
		.upstream =
			"A cgroup for locked memory was posted in 2023 and not merged, as far as "
			"was seen.",
		.see = "H-27 K.24",
	},
	{
		.id = "H-29",
		.also = "R-29a",
		.title = "The counter races with itself",
		.what =
			"Two regions are registered at the same time (R-29a: RFC v1 does it "
			"again).",
		.why = "Compare and add, with no lock around them.",
		.shows =
			"One of the two is not counted, or both pass a limit that has room for "
			"one.",
		.upstream = "19a23da53932 takes kvm->lock first.",
		.see = "H-28",
	},
	{
		.id = "R-30",
		.title = "Unregistering what was never registered",
		.what = "RFC v1 takes the pages off the counter without looking for the region.",
		.why = "Below zero the counter is enormous, or the limit is void.",
		.shows = "Unlimited pinning.",
		.upstream = "Found by reading; the kernel looks for the region.",
		.see = "H-32",
	},
	{
		.id = "R-31",
		.title = "A short operation that charges for good",
		.what =
			"RFC v1: each SEND_UPDATE_DATA of a live migration leaves pins and a "
			"charge until the VM ends.",
		.why = "What was kept for launch was kept for all that share the function.",
		.shows = "-ENOMEM in the middle of a migration.",
		.upstream = "Found by reading.",
		.see = "H-23 H-33",
	},
	{
		.id = "H-32",
		.title = "The same memory registered twice",
		.what = "One address, one length, twice.",
		.why =
			"Two entries, two pins, two charges. Unregistering takes the first that "
			"fits.",
		.shows = "It works; each needs its own end.",
		.upstream = "As it is.",
		.see = "R-30",
	},
	{
		.id = "H-33",
		.title = "Half of a region is pinned",
		.what = "Something in the middle of a range cannot be pinned.",
		.why = "Everything taken so far has to go back: pins, charge, counters.",
		.shows =
			"A leak, seen in /proc/vmstat by pins that were acquired and never "
			"released.",
		.upstream = "24a95998e9ba had such a leak; mended in October 2024.",
		.see = "H-09 H-25",
	},
	{
		.id = "R-34",
		.title = "An error that is not seen as one",
		.what =
			"sev_alloc_pages() of both RFCs returns NULL where its caller looks for "
			"an error pointer.",
		.why = "Two conventions for one function.",
		.shows =
			"GUP warns and refuses, in every kernel modelled here; by way of the MMU "
			"the list itself is written to, at NULL.",
		.upstream = "Found by reading.",
		.see = "H-25",
	},
	{ .id = NULL },
};

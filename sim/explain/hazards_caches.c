/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: caches, launch, and what lives how long. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_caches[] = {
	{
		.id = "H-56",
		.title = "Plain lines over ciphertext",
		.what = "The firmware encrypts memory that the VMM has written.",
		.why = "Dirty lines without the encryption bit are written back later.",
		.shows =
			"The ciphertext is overwritten. Every command flushes before; RFC v0's "
			"hook does so behind an SPTE that another vCPU can use already "
			"(flush-after-map), which nobody had said.",
		.upstream = "A flush before, unless the processor keeps such lines coherent.",
		.see = "H-57",
	},
	{
		.id = "H-57",
		.title = "Encrypted lines over somebody else's data (CVE-2022-0171)",
		.what = "A page leaves the guest with dirty lines under the guest's key.",
		.why = "They are written back when the page is another's.",
		.shows = "Host memory is corrupted.",
		.upstream = "683412ccf612: a flush before the page is free.",
		.see = "H-38 H-56 H-16",
	},
	{
		.id = "H-58",
		.title = "A flush after the lock (CVE-2024-35791)",
		.what = "A region's pages are flushed after kvm->lock was dropped.",
		.why = "Unregistering frees the array meanwhile.",
		.shows = "A use after free.",
		.upstream = "5ef1d8c1ddbf: flush under the lock.",
		.see = "H-57",
	},
	{
		.id = "H-59",
		.title = "A loop that does not let go (CVE-2020-36311)",
		.what = "The pins of a huge guest are dropped one by one.",
		.why = "Nothing reschedules in between.",
		.shows = "A soft lockup.",
		.upstream = "7be74942f184.",
		.see = "R-45",
	},
	{
		.id = "H-60",
		.title = "Written by the firmware, not marked dirty",
		.what = "The firmware writes into a page by its physical address.",
		.why = "The kernel sees no write; a page of a file may be dropped as clean.",
		.shows =
			"The data is gone. In v6.12 alone, where what is read back from swap may "
			"be written to and is clean (receive-clean-page); and only if nothing pins "
			"the page for longer than the command: what is pinned is not reclaimed.",
		.upstream = "Launch commands mark their pages; receiving and debugging do not.",
		.see = "H-64",
	},
	{
		.id = "H-61",
		.title = "Between encryption and the first access",
		.what =
			"A page is encrypted before there is a vCPU; nothing holds it until the "
			"guest touches it.",
		.why =
			"The pin of the launch command ends with the command, the next one comes "
			"with the fault.",
		.shows = "The ciphertext moves.",
		.upstream = "Gonda's question; RFC v1's list was the answer.",
		.see = "R-02b R-49",
	},
	{
		.id = "H-62",
		.title = "What a move within the host takes along",
		.what = "Regions and the counter go from one VM to the other.",
		.why = "List and counter have to move together, and once.",
		.shows =
			"Pins that nobody counts. Both move under the locks of both VMs, so the "
			"kernel is clean here; what v5.17 loses is what waits to be registered "
			"(R-55).",
		.upstream = "b56639318bb2.",
		.see = "R-55",
	},
	{
		.id = "H-63",
		.title = "A mirror of a VM",
		.what = "A second VM runs on the first one's key and memory.",
		.why = "It may not register memory, and has page tables of its own.",
		.shows =
			"Its faults map by what its own VMM mapped; who pins that depends on the "
			"design.",
		.upstream = "54526d1fd593 refuses registering.",
		.see = "R-50",
	},
	{
		.id = "H-64",
		.title = "Memory that cannot be pinned for long",
		.what = "A region lies on a file, on DAX, in secret memory.",
		.why =
			"A long-term pin for writing is refused there, each with its own error, "
			"all of which become -ENOMEM.",
		.shows = "virtio-pmem could not be registered (2026).",
		.upstream = "ee1a586dd1fa drops FOLL_WRITE.",
		.see = "H-12",
	},
	{
		.id = "H-65",
		.title = "More pages than there are",
		.what = "A range is registered that is longer than all memory.",
		.why = "It was compared with INT_MAX only.",
		.shows = "A warning, and an array of that length.",
		.upstream = "8acffeef5ef7, 6d71f9349d9b.",
		.see = "H-33",
	},
	{
		.id = "H-66",
		.title = "Put is not what was got",
		.what = "The fault changes the page frame to that of a huge page.",
		.why = "v5.17 puts the changed one, later kernels the one that they got.",
		.shows = "Nothing on compound pages; an imbalance on others.",
		.upstream = "Since v6.1.",
		.see = "H-22",
	},
	{
		.id = "H-67",
		.title = "Pages that are moved from address to address",
		.what = "UFFDIO_MOVE or mremap() takes a page elsewhere.",
		.why = "A pinned page is refused; one with a plain reference is not.",
		.shows = "The guest's page is at another address.",
		.upstream = "Pins.",
		.see = "H-10 H-38",
	},
	{ .id = NULL },
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: KVM's fault path and the notifiers. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_faults[] = {
	{
		.id = "H-35",
		.title = "An invalidation between finding the page and mapping it",
		.what = "The host moves a page while a vCPU is about to map it.",
		.why =
			"The fault remembers a sequence number, and starts over if that has moved "
			"when it holds mmu_lock. A pin taken before has to be kept, once, or "
			"undone.",
		.shows = "A record of the old page beside a mapping of the new one.",
		.upstream = "The retry is KVM's own; what pins must be idempotent or undo.",
		.see = "H-36 K.30",
	},
	{
		.id = "H-36",
		.title = "A fault that makes itself start over",
		.what = "A long-term pin migrates the page that the fault has just found.",
		.why =
			"Migration invalidates, which makes the fault stale. Once is fine; where "
			"the pin fails every time it goes on.",
		.shows = "No progress: zap, fault, reference, failure.",
		.upstream = "Snapshot before the pin, no reference of one's own.",
		.see = "H-03 H-35",
	},
	{
		.id = "H-37",
		.title = "Sleeping where one may not",
		.what = "The pin is taken inside the map step.",
		.why =
			"mmu_lock is held there, and RCU. pin_user_pages() sleeps, and the "
			"notifier of its own migration wants mmu_lock for writing.",
		.shows =
			"A splat, or a task that waits for itself. This alone answers the "
			"question that the thread began with.",
		.upstream = "Pin before mmu_lock.",
		.see = "H-03",
	},
	{
		.id = "H-38",
		.title = "The VMM takes the memory away under the pin",
		.what = "munmap(), MADV_DONTNEED, mremap() or truncation of what is pinned.",
		.why =
			"The SPTE goes, the pin does not. What is faulted in later is another "
			"page.",
		.shows =
			"Memory held that no counter shows, data lost by the VMM's own hand, and "
			"cache lines of a page that is given back (H-57).",
		.upstream =
			"Zhang, March 2022. No design keeps a page in an address space that gives "
			"it up.",
		.see = "H-57 R-49",
	},
	{
		.id = "R-39",
		.title = "RFC v1 notes the wrong page",
		.what = "MADV_DONTNEED and a fault come between its two pins of one address.",
		.why = "The bug is seen, and the code goes on with the other page frame.",
		.shows = "One pin leaks, one page is unpinned that was not pinned.",
		.upstream = "Found by reading.",
		.see = "H-23 H-38",
	},
	{
		.id = "R-40",
		.title = "RFC v1 chooses the level without mmu_lock",
		.what = "The host splits or collapses a huge page between choosing and locking.",
		.why = "The stale check later drops the mapping, not the pin.",
		.shows = "A pin of the wrong level or address.",
		.upstream = "Found by reading; KVM wants mmu_lock there.",
		.see = "H-35 H-52",
	},
	{
		.id = "R-41",
		.title = "Neighbours that are mapped without a pin",
		.what = "The shadow MMU maps up to seven neighbours ahead.",
		.why = "That path takes and puts references and calls no hook.",
		.shows = "The guest's data in a page that may move.",
		.upstream = "Found by reading.",
		.see = "R-50",
	},
	{
		.id = "R-42",
		.title = "Page frame 0 as an answer",
		.what = "The helper that maps for a launch command returns what the fault left.",
		.why = "An early error leaves 0, which is no error there.",
		.shows =
			"The firmware would encrypt page frame 0. It does not come to that "
			"(launch-frame-zero): the helper fills the vCPU's cache of tables before, "
			"so nothing can fail in front of the lookup, and behind it the frame is "
			"the page's, which the slot's record holds.",
		.upstream = "Found by reading. KVM_PRE_FAULT_MEMORY says how the fault ended.",
		.see = "H-61",
	},
	{
		.id = "H-43",
		.title = "Mapping ahead against a slot's removal",
		.what =
			"A loop maps again and again while the slot is marked invalid, and holds "
			"SRCU.",
		.why = "Who removes the slot waits for SRCU.",
		.shows = "Both for ever.",
		.upstream =
			"3ccbf6f47098 and 2bc2694fe20b return -EAGAIN; v6.12 leaves the loop by a "
			"signal only.",
		.see = "H-36 G.10",
	},
	{
		.id = "R-44",
		.title = "The other address space",
		.what =
			"RFC v0 looks a slot up in address space 0 for an SPTE of address space "
			"1.",
		.why = "One frame number, two pages.",
		.shows = "Each fault puts the other's pin.",
		.upstream = "Found by reading; RFC v1 passes the slot.",
		.see = "H-54",
	},
	{
		.id = "R-45",
		.title = "A hook at every write of an SPTE",
		.what =
			"RFC v0's hook runs whenever a present leaf is written: dirty logging, "
			"aging, write protection.",
		.why = "It goes over all of the level and flushes as much, with mmu_lock held.",
		.shows = "Soft lockups.",
		.upstream = "Found by reading.",
		.see = "H-59",
	},
	{
		.id = "H-46",
		.title = "Poisoned memory",
		.what = "RFC v1 pins without asking for FOLL_HWPOISON.",
		.why = "The error that says so becomes an ordinary one.",
		.shows = "-EFAULT where a SIGBUS was due.",
		.upstream = "RFC v1 was not merged.",
		.see = "H-24",
	},
	{ .id = NULL },
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where each design of pin/ comes from, and what it is known to do wrong. */
#include "sim/explain/entries.h"

const struct explain_entry explain_designs[] = {
	{
		.id = "pinned-spte",
		.title = "A bit of the SPTE is the pin",
		.what =
			"Who writes a new leaf takes get_page() before, and sets bit 62. When the "
			"notifier takes the mapping away, bit and page frame stay there; the "
			"reference goes when the entry does. Nothing is kept beside it. (There, "
			"registering went on pinning; here it does nothing, so that something "
			"shows.)",
		.why = "No second place that could say something else than the SPTE.",
		.shows =
			"It is no long-term pin; page tables go at other times than guests, and "
			"pins with them; where another page comes to a pinned entry, by a copy "
			"after fork() or after a read of untouched memory, it warns and holds the "
			"wrong one.",
		.upstream =
			"Christopherson's RFC, July 2020; given up after guests failed at random.",
		.see = "H-01 H-10 H-27 H-57 R-55",
	},
	{
		.id = "eager",
		.title = "Register everything, pin everything",
		.what =
			"User space registers guest memory, and all of it is pinned at once with "
			"FOLL_PIN; what is registered stays pinned.",
		.why = "The guest may touch anything at any time, and so may the firmware.",
		.shows =
			"Pins in the CMA area and in ZONE_MOVABLE; the limit once for each VM; "
			"nothing for memory that is mapped anew under a registered address; a "
			"start that takes as long as there is memory.",
		.upstream = "The kernel's own from v5.8 to v6.14.",
		.see = "H-02 H-28 H-32 H-38",
	},
	{
		.id = "eager-longterm",
		.title = "The same, with long-term pins",
		.what = "As eager, but FOLL_LONGTERM moves a page first where it may not stay.",
		.why = "What is pinned for a VM's life is pinned for long.",
		.shows =
			"As eager but for the places. Without FOLL_WRITE memory that was never "
			"written depends on unsharing, which v6.1 does not do for the zero page; "
			"with the option \"write\" it does not.",
		.upstream = "The kernel's own from v6.15, and stable kernels.",
		.see = "H-12 H-28 H-38",
	},
	{
		.id = "demand-ref",
		.title = "A reference when the SPTE is written",
		.what =
			"The hook at each present leaf takes get_page() and notes page frame and "
			"bit in arrays that hang on the slot; they go when the slot goes. "
			"Registering does nothing.",
		.why = "A VM starts without pinning anything, and pays for what it touches.",
		.shows =
			"It is no long-term pin; nothing is charged; pin state goes with slots, "
			"and not with guests that move.",
		.upstream = "RFC v0, January 2022.",
		.see = "H-01 H-10 H-27 R-21a R-44 R-45 R-47 R-49 R-50 R-55",
	},
	{
		.id = "demand-late",
		.title = "A long-term pin in the fault, after KVM's reference",
		.what =
			"As demand-ref, but pin_user_pages(FOLL_LONGTERM), just before mmu_lock; "
			"with the option \"in-map\" in the map step itself.",
		.why = "The question that was asked on the list: is that equivalent?",
		.shows =
			"Where the page has to move KVM's own reference forbids it, so the fault "
			"fails; in the map step it sleeps under mmu_lock besides.",
		.upstream = "Asked on 28 January 2022; nobody posted it.",
		.see = "H-03 H-36 H-37",
	},
	{
		.id = "demand-takeover",
		.title = "A long-term pin in the place of KVM's reference",
		.what =
			"The fault pins first, with no reference of its own; get_page() then "
			"gives KVM what its ordinary flow puts. The pin stays, recorded with the "
			"slot.",
		.why = "Migration meets no reference but its own.",
		.shows =
			"Another's short reference makes a fault fail; nothing is charged; the "
			"page that was there before is not flushed; pins live as long as slots.",
		.upstream =
			"Sketched by Hildenbrand on 28 January 2022, posted as a part of RFC v1.",
		.see = "H-04 H-27 H-35 H-57 R-49 R-50",
	},
	{
		.id = "demand-double",
		.title = "KVM itself pins, and a hook pins once more",
		.what =
			"In slots that are marked as encrypted a fault takes a long-term pin "
			"where it would take a reference, and drops it at its end. Before "
			"mmu_lock a hook pins the same address again and notes that with the "
			"slot. Registering checks and counts what is announced.",
		.why = "No reference is in the way of migration, and the hook may sleep.",
		.shows =
			"What looks pinned is unpinned, whoever pinned it; the mark goes when a "
			"slot's flags change; two pins may find two pages; and what is kept "
			"with slots goes with slots.",
		.upstream = "RFC v1, March 2022.",
		.see = "H-22 H-28 R-06b H-29 R-30 R-39 R-47 R-48 R-49 R-50 R-55",
	},
	{
		.id = "gmem",
		.title = "Memory that is KVM's own",
		.what =
			"A guest's private memory is that of a guest_memfd: a file that nobody can "
			"map, whose folios are neither moved nor reclaimed. A fault takes them "
			"from there and keeps no reference. Punching a hole zaps first, as a "
			"notifier does. Registering does nothing.",
		.why = "What nobody else can reach needs no pin.",
		.shows =
			"What the VMM does to its own mapping costs the guest translations, but "
			"no data. A hole in what it did not give back still does. Memory that "
			"holds any of it does not go offline, and nobody says so.",
		.upstream = "v6.8, for SNP guests; older kinds of guests cannot have it.",
		.see = "H-08 H-16 H-35 H-38",
	},
	{
		.id = "demand-sound",
		.title = "Every step for a reason",
		.what =
			"Charge, pin for long with no reference of one's own, flush, record once "
			"or undo; then KVM's ordinary flow. Unpin after a flush, and when the "
			"guest can no longer reach the page.",
		.why =
			"To know what demand pinning costs if it is right, and what is left that "
			"no order of steps can mend.",
		.shows =
			"A VMM that takes memory away still takes it; a reference that somebody "
			"holds for good still forbids a pin; loops of the kernel without a bound "
			"stay so. The file's head says for each step what it is for.",
		.upstream = "pinsim's own.",
		.see = "H-03 H-04 H-27 H-38 H-57 R-47 R-49 R-50 R-55",
	},
	{ .id = NULL },
};

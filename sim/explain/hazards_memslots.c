/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: memslots, levels, and VMs that share or move. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_memslots[] = {
	{
		.id = "R-47",
		.title = "A slot is moved, its pins are not",
		.what =
			"Both RFCs keep their arrays with the slot; a slot that is moved shares "
			"them with the one that is freed.",
		.why =
			"Freeing the old one drops all pins and frees the arrays that the new one "
			"uses.",
		.shows = "A use after free, and a guest that nothing holds.",
		.upstream = "Found by reading.",
		.see = "R-48 R-49",
	},
	{
		.id = "R-48",
		.title = "A flag that gets lost",
		.what = "RFC v1 marks encrypted slots by a flag that is set when they are made.",
		.why = "Any change of flags writes the field anew, dirty logging to begin with.",
		.shows = "From then on faults take plain references.",
		.upstream = "Found by reading.",
		.see = "R-47 R-50",
	},
	{
		.id = "R-49",
		.title = "Pins that live as long as the slot",
		.what = "A VMM deletes a slot and makes it again, as QEMU does to remap.",
		.why = "The guest lives on, its pins do not.",
		.shows = "The page may move before the next access.",
		.upstream = "Found by reading: unpin when the guest can no longer reach the page.",
		.see = "R-47 H-61",
	},
	{
		.id = "R-50",
		.title = "Slots that are older than the encryption",
		.what =
			"Memory is given to a VM before it becomes an SEV guest: so is every "
			"destination of a move within the host, and every mirror.",
		.why = "The arrays are made with the slot, and only for an SEV guest.",
		.shows = "Mapped without a pin, without a word.",
		.upstream = "Found by reading.",
		.see = "R-55 H-63",
	},
	{
		.id = "H-51",
		.title = "A huge level at the edge of a slot",
		.what = "RFC v0 goes over as many entries as the level has pages.",
		.why =
			"Nothing but KVM's own rule about huge pages at edges keeps that inside "
			"the arrays.",
		.shows = "A write beyond the end, if the rule ever breaks.",
		.upstream = "Found by reading.",
		.see = "H-52",
	},
	{
		.id = "H-52",
		.title = "From small pages to a huge one and back",
		.what = "A range is mapped by 4 KiB, then by 2 MiB.",
		.why = "RFC v0 has a record for each 4 KiB; RFC v1 one for the first.",
		.shows = "Balanced in the end, but nobody can say whether a given page is pinned.",
		.upstream = "Found by reading.",
		.see = "H-51 R-40",
	},
	{
		.id = "H-53",
		.title = "One address in two slots",
		.what = "The same memory is shown to the guest twice.",
		.why = "A walk by addresses meets it twice; RFC v1's array has room for once.",
		.shows =
			"An array overrun (launch-two-slots), or a hole that is not filled: no "
			"error, and NULL is followed when the pages are marked dirty "
			"(launch-hole).",
		.upstream = "Szmigiero named the class in January 2022.",
		.see = "R-21a",
	},
	{
		.id = "H-54",
		.title = "Another page for a record that stands",
		.what = "The page at an address has changed; the record has to follow.",
		.why =
			"Flush, drop, pin, note: with an error in the middle the record speaks of "
			"a pin that is gone.",
		.shows = "A pin is dropped twice at the end.",
		.upstream = "A record stands for exactly one pin, or is undone.",
		.see = "H-35 H-57",
	},
	{
		.id = "R-55",
		.title = "The guest moves, its pins stay",
		.what = "A guest moves to another VM on the same host.",
		.why =
			"The source is no SEV guest any more, so what frees its pins returns at "
			"once; the destination has no records (R-50).",
		.shows = "The source's pins are never dropped.",
		.upstream = "Found by reading; Gonda had feared the opposite.",
		.see = "R-50 H-62",
	},
	{ .id = NULL },
};

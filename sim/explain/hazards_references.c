/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: the arithmetic of references. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_references[] = {
	{
		.id = "R-21a",
		.title = "RFC v0 counts up by huge pages",
		.what = "A gigabyte is mapped at once, and the same memory in many slots.",
		.why =
			"One reference for each 4 KiB lands on the compound page: 2^18 by one "
			"mapping.",
		.shows = "User space reaches the overflow of H-21, for some 32 GiB of metadata.",
		.upstream = "Found by reading; RFC v0 was not merged.",
		.see = "H-21 H-53",
	},
	{
		.id = "H-22",
		.title = "A reference returned as a pin, or the other way about",
		.what = "RFC v1 puts a page by what page_maybe_dma_pinned() says of it.",
		.why =
			"That is a guess: 1024 references look like a pin, and somebody else's "
			"pin looks like one's own.",
		.shows =
			"A small folio loses 1024 references for one; another's pin is gone. All "
			"of KVM's guests are concerned.",
		.upstream =
			"Christopherson's objection of 28 March 2022. Who takes has to know what "
			"it took.",
		.see = "H-23 H-26",
	},
	{
		.id = "H-23",
		.also = "R-23a R-23b",
		.title = "A pin is dropped twice",
		.what =
			"An error path unpins what the slot's end will unpin again (R-23a: RFC "
			"v1's launch commands; R-23b: RFC v0 is clean there).",
		.why = "Two lists speak of one pin.",
		.shows = "The count goes below what others hold.",
		.upstream = "RFC v1 was not merged.",
		.see = "H-22 R-31",
	},
	{
		.id = "H-24",
		.also = "R-24a R-24b",
		.title = "The zero page, reserved pages, pages without a count",
		.what =
			"A guest reads memory that nobody wrote, or a slot shows device memory "
			"(R-24a, R-24b: RFC v0 warns, RFC v1 kills the VM).",
		.why =
			"The zero page is counted by some kernels and not by others; device "
			"memory has no count that could be taken; the tail of a block without a "
			"compound head falls to zero (CVE-2021-22543).",
		.shows = "A leak, a use after free, or -EFAULT.",
		.upstream = "c8070b787519 (v6.5), fcab34b433e2 (v6.0), f8be156be163.",
		.see = "H-12",
	},
	{
		.id = "H-25",
		.title = "Unpinning what was never there",
		.what =
			"An error, or an array that is filled in part, reaches "
			"unpin_user_pages().",
		.why = "A count stands for what should have been pinned and not for what was.",
		.shows = "A leak, or a crash.",
		.upstream = "Newer kernels warn and skip.",
		.see = "H-33",
	},
	{
		.id = "H-26",
		.title = "A pinned page that is nobody's own any more",
		.what = "An anonymous page is unpinned and is not marked exclusive.",
		.why = "Something shared it in between: H-10 to H-12.",
		.shows = "A kernel built to look for it says so.",
		.upstream = "The question that a simulator may always ask.",
		.see = "H-10 H-12",
	},
	{ .id = NULL },
};

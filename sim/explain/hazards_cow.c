/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: copy on write, fork, swap, and whose page it is. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_cow[] = {
	{
		.id = "H-10",
		.title = "fork() with a plain reference",
		.what = "The VMM forks, for a helper or a snapshot, and the guest writes on.",
		.why =
			"Nothing says that the page is pinned, so the child shares it read-only. "
			"The next write of the parent copies it: the parent has the new page, the "
			"record the old one.",
		.shows =
			"The guest's ciphertext stands at another physical address and decrypts "
			"to garbage.",
		.upstream =
			"With FOLL_PIN the child gets its copy at once (70e806e4e645, race closed "
			"by 57efa1fe5957).",
		.see = "H-11 H-18 H-26",
	},
	{
		.id = "H-11",
		.title = "Copy on write after a page came back",
		.what =
			"A page is written protected and faults again: swap, soft-dirty, "
			"userfaultfd, a reclaim that failed.",
		.why =
			"The write fault sees more references than mappings and copies. With "
			"plain references always; with pins where somebody asked whether it is "
			"pinned just before it was.",
		.shows = "Page table and pin part without an error.",
		.upstream = "PG_anon_exclusive (6c287605fd56) after 17839856fd58 and 09854ba94c6a.",
		.see = "H-10 H-14",
	},
	{
		.id = "H-12",
		.title = "A read-only pin of a page that is not one's own",
		.what =
			"A private mapping is pinned for long and for reading before its first "
			"write: the zero page, a file's page, or one that is shared.",
		.why =
			"The write that follows replaces it in the page table; the pin stays on "
			"the old one.",
		.shows = "The pin protects the wrong page.",
		.upstream =
			"Unsharing before the pin: a7f226604170 and 84209e87c696 (v6.2). Dropping "
			"FOLL_WRITE (ee1a586dd1fa) needs it; v6.1 has the one without the other.",
		.see = "H-24",
	},
	{
		.id = "H-13",
		.title = "The child sees what the parent writes (CVE-2020-29374)",
		.what = "After fork() the child holds a reference for reading; the parent writes.",
		.why =
			"Whoever writes first gets the copy, or the page: which of them depended "
			"on counts.",
		.shows = "Data leaks from one process to another.",
		.upstream = "As H-11.",
		.see = "H-10 H-11",
	},
	{
		.id = "H-14",
		.title = "A pinned page in the swap cache",
		.what = "Reclaim meets a page that has a plain reference.",
		.why =
			"It unmaps the page and puts it into the swap cache before it sees that "
			"it cannot have it. The fault that follows may copy it.",
		.shows = "Corruption before PG_anon_exclusive, wasted work after it.",
		.upstream = "A pin is seen twice on the way.",
		.see = "H-11",
	},
	{
		.id = "H-15",
		.title = "KSM, huge pages, compaction, and surplus references",
		.what = "Something that merges, collapses or moves pages meets one that is held.",
		.why = "All of them compare the count with what they expect, pins or not.",
		.shows = "An optimisation that does not happen; the page stays.",
		.upstream = "By design.",
		.see = "H-03",
	},
	{
		.id = "H-16",
		.title = "A storm of notifiers from what cannot succeed",
		.what =
			"NUMA balancing goes over a VM's memory, or migration fails on it again "
			"and again.",
		.why =
			"The range is invalidated before anybody looks at the pages, so KVM zaps "
			"everything; and every notifier of an SEV guest writes back all caches.",
		.shows = "Faults again, writebacks on every processor, soft lockups.",
		.upstream =
			"Which pages NUMA balancing leaves out changed with 80d47f5de5e3 and "
			"later; no notifier knows why it is called.",
		.see = "H-01 H-57",
	},
	{
		.id = "H-17",
		.title = "Fast GUP and a collapse to a huge page",
		.what = "khugepaged frees a page table while fast GUP walks it.",
		.why =
			"Since page tables are freed by RCU no interrupt waits for the walker any "
			"more.",
		.shows = "A pin on a page that was freed.",
		.upstream =
			"70cbc3cc78a9, 2ba99c5e0881: look at the PMD again, send the interrupt.",
		.see = "H-18",
	},
	{
		.id = "H-18",
		.title = "Fast GUP and fork()",
		.what = "A pin is taken without a lock while the process forks.",
		.why = "The fork may have looked at the page before it was pinned.",
		.shows = "The child shares a page that is pinned.",
		.upstream =
			"57efa1fe5957: a sequence count around the copy; a fast pin that saw it "
			"change is given back.",
		.see = "H-10",
	},
	{
		.id = "H-19",
		.title = "A reference on the tail of a folio that is being split",
		.what = "get_page() goes by the page's folio, which changes under it.",
		.why =
			"try_get_folio() looks again after it has the reference; get_page() does "
			"not, and is safe only behind a reference that somebody holds.",
		.shows = "A reference on the wrong folio.",
		.upstream = "No get without one held already.",
		.see = "H-22",
	},
	{
		.id = "H-20",
		.title = "Part of a pinned huge page is unmapped",
		.what = "4 KiB of 2 MiB are pinned, the rest goes.",
		.why = "A folio with a surplus reference cannot be split.",
		.shows = "The whole stays.",
		.upstream = "By design.",
		.see = "H-38",
	},
	{
		.id = "H-21",
		.title = "The count of references wraps (CVE-2019-11487)",
		.what = "Somebody takes references on one folio until there is no number left.",
		.why =
			"get_page() does not look; GUP and try_get_page() refuse close to the "
			"end.",
		.shows = "The page is freed while it is used.",
		.upstream = "8fde12ca79af and its companions.",
		.see = "R-21a",
	},
	{ .id = NULL },
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hazard catalogue: what a pin means, migration, and where memory lies. */
#include "sim/explain/entries.h"

const struct explain_entry explain_hazards_pins[] = {
	{
		.id = "H-01",
		.title = "get_page() taken for a long-term pin",
		.what =
			"A page of the guest is mapped on demand and held by get_page(), for as "
			"long as the guest may use it.",
		.why =
			"One reference more is all that this leaves. Nobody asked where the page "
			"lies, so it may be in the CMA area or in ZONE_MOVABLE; on a small folio "
			"folio_maybe_dma_pinned() stays false, and the mm is not marked as one "
			"that has pins.",
		.shows =
			"The device that owns the CMA area gets no memory, offlining does not "
			"end, fork() shares the page, migration unmaps it again and again to find "
			"that it cannot be moved.",
		.upstream =
			"7e066cb9b71a (2025) made the registered regions long-term pins, three "
			"years after the remark on the list.",
		.see = "H-02 H-07 H-08 H-10 H-16",
	},
	{
		.id = "H-02",
		.title = "FOLL_PIN without FOLL_LONGTERM",
		.what =
			"A region is registered and pinned in place, and stays registered for the "
			"VM's life (v5.8 to v6.14).",
		.why =
			"Only FOLL_LONGTERM looks where a page lies and moves it first. Without "
			"it a pin succeeds on memory that has to stay movable.",
		.shows = "cma_alloc() fails after five tries, offlining goes on for ever.",
		.upstream = "7e066cb9b71a.",
		.see = "H-01 H-07 H-08",
	},
	{
		.id = "R-02b",
		.title = "Pins that are kept, but not for long",
		.what =
			"What RFC v1 pins before there is a vCPU (launch, receive) goes to a list "
			"that lasts as long as the VM.",
		.why =
			"The list was made so that nothing could move before the first access, "
			"but the pins in it lack FOLL_LONGTERM.",
		.shows = "As H-02, for just those pages.",
		.upstream = "Found by reading; RFC v1 was not merged.",
		.see = "H-02 H-61",
	},
	{
		.id = "H-03",
		.title = "A long-term pin after KVM's own reference",
		.what =
			"The page fault finds the page by get_user_pages(); the pin is taken "
			"later in the same fault, with FOLL_LONGTERM, while that reference is "
			"held.",
		.why =
			"A page that may not stay where it is has to be migrated, and migration "
			"accepts one reference beside the mappings: its own. KVM's is one too "
			"many in each of ten passes.",
		.shows =
			"-ENOMEM from pin_user_pages(), hence KVM_PFN_ERR_FAULT and -EFAULT from "
			"KVM_RUN. Each pass has unmapped the page by then, so SPTEs are zapped "
			"and the fault's own snapshot is stale.",
		.upstream =
			"Take the long-term pin first, with no reference before it: the answer "
			"that the thread came to.",
		.see = "H-04 H-36 H-37 K.5 K.9",
	},
	{
		.id = "H-04",
		.title = "Somebody else's short reference",
		.what =
			"Another vCPU's fault, direct I/O, or a second long-term pinner holds the "
			"page while it should be migrated.",
		.why = "As H-03, but by chance: the design has done nothing wrong.",
		.shows = "Now and then -ENOMEM: registering fails, or a VM dies.",
		.upstream = "Callers would have to try again; none in KVM does.",
		.see = "H-03 H-05 K.18",
	},
	{
		.id = "H-05",
		.title = "A reference that only an LRU batch has",
		.what =
			"mlock(MLOCK_ONFAULT), a first touch, then a long-term pin: the folio "
			"waits on a processor's batch, which holds a reference.",
		.why =
			"The old question, whether the folio is off the LRU, is answered wrongly "
			"by a folio on the mlock batch: nobody drains it.",
		.shows = "-ENOMEM, and the guest does not start (pKVM on a phone, 2025).",
		.upstream =
			"98c6d259319e compares the count with what is expected and drains if it "
			"differs; before it 2fbb0c10d1e8 and 33dfe9204f29.",
		.see = "H-04 E.17",
	},
	{
		.id = "H-06",
		.title = "The long-term loop that does not end",
		.what =
			"GUP pins a page that may not stay, cannot isolate it, gives the pin back "
			"and begins again.",
		.why =
			"Somebody else has it isolated, or it never was on the LRU: there is "
			"nothing to wait for and no bound.",
		.shows = "A thread spins until it is killed.",
		.upstream =
			"1aaf8c122918 returned success when nothing was left to migrate, which "
			"pinned CMA pages; 517f496e1e61 took that back. Open.",
		.see = "H-08 K.17 K.31",
	},
	{
		.id = "R-06b",
		.title = "What could be pinned once cannot be pinned twice",
		.what =
			"Between two long-term pins of one page by one task its block is "
			"isolated.",
		.why =
			"An isolated block counts as unpinnable under CONFIG_CMA; the second pin "
			"then wants to migrate what the first one holds.",
		.shows = "-ENOMEM; RFC v1 takes that for a bug and kills the VM.",
		.upstream = "One pin, handed on. RFC v1 was not merged.",
		.see = "H-03 H-54",
	},
	{
		.id = "H-07",
		.title = "CMA allocation fails",
		.what =
			"A driver asks for contiguous memory whose pages are lent to a guest and "
			"held there.",
		.why =
			"alloc_contig_range() tries five times to migrate what is in the way and "
			"gives up.",
		.shows = "-EBUSY, and -ENOMEM for the driver.",
		.upstream = "What H-01 and H-02 say.",
		.see = "H-01 H-02",
	},
	{
		.id = "H-08",
		.title = "Offlining does not end",
		.what =
			"A memory block of ZONE_MOVABLE is taken offline while somebody holds one "
			"of its pages.",
		.why = "offline_pages() has no bound on its tries: it unmaps, fails, maps again.",
		.shows =
			"It hangs until a signal comes (-EINTR), the log fills, the guest's SPTEs "
			"are zapped in every round.",
		.upstream = "Long-term pins, which are never there.",
		.see = "H-02 H-06 J.5",
	},
	{
		.id = "H-09",
		.title = "Less and less memory that can be pinned",
		.what = "Long-term pins move guest memory out of ZONE_MOVABLE and CMA.",
		.why =
			"The copies come from the other zones only, which may be full while "
			"memory is free.",
		.shows = "The OOM killer, often at the VMM; or -ENOMEM where it does not apply.",
		.upstream =
			"A matter of policy. What must hold is that a failed pin leaves no trace.",
		.see = "H-33",
	},
	{ .id = NULL },
};

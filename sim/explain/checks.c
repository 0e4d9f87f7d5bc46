/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each check of sim/check is for. */
#include "sim/explain/entries.h"

const struct explain_entry explain_checks[] = {
	{
		.id = "ref-leak",
		.title = "A reference is never returned",
		.what =
			"All VMs and processes are gone, batches are drained, and the ledger "
			"still has an owner for a reference, or a page is still allocated.",
		.why =
			"What is never returned can never move, be freed or go offline: for the "
			"life of the host.",
		.shows =
			"Judged once an execution has been torn down. Each reference has an owner "
			"and the step that took it, so the report names both.",
		.see = "H-23 H-33 R-31 R-55",
	},
	{
		.id = "ref-underflow",
		.title = "A reference is dropped that nobody holds",
		.what = "A plain put on a page for which the ledger has no plain reference left.",
		.why =
			"The count was somebody else's: from here on the page may be freed while "
			"it is in use.",
		.shows = "At the step itself, not when the page goes wrong later.",
		.see = "H-22 H-23",
	},
	{
		.id = "double-unpin",
		.title = "A FOLL_PIN is dropped that nobody holds",
		.what = "unpin_user_page() on a page without a pin of that owner.",
		.why = "A small folio loses 1024 references for it, all of them somebody else's.",
		.shows = "At the step itself.",
		.see = "H-23",
	},
	{
		.id = "owner-mismatch",
		.title = "Dropped for another owner, or as another kind, than it was taken",
		.what =
			"A put meets a reference that another owner, or get_page() in the place "
			"of a pin, has taken.",
		.why =
			"Counts agree in the end, so nothing else can tell; but for a while each "
			"owner's pages are held by a stranger.",
		.shows = "Only where the match is not ambiguous.",
		.see = "H-22",
	},
	{
		.id = "refcount-overflow",
		.title = "A count wraps",
		.what = "A page's count reaches what the kernel's own guard would refuse.",
		.why = "Beyond it the page is freed under its users.",
		.shows = "At the step itself. A small ceiling stands in for 2^31.",
		.see = "H-21 R-21a",
	},
	{
		.id = "use-after-free",
		.title = "Memory or a page is used after it was freed",
		.what =
			"An access to memory that was given back, or a page that is freed and "
			"read, written or mapped.",
		.why = "What stands there belongs to somebody else.",
		.shows = "At the access, by the compiler's own hooks; no shadow memory, no luck.",
		.see = "H-58 R-47",
	},
	{
		.id = "metadata-bounds",
		.title = "An access beyond an allocation",
		.what = "A load or store outside the block of kmalloc() that it belongs to.",
		.why =
			"The arrays that pins hang on are as long as a slot, and levels are "
			"longer than pages.",
		.shows = "At the access.",
		.see = "H-51 H-53",
	},
	{
		.id = "memory-leak",
		.title = "Memory is never freed",
		.what = "After the teardown a block from kmalloc() or one of its like is left.",
		.why = "Error paths are where this happens; --fail brings them about.",
		.shows =
			"Exact, and stricter than kmemleak: a block that is still pointed to "
			"counts too.",
		.see = "H-33",
	},
	{
		.id = "longterm-placement",
		.title = "A long-lived reference where memory has to stay movable",
		.what =
			"A hook is left with a reference on a page in the CMA area or in "
			"ZONE_MOVABLE, or one that it took while the page's block was isolated.",
		.why =
			"These places exist so that everything in them can be moved. Plain "
			"references count as pins do: to migration they are alike.",
		.shows =
			"At the end of the hook. A block that is isolated later is nobody's "
			"fault.",
		.see = "H-01 H-02 H-07 H-08",
	},
	{
		.id = "guest-corruption",
		.title = "The guest cannot read back what it wrote",
		.what =
			"An encrypted page is read at another physical address than it was "
			"written at, or it is gone while the guest can reach its address: not "
			"after munmap(), but after MADV_DONTNEED, which is the VMM's doing.",
		.why = "Ciphertext depends on the physical address.",
		.shows =
			"At each access of a guest, and once more at the end for all that was "
			"ever written.",
		.see = "H-10 H-11 H-38 R-49",
	},
	{
		.id = "mapped-unpinned",
		.title = "A present leaf SPTE without a pin",
		.what =
			"mmu_lock is released, and an SPTE that was written under it maps a page "
			"that no hook of the VM holds.",
		.why = "The host may move that page at any time.",
		.shows =
			"When mmu_lock is released; in between a design may be halfway. The zero "
			"page does not count.",
		.see = "R-41 R-50",
	},
	{
		.id = "record-mismatch",
		.title = "A record without its reference",
		.what =
			"A design has noted that it holds a page, and the ledger knows none, or "
			"more than one.",
		.why =
			"Whoever goes by the record later puts what is not its own, or leaves "
			"what is.",
		.shows = "When the last open hook is left or mmu_lock is released.",
		.see = "H-54 K.15",
	},
	{
		.id = "memlock-exceeded",
		.title = "More is pinned than may be locked",
		.what =
			"The long-lived references of all VMs of a process without CAP_IPC_LOCK "
			"are more than its RLIMIT_MEMLOCK.",
		.why = "Pinned memory is taken from everybody.",
		.shows = "Two pins of one page count twice, as in the kernel.",
		.see = "H-27 H-28",
	},
	{
		.id = "memlock-drift",
		.title = "A counter that is not the sum of its records",
		.what =
			"No hook is open, and a design's counter of locked pages differs from "
			"what its records add up to.",
		.why = "A counter that lost an update is wrong for good.",
		.shows = "When the last open hook is left.",
		.see = "H-29 R-30 R-31",
	},
	{
		.id = "stale-spte",
		.title = "An SPTE survives its invalidation",
		.what =
			"An invalidation ends, and an SPTE still maps a page that the process "
			"does not map there any more.",
		.why = "The guest writes into a page that is somebody else's.",
		.shows = "When the invalidation ends.",
		.see = "H-35",
	},
	{
		.id = "cache-stale",
		.title = "Dirty lines of the other key",
		.what =
			"A page is freed while the guest's lines on it are dirty, or encrypted "
			"while the host's are.",
		.why = "They are written back over what stands there by then.",
		.shows = "When the page is freed or encrypted.",
		.see = "H-56 H-57",
	},
	{
		.id = "sleep-in-atomic",
		.title = "Sleeping where one may not",
		.what =
			"Something that may sleep is called with a spinning lock held or "
			"preemption off.",
		.why = "The kernel would print a splat, or stop.",
		.shows = "At the call, whether or not it would have slept this time.",
		.see = "H-37",
	},
	{
		.id = "lock-order",
		.title = "Locks in both orders",
		.what =
			"A lock is taken inside another against the kernel's order, or against "
			"one that was seen.",
		.why = "Two tasks that do so at the same time wait for each other.",
		.shows = "At the second lock; no deadlock need follow.",
		.see = "H-37",
	},
	{
		.id = "deadlock",
		.title = "Nobody can run",
		.what = "Tasks are left, and each waits.",
		.why = "That is the end of it.",
		.shows = "When nobody can run; the table says who waits for what.",
		.see = "H-37",
	},
	{
		.id = "livelock",
		.title = "Running for ever, getting nowhere",
		.what =
			"The world is in a state in which it was before, and everybody who could "
			"run has run in between.",
		.why =
			"Loops without a bound, of GUP and of offlining, may keep one another "
			"going.",
		.shows = "The state comes back exactly, so this is a proof and not a timeout.",
		.see = "H-06 H-08 H-36",
	},
	{
		.id = "no-progress",
		.title = "A fault that starts over for good",
		.what =
			"A guest's access faults again and again, and nobody else is left who "
			"could change that.",
		.why =
			"Not the same state, as each time something is counted or put; and still "
			"without an end.",
		.shows = "By counting. A search that leaves out equivalent orders may miss it.",
		.see = "H-36",
	},
	{
		.id = "cma-blocked",
		.title = "A CMA allocation that can never succeed",
		.what =
			"cma_alloc() fails, and no run of pages is left without a long-lived "
			"reference.",
		.why = "The area was set aside for somebody, who does not get it.",
		.shows = "When cma_alloc() gives up.",
		.see = "H-07",
	},
	{
		.id = "offline-blocked",
		.title = "Memory that can never go offline",
		.what =
			"A round of offlining ZONE_MOVABLE moves nothing, because of a long-lived "
			"reference.",
		.why = "ZONE_MOVABLE is there so that memory can go offline.",
		.shows = "At the end of a round.",
		.see = "H-08",
	},
	{
		.id = "data-race",
		.title = "Two accesses that nothing orders",
		.what =
			"Two accesses to one place, one of them a write and one of them plain, "
			"with no lock, barrier or atomic between them.",
		.why = "The compiler may tear or repeat a plain access.",
		.shows =
			"Under --grain access only, by vector clocks; any marked access counts as "
			"acquire and release.",
		.see = "H-29 K.15",
	},
	{
		.id = "kernel-warn",
		.title = "A WARN_ON() is reached",
		.what =
			"The code under test, or the modelled kernel, finds what it holds for "
			"impossible.",
		.why = "On many hosts that is a panic.",
		.shows = "At the statement.",
		.see = "H-24",
	},
	{
		.id = "kernel-bug",
		.title = "A BUG_ON() is reached",
		.what = "A BUG_ON(), a wild access, or a lock released by a stranger.",
		.why = "The machine stops.",
		.shows = "At the statement.",
		.see = "R-39",
	},
	{ .id = NULL },
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents of the machine's pages: a tag of 64 bits instead of 4 KiB. 0 is a
 * page of zeroes. What else a tag means is fakes/sev's business; the mm only
 * copies tags (migration, COW) and clears them (allocation).
 */
#ifndef FAKES_MM_CONTENTS_H
#define FAKES_MM_CONTENTS_H

#include <linux/types.h>

/**
 * page_contents() - where the tag of a page is kept.
 * @pfn: frame that was allocated at least once
 *
 * Context: any; no step. The pointer stays valid.
 */
u64 *page_contents(unsigned long pfn);

/**
 * swap_contents() - what a page that is swapped out will hold when it is back.
 * @nr: its slot
 * @ret_tag: its tag
 * @ret_pfn: where it is still kept, or U64_MAX: it may come back anywhere
 *
 * Context: any; no step. Return: false if the slot is nobody's.
 */
bool swap_contents(u64 nr, u64 *ret_tag, u64 *ret_pfn);

/**
 * file_backing() - the frame of a page that is in its file's cache, not in a PTE.
 * @process: whose address
 * @addr: it
 * @ret_pfn: the frame
 *
 * Context: any; no step. Return: false if it is of no file, or not there.
 */
bool file_backing(unsigned int process, u64 addr, u64 *ret_pfn);

#endif

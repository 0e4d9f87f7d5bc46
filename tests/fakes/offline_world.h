/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of memory offline ask for beside gup_world.h. */
#ifndef TESTS_FAKES_OFFLINE_WORLD_H
#define TESTS_FAKES_OFFLINE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#define OW_BLOCK_PAGES	1024

/* The memory block that a frame lies in; or that a page is mapped from. */
int ow_offline(uint64_t pfn);
int ow_offline_at(uint64_t addr);
/* A range that is not such a block. */
int ow_offline_range(uint64_t pfn, uint64_t nr_pages);
/* So many questions for a signal find none, the next one does. */
void ow_signal_after(unsigned int questions);
/* A signal for the thread that calls; SIGKILL or another. */
void ow_signal(bool kill);
bool ow_isolate(uint64_t pfn);
void ow_undo_isolate(uint64_t pfn);
bool ow_batches_off(void);
/* Everything that ZONE_MOVABLE and ZONE_NORMAL have. Return: was @pfn's block hit? */
bool ow_allocate_all(uint64_t pfn);

#endif

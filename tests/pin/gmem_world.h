/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of "gmem" do to a page by its frame, as nobody has it mapped. */
#ifndef TESTS_PIN_GMEM_WORLD_H
#define TESTS_PIN_GMEM_WORLD_H

#include <stdint.h>

/* Isolate it and migrate_pages(SYNC). Return: how many did not move; -EBUSY. */
long gw_migrate(uint64_t pfn);

/* Take unmovable memory until there is none left below @pfn. */
void gw_use_up_below(uint64_t pfn);

/* Offline its memory block; a signal comes when that was asked for @questions times. */
int gw_offline(uint64_t pfn, unsigned int questions);

#endif

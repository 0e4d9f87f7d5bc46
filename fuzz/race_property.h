/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be true of the .race parser whatever it is fed.
 */
#ifndef FUZZ_RACE_PROPERTY_H
#define FUZZ_RACE_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>

bool race_property(const char *text, size_t len, bool *ret_accepted,
		   char *why, size_t size);

#endif

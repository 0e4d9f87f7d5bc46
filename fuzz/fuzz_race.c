/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: the .race parser and printer on any bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/race_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[1200];
	bool accepted;

	if (!race_property((const char *)data, size, &accepted, why,
			   sizeof(why))) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: the slicer on any bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/slicer_property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[1200];

	if (!slicer_property((const char *)data, size, why, sizeof(why))) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	return 0;
}

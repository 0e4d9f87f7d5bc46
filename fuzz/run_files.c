/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A main() for a fuzz target where there is no libFuzzer: runs it once on each
 * file named on the command line, so that every corpus file is a regression
 * test under any compiler.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_INPUT	(2U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	uint8_t *data = malloc(MAX_INPUT);
	FILE *file;
	size_t len;
	int i;

	for (i = 1; i < argc && data; i++) {
		file = fopen(argv[i], "rb");
		if (!file) {
			perror(argv[i]);
			return 1;
		}
		len = fread(data, 1, MAX_INPUT, file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, len);
	}
	free(data);
	printf("%d files\n", argc - 1);
	return argc < 2;
}

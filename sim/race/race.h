/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The .race language: text to model, model to text, and the model's hash.
 */
#ifndef SIM_RACE_RACE_H
#define SIM_RACE_RACE_H

#include <stdio.h>

#include "sim/race/model.h"

/**
 * struct race_error - why a race was refused
 * @text: one line without its newline: "file:line:column: what, and what was
 *	expected instead"; a file that cannot be read has no line and column
 * @loc: the same place; line 0 if there is none
 */
struct race_error {
	char text[1024];
	struct race_loc loc;
};

struct race *race_parse_file(const char *path, struct race_error *err);
struct race *race_parse_text(const char *label, const char *text, size_t len,
			     struct race_error *err);
void race_free(struct race *race);

void race_print(const struct race *race, FILE *out);
void race_print_world(const struct race *race, FILE *out);
void race_print_cond(const struct race *race, const struct race_cond *cond,
		     FILE *out);
void race_print_stmt(const struct race *race, const struct race_stmt *stmt,
		     FILE *out);
bool race_is_family(const struct race *race, uint32_t process, uint32_t of);
int race_hash(const struct race *race, uint64_t *ret_hash);
int race_inject(struct race *race, const char *spec, char *ret_error,
		size_t size);
bool race_cond_reads_history(const struct race_cond *cond);

#endif

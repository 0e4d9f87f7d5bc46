/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the .race language, each in one table: keywords, errnos,
 * kernels, checks, designs, counters. The lexer, the printer, the messages and
 * the test of the manual all read these tables.
 */
#ifndef SIM_RACE_WORDS_H
#define SIM_RACE_WORDS_H

#include "sim/race/model.h"

/**
 * enum race_word_kind - how a keyword may be used
 * @RACE_WORD_HARD: reserved
 * @RACE_WORD_STMT: reserved; starts a statement
 * @RACE_WORD_SOFT: has a meaning inside conditions, and is a name elsewhere
 */
enum race_word_kind {
	RACE_WORD_HARD,
	RACE_WORD_STMT,
	RACE_WORD_SOFT,
};

/**
 * struct race_word - a keyword
 * @text: its spelling
 * @token: the parser's number for it
 * @kind: see above
 */
struct race_word {
	const char *text;
	int token;
	enum race_word_kind kind;
};

const struct race_word *race_word_find(const char *text, size_t len);
const struct race_word *race_word_at(size_t index);

int race_errno_value(const char *text, size_t len);
const char *race_errno_name(int value);
const char *race_errno_at(size_t index);

uint32_t race_kernel_bit(const char *text);
const char *race_kernel_name(uint32_t bit);

bool race_check_known(const char *id);
const char *race_check_at(size_t index);

bool race_design_known(const char *name);
bool race_design_option_known(const char *name, const char *option);
const char *race_design_at(size_t index);

enum race_op race_op_find(const char *text);
const char *race_op_name(enum race_op op);
bool race_errno_is_kernels(enum race_op op, int64_t value);
int race_fault_find(const char *name);
const char *race_fault_name(uint32_t fault);
const char *race_zone_name(enum race_zone zone);
const char *race_guest_name(enum race_guest guest);
const char *race_cmp_name(enum race_cmp cmp);
const char *race_counter_name(enum race_counter counter);
int race_counter_find(const char *name);

#endif

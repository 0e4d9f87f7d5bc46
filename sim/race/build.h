/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the lexer, the grammar's actions and the validation share while one
 * file is being read. Not for users of the model.
 */
#ifndef SIM_RACE_BUILD_H
#define SIM_RACE_BUILD_H

#include <stdarg.h>

#include "sim/race/race.h"

/* Nesting of parentheses, brackets and '!' that the lexer lets through. */
#define RACE_MAX_NESTING	80

/**
 * struct race_build - one parse
 * @race: the model so far; freed as a whole when the parse fails
 * @err: where the first error goes
 * @label: the file's name for messages
 * @failed: @err is filled in
 * @loc: where the lexer's next token starts
 * @nesting: open parentheses, braces and consecutive '!' seen by the lexer
 * @bangs: how many of these are '!'
 * @token: text of the last token, for messages
 * @token_len: its bytes
 * @token_loc: where it starts
 * @task: the task whose statements are being read
 * @expect: the expectation being read
 * @names: scratch list: check ids, hazards
 * @nr_names: its length
 * @results: scratch list: values after an arrow
 * @nr_results: its length
 */
struct race_build {
	struct race *race;
	struct race_error *err;
	const char *label;
	bool failed;
	struct race_loc loc;
	uint32_t nesting;
	uint32_t bangs;
	const char *token;
	size_t token_len;
	struct race_loc token_loc;
	struct race_task *task;
	struct race_expect *expect;
	struct race_name *names;
	uint32_t nr_names;
	struct race_result *results;
	uint32_t nr_results;
};

bool race_fail(struct race_build *b, struct race_loc loc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool race_no_memory(struct race_build *b);
size_t race_quote(char *buf, size_t size, const char *text, size_t len);

void *race_alloc(struct race_build *b, size_t size);
char *race_strdup(struct race_build *b, const char *text, size_t len);
void *race_grow(struct race_build *b, void *array, uint32_t nr, size_t size);

/**
 * race_push - append a zeroed element to an array of the model
 * @b: the parse
 * @array: an lvalue, pointer to the first element
 * @nr: an lvalue, number of elements
 *
 * Return: the new element, or NULL when memory is short (and the parse has
 * failed). Earlier elements may have moved.
 */
#define race_push(b, array, nr)						\
	((array) = race_grow((b), (array), (nr), sizeof(*(array))),	\
	 (array) ? &(array)[(nr)++] : NULL)

bool race_once(struct race_build *b, struct race_loc loc, bool seen,
	       const char *what);
bool race_set_once(struct race_build *b, struct race_loc loc,
		   struct race_num *num, struct race_num value, const char *what);
bool race_push_name(struct race_build *b, struct race_name name);
void race_take_names(struct race_build *b, struct race_name **ret_names,
		     uint32_t *ret_nr);
bool race_push_result(struct race_build *b, struct race_num v);
bool race_add_kernel(struct race_build *b, struct race_name name,
		     uint32_t *set);
bool race_process_new(struct race_build *b, struct race_name name);
struct race_process *race_process_last(struct race_build *b);
bool race_vm_new(struct race_build *b, struct race_name name, bool sev,
		 struct race_name owner);
bool race_task_new(struct race_build *b, struct race_name name,
		   struct race_num cpu, struct race_name of);
bool race_expect_new(struct race_build *b, struct race_name design);
struct race_term race_term_new(enum race_term_kind kind, struct race_loc loc);
struct race_term race_term_page(enum race_term_kind kind, struct race_loc loc,
				const struct race_range *page);
struct race_cond *race_cond_new(struct race_build *b, enum race_cond_kind kind,
				struct race_loc loc, struct race_cond *left,
				struct race_cond *right);
struct race_cond *race_cond_cmp(struct race_build *b,
				const struct race_term *term,
				enum race_cmp cmp, int64_t value);
struct race_stmt *race_stmt_new(struct race_build *b, enum race_op op,
				struct race_loc loc);
bool race_stmts_repeat(struct race_build *b, struct race_num times,
		       uint32_t from);
struct race_region *race_region_new(struct race_build *b,
				    struct race_name name,
				    struct race_num bytes, bool shmem);

bool race_stmt_gfn(struct race_build *b, enum race_op op, struct race_loc loc,
		   struct race_num gfn, bool write);
bool race_stmt_name(struct race_build *b, enum race_op op, struct race_loc loc,
		    struct race_name name);
struct race_stmt *race_stmt_slot(struct race_build *b, struct race_loc loc,
				 enum race_slot_change change,
				 struct race_num slot);
struct race_stmt *race_stmt_last(struct race_build *b);
bool race_stmt_range(struct race_build *b, enum race_op op,
		     struct race_loc loc, const struct race_range *range);
bool race_failure_new(struct race_build *b, struct race_loc loc,
		      struct race_name point, const struct race_num *nth,
		      struct race_num times);
bool race_take_results(struct race_build *b);
bool race_set_memlock(struct race_build *b, struct race_loc loc,
		      struct race_num limit);
bool race_set_cap(struct race_build *b, struct race_loc loc);
bool race_slot_new(struct race_build *b, struct race_num id,
		   struct race_num gfn, const struct race_range *range,
		   uint32_t flags);
bool race_set_sev(struct race_build *b, struct race_loc loc);
bool race_set_no_vcpus(struct race_build *b, struct race_loc loc);
bool race_set_mirror(struct race_build *b, struct race_loc loc, struct race_name of);
bool race_registered_new(struct race_build *b, const struct race_range *range);

uint32_t race_valid_kernel(struct race_build *b, struct race_name name);
bool race_valid_names(struct race_build *b);
bool race_valid_machine(struct race_build *b);
bool race_valid_processes(struct race_build *b);
bool race_valid_vms(struct race_build *b);
bool race_valid_tasks(struct race_build *b);
bool race_valid_expects(struct race_build *b);
bool race_valid_range(struct race_build *b, struct race_range *range);
bool race_find_process(const struct race *race, const char *name,
		       uint32_t *ret_index);
bool race_find_vm(const struct race *race, const char *name,
		  uint32_t *ret_index);

#endif

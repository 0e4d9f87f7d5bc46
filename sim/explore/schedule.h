/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A schedule: the list of choices that makes an execution, and nothing else.
 *
 * Kept as its departures from the default schedule: choice number @at (counted
 * from 0 over all choices that had more than one possibility, the scheduler's
 * and the others alike) was @take instead of 0.
 */
#ifndef SIM_EXPLORE_SCHEDULE_H
#define SIM_EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule_choice {
	uint32_t at;
	uint32_t take;
};

struct schedule {
	struct schedule_choice *choice;
	size_t nr;
};

/* From a full list of choices. Return: 0 or -ENOMEM. */
int schedule_from(struct schedule *ret, const uint32_t *choices, size_t n);
int schedule_copy(struct schedule *ret, const struct schedule *from);
void schedule_free(struct schedule *s);
uint32_t schedule_at(const struct schedule *s, uint32_t at, size_t *cursor);

/*
 * Text: "12:1,40x3:2" is choice 12 takes 1, choices 40, 41 and 42 take 2; ""
 * is the default schedule, written "-".
 */
int schedule_print(const struct schedule *s, char *buf, size_t size);
/* Return: 0, or -EINVAL with what is wrong and where (byte) in @ret_error. */
int schedule_parse(struct schedule *ret, const char *text, char *ret_error, size_t size);

#endif

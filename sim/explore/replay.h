/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The replay line: one word, to be pasted into a mail, that names an execution
 * completely.
 *
 *   p1/s6/late-longterm-pin/89abcdef01234567/demand-late/6.12/op/u8/all/-/0123456789abcdef
 *   |  |  race              its hash         design      |    |  |  |   | checksum of the steps
 *   |  step model                                  profile grain unroll checks schedule
 *   format
 *
 * If calls were made to fail that the race itself lets pass, what race_inject() was
 * told stands between the checks and the schedule: "fail=vcpu0:slab:2".
 */
#ifndef SIM_EXPLORE_REPLAY_H
#define SIM_EXPLORE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/explore/search.h"

#define REPLAY_FORMAT		1
#define REPLAY_MAX_FIELD	256
#define REPLAY_MAX_TEXT		(1u << 20)

/**
 * struct replay - a parsed replay line
 * @race: name of the race; its file is looked for by it
 * @hash: of the race, machine to tasks
 * @design: with its options
 * @kernel: profile
 * @build: at access grain the code whose accesses are counted: its hash; 0 at op grain
 * @unroll: re-entries of one fault
 * @checks: "all", or what is left out: "-sleep-in-atomic,-deadlock"
 * @fail: failures that were injected, for race_inject(); "" if none
 * @cycle: it ends where it is where it was before, a fair cycle: '~' behind the choices
 * @schedule: the choices
 * @checksum: of the sequence of steps that they make
 */
struct replay {
	char race[REPLAY_MAX_FIELD];
	uint64_t hash;
	char design[REPLAY_MAX_FIELD];
	char kernel[REPLAY_MAX_FIELD];
	uint64_t build;
	uint32_t unroll;
	char checks[REPLAY_MAX_FIELD];
	char fail[REPLAY_MAX_FIELD];
	bool cycle;
	struct schedule schedule;
	uint64_t checksum;
};

/*
 * The code under test as it is in this program: a schedule at access grain
 * counts the accesses that a compiler made of it. Never 0.
 */
uint64_t replay_build(void);

/* Return: the line, to be freed; NULL if there is no memory. */
char *replay_print(const struct replay *r);

/**
 * replay_line() - the line that runs an execution again.
 * @config: of its search
 * @left_out: the checks, as struct replay has them
 * @schedule: its choices
 * @checksum: of its steps
 *
 * Return: the line, to be freed; NULL if there is no memory.
 */
char *replay_line(const struct search_config *config, const char *left_out,
		  const struct schedule *schedule, uint64_t checksum);

/* Return: 0, or -EINVAL with one line in @ret_error. */
int replay_parse(struct replay *ret, const char *text, char *ret_error, size_t size);
void replay_free(struct replay *r);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a struct pinsim: shared by the library's own files. */
#ifndef SIM_LIB_PINSIM_PRIVATE_H
#define SIM_LIB_PINSIM_PRIVATE_H

#include "sim/explore/expect.h"
#include "sim/explore/search.h"
#include "sim/include/pinsim/pinsim.h"
#include "sim/race/race.h"

#define WATCH_MAX	64

/**
 * struct pinsim_options - as pinsim_set() has them
 * @check: list for check_set_parse(), or NULL
 * @kernel: profile, or NULL
 * @fail: failures for race_inject(), or NULL
 * @accesses: grain is access
 * @executions: bound, 0 none
 * @max_steps: of one execution
 * @preemptions: bound, or UINT64_MAX
 * @unroll: re-entries of a fault
 * @seconds: bound, 0 none
 */
struct pinsim_options {
	char *check, *kernel, *fail;
	bool accesses;
	uint64_t executions, max_steps, preemptions, unroll;
	double seconds;
};

/**
 * struct pinsim - a race, a design, options and what the last run came to
 * @error: of the last call that failed
 * @race: the race, or NULL
 * @path: the file it is from, or NULL
 * @text: or the text
 * @design: name of the design, "" none
 * @design_kernel: that it was compiled for, "" any
 * @options: of pinsim_set()
 * @watch: races of one condition each, over @race's world
 * @nr_watch: how many
 * @ran: there are results
 * @failing: @race with failures injected, or NULL
 * @joined: that which was run, with the watched conditions; its expectations are
 *	joined_expects
 * @c: what was run, as a case
 * @config: and as a search
 * @result: what it came to
 * @verdict: in words
 * @at: the execution to look at, or NULL
 * @at_cycle: it ends where a cycle of states does
 * @line: the line that replays it, or NULL: not made yet
 */
struct pinsim {
	char error[2048];
	struct race *race;
	char *path, *text;
	char design[128], design_kernel[16];
	struct pinsim_options options;
	struct race *watch[WATCH_MAX];
	unsigned int nr_watch;

	bool ran;
	struct race *failing;
	struct race joined;
	struct race_expect *joined_expects;
	struct expect_case c;
	struct search_config config;
	struct search_result result;
	char verdict[1024];
	const struct schedule *at;
	bool at_cycle;
	char *line;
};

/* Remember one line. Return: @err. */
int lib_fail(struct pinsim *sim, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The race again, from where it is from: one that may be changed. NULL: see @err. */
struct race *lib_parse(const struct pinsim *sim, struct race_error *err);

/* Results are of something else from now on. */
void lib_drop_results(struct pinsim *sim);

/**
 * lib_condition() - a condition of the race's world.
 * @sim: with a race
 * @text: in the race's language
 * @rest: what follows it to make it one, or ""
 * @ret: a race with nothing but it, as its exists; to be freed
 *
 * Return: 0; -ENOMEM; -EINVAL.
 */
int lib_condition(struct pinsim *sim, const char *text, const char *rest, struct race **ret);

/*
 * Around all that may build, change or look at the world: the arena is mapped,
 * signals are handled. What stood in the world is forgotten, unless @keep.
 * Return: 0, -EPERM, or -errno of mapping.
 */
int lib_enter(struct pinsim *sim, bool keep);
void lib_leave(void);

/* Whose execution the world stands at the end of. Return: is it this one's? */
bool lib_stands(const struct pinsim *sim);
void lib_set_standing(const struct pinsim *sim);

#endif

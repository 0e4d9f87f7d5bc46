/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * DOC: libpinsim
 *
 * Runs races of KVM's guest-memory pinning, with the caller's own code in the
 * place of a built-in design, from a test of the caller's own. Under the
 * functions here is all of the pinsim program but its command line; pinsim(1)
 * has the meaning of options, checks and verdicts, pinsim-race(5) the language
 * of races and conditions, pinsim-subject(1) what code can be taken.
 *
 * A struct pinsim is a race, a design and options; running it replaces what the
 * last run left. There may be any number of them, but there is one simulated
 * world in a process, at one fixed address: it is the one of whichever ran last,
 * and all calls have to come from the same thread. Tests that run one after the
 * other in one program, as CMocka's do, need not mind.
 *
 * While a function here runs it handles SIGSEGV, SIGBUS, SIGFPE, SIGILL and
 * SIGTRAP, as code under test may follow wild pointers; on return they are as
 * they were. Should the simulator find a fault in itself, or memory run out
 * while the caller's code is prepared, it says so on standard error and the
 * process exits with status 3.
 *
 * Functions that can fail return a negative errno, and pinsim_error() then has
 * one line in words.
 */
#ifndef PINSIM_PINSIM_H
#define PINSIM_PINSIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct pinsim;

/**
 * pinsim_version() - the release of the library.
 *
 * Return: such as "0.1.0"; constant.
 */
const char *pinsim_version(void);

/**
 * pinsim_new() - a simulator without a race.
 *
 * Return: it, to be given to pinsim_free(); NULL if there is no memory.
 */
struct pinsim *pinsim_new(void);

/**
 * pinsim_free() - give everything back.
 * @sim: from pinsim_new(), or NULL
 *
 * Strings that functions here returned for it are gone with it. The addresses
 * of the world stay reserved, and loaded code stays loaded, until the process ends.
 */
void pinsim_free(struct pinsim *sim);

/**
 * pinsim_error() - what was wrong.
 * @sim: the simulator
 *
 * Return: one line about the last call for @sim that returned a negative errno,
 * "" if none did; valid until the next call that does.
 */
const char *pinsim_error(const struct pinsim *sim);

/**
 * pinsim_race_file() - take the race of a file.
 * @sim: the simulator; results, watched conditions and an earlier race are dropped
 * @path: a .race file
 *
 * Return: 0; -EINVAL with the place in the file in pinsim_error().
 */
int pinsim_race_file(struct pinsim *sim, const char *path);

/**
 * pinsim_race_text() - take the race of a string.
 * @sim: as of pinsim_race_file()
 * @text: what would be in the file
 *
 * Return: as of pinsim_race_file().
 */
int pinsim_race_text(struct pinsim *sim, const char *text);

/**
 * pinsim_design() - choose the pinning code.
 * @sim: the simulator; results are dropped
 * @design: a built-in design, as "demand-late:in-map"; or a file, with a '/' in
 *	its name, .c or .so behind it: C code, which is compiled, or what
 *	"pinsim subject --output" wrote
 *
 * A compiler is run for C code that was not compiled before; it is $CC, gcc or
 * clang. Code is loaded once: the same twice is the same design.
 * Return: 0; -EINVAL for what is wrong with the name or the code.
 */
int pinsim_design(struct pinsim *sim, const char *design);

/**
 * struct pinsim_subject - which code of the caller's to run
 * @file: a C file
 * @tree: or a kernel tree: a folder, or a linux-source package's tarball
 * @mail: or a mail with a patch in it
 * @patches: patches to be applied to copies of the tree's files first
 * @functions: functions to take with all that they need of their file; in a
 *	tree these have to be named
 * @stop: functions not to take although they are needed
 * @hooks: functions for hooks where their names do not say it, as
 *	"pin_spte=my_pin,unpin_spte=my_unpin"
 * @kernel: "6.12" or "6.1"; NULL: the tree's, or 6.12
 * @compiler: NULL: $CC, gcc or clang
 *
 * Just one of @file, @tree and @mail. @patches, @functions, @stop and @hooks are
 * lists with commas between their words, or NULL. They mean what the options of
 * pinsim-subject(1) mean. Hooks are found among the functions that are taken, not
 * in headers that those include. Members that later releases add mean nothing when
 * they are zero; a program that was compiled before is not asked for them.
 */
struct pinsim_subject {
	const char *file, *tree, *mail;
	const char *patches, *functions, *stop, *hooks;
	const char *kernel, *compiler;
};

/**
 * pinsim_subject() - run the caller's own code, or parts of a kernel tree.
 * @sim: the simulator; results are dropped
 * @subject: what to take
 *
 * Return: 0; -EINVAL for what is the caller's to mend, as code that needs what is
 * not modelled: pinsim_error() names it with its line; or another negative errno.
 */
int pinsim_subject(struct pinsim *sim, const struct pinsim_subject *subject);

/**
 * pinsim_set() - set an option.
 * @sim: the simulator; results are dropped
 * @option: its name, see below
 * @value: as on pinsim's command line; NULL: the default
 *
 * ============  =============================================================
 * check         checks that are on: "all", "id,id" or "all,-id" (the race's)
 * executions    pinsim_explore(): at most so many; "0": no bound (100000)
 * fail          calls that fail, as "vcpu0:slab:2" or "any:may" (none)
 * grain         what is a step: "op", or "access": each load and store (op)
 * kernel        profile: "6.12" or "6.1" (the code's; 6.12 if the race has it)
 * max-steps     steps of one execution before it is cut (1000000)
 * preemptions   pinsim_explore(): only schedules with up to so many (no bound)
 * time          pinsim_explore(): at most so many seconds; "0": no bound (0)
 * unroll        re-entries of one fault before an execution is cut (3)
 * ============  =============================================================
 *
 * Return: 0; -ENOENT if no option is called so; -EINVAL for a value out of place.
 */
int pinsim_set(struct pinsim *sim, const char *option, const char *value);

/**
 * pinsim_watch() - count a condition over the executions to come.
 * @sim: the simulator with its race; results are dropped
 * @condition: as in the race's language: "page(ram).refcount == 1"
 *
 * It is judged at the end of each execution that violates nothing and is not
 * cut, before the world is torn down.
 * Return: its number, from 0, for pinsim_watched(); -EINVAL for a condition that
 * does not fit the race, or without a race; -E2BIG past 64.
 */
int pinsim_watch(struct pinsim *sim, const char *condition);

/**
 * pinsim_run() - run the default schedule.
 * @sim: the simulator with its race and design
 *
 * A task runs until it blocks, lowest number first.
 * Return: how many checks were violated, 0 for none; -EINVAL if the race cannot be
 * run so (pinsim_error()); -EPERM from another thread than the first; -ENOMEM.
 */
int pinsim_run(struct pinsim *sim);

/**
 * pinsim_run_seed() - run a random schedule.
 * @sim: the simulator with its race and design
 * @seed: which one, not 0; the same on any machine, as "pinsim run --seed"
 *
 * Return: as of pinsim_run().
 */
int pinsim_run_seed(struct pinsim *sim, uint64_t seed);

/**
 * pinsim_explore() - run every schedule that could come to another end.
 * @sim: the simulator with its race and design
 *
 * Until all are covered or an option of pinsim_set() is used up:
 * pinsim_complete() says which. Of each check that is violated the smallest
 * execution that was found is kept.
 * Return: as of pinsim_run().
 */
int pinsim_explore(struct pinsim *sim);

/**
 * pinsim_replay() - run an execution again.
 * @sim: the simulator with the race that the line was made with; and with the
 *	code, if that was the caller's own
 * @line: what pinsim_replay_line() returned, or the program printed
 *
 * Design, kernel, checks, failures, grain and unrolling are the line's. At access grain a
 * line is of one build: libpinsim.so's are not the program's, nor libpinsim.a's.
 * Return: as of pinsim_run(); -EINVAL if the line is another race's, design's or
 * version's; -ESTALE if the steps are not those that were recorded.
 */
int pinsim_replay(struct pinsim *sim, const char *line);

/**
 * pinsim_verdict() - the outcome in words.
 * @sim: the simulator after a run
 *
 * Return: such as "violates ref-leak: exhaustive, 523 executions" or "holds: one
 * schedule"; "" before any run; valid until the next one.
 */
const char *pinsim_verdict(const struct pinsim *sim);

/**
 * pinsim_violated() - the checks that were violated, one by one.
 * @sim: the simulator after a run
 * @i: from 0
 *
 * Return: id of the check, as "ref-leak"; NULL past the last.
 */
const char *pinsim_violated(const struct pinsim *sim, unsigned int i);

/**
 * pinsim_violates() - was this check violated, and how?
 * @sim: the simulator after a run
 * @check: id
 *
 * Return: one sentence in the race's words; NULL if it was not.
 */
const char *pinsim_violates(const struct pinsim *sim, const char *check);

/**
 * pinsim_unexpected() - did something not go as the race says?
 * @sim: the simulator after a run
 *
 * A statement that yielded what its arrow does not name, or an end at which the
 * race's "always" condition is false. That violates no check.
 * Return: one line about the first; NULL if there was none.
 */
const char *pinsim_unexpected(const struct pinsim *sim);

/**
 * pinsim_complete() - was every schedule covered?
 * @sim: the simulator after pinsim_explore()
 *
 * Those that "unroll" or "max-steps" cut count as covered; pinsim_verdict()
 * speaks of them.
 * Return: true if nothing else was left out.
 */
bool pinsim_complete(const struct pinsim *sim);

/**
 * pinsim_executions() - how many executions were run.
 * @sim: the simulator after a run
 *
 * Return: their number, those that were cut included.
 */
uint64_t pinsim_executions(const struct pinsim *sim);

/**
 * pinsim_watched() - how often a watched condition was true.
 * @sim: the simulator after a run
 * @number: from pinsim_watch()
 * @ret_true: executions at whose end it was true; may be NULL
 * @ret_false: and false; may be NULL
 *
 * Return: 0; -EINVAL if there is no such condition; -ENODATA before any run.
 */
int pinsim_watched(struct pinsim *sim, int number, uint64_t *ret_true, uint64_t *ret_false);

/**
 * pinsim_look_at() - which execution the functions below speak of.
 * @sim: the simulator after a run
 * @check: the one that violates this check; NULL: the one that was run, or after
 *	pinsim_explore() the one that violates the first check
 *
 * Return: 0; -ENODATA if there is no such execution.
 */
int pinsim_look_at(struct pinsim *sim, const char *check);

/**
 * pinsim_value() - a value at the end of the execution.
 * @sim: the simulator after a run
 * @term: as in a condition of the race's language: "vcpu0.fault",
 *	"page(ram).refcount", "pins(page(ram[1]))", "locked(vmm)"
 * @ret: the value; results of statements are 0 or a negative errno
 *
 * The end is where all tasks are done and nothing was torn down; or where the
 * execution was ended, by a violation or otherwise.
 * Return: 0; -EINVAL for a term that does not fit the race, or that has words for
 * values (pinsim_true()); -ENODATA for the result of a statement that was not
 * carried out, or if there is no execution to look at.
 */
int pinsim_value(struct pinsim *sim, const char *term, int64_t *ret);

/**
 * pinsim_true() - is a condition true at the end of the execution?
 * @sim: the simulator after a run
 * @condition: as of pinsim_watch()
 *
 * Return: 1 or 0; -EINVAL or -ENODATA as of pinsim_value().
 */
int pinsim_true(struct pinsim *sim, const char *condition);

/**
 * pinsim_replay_line() - the line that runs the execution again.
 * @sim: the simulator after a run
 *
 * Return: one word, for pinsim_replay() and "pinsim replay"; NULL if there is no
 * execution to look at; valid until another one is looked at.
 */
const char *pinsim_replay_line(struct pinsim *sim);

/**
 * pinsim_print() - tell the execution.
 * @sim: the simulator after a run
 * @out: where to
 *
 * The verdict, a column of what happened for each CPU, what was violated, who
 * holds which page, what the statements came to and the replay line. Of a run
 * without an execution to look at, the verdict.
 * Return: 0 or a negative errno.
 */
int pinsim_print(struct pinsim *sim, FILE *out);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif

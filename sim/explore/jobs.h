/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that do one thing after another: the parent asks in one line, a
 * worker answers in one line.  Each worker is a fork, so it has the arena at
 * the same address and to itself.
 */
#ifndef SIM_EXPLORE_JOBS_H
#define SIM_EXPLORE_JOBS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOBS_MAX	1024

/**
 * struct jobs - what to do, and how
 * @nr: workers
 * @arg: handed to the functions
 * @next: in the parent: a line without its newline, to be freed, or NULL if
 *	there is no more (for now: it is asked again after each answer)
 * @work: in a worker: answer @line with a line, to be freed; NULL if there is
 *	no memory
 * @done: in the parent: @line was answered. Return: 0, or -errno to end
 * @died: in the parent: the worker that had @line died, for the reason in one
 *	line. Return: 0, and another takes its place; or -errno to end. If NULL,
 *	jobs_run() ends with -EPIPE
 * @tick: in the parent, now and then, at least once a second; may be NULL
 * @interrupted: not 0: the workers are told once, by SIGINT, and @next has no
 *	more to give; may be NULL
 */
struct jobs {
	unsigned int nr;
	void *arg;
	char *(*next)(void *arg);
	char *(*work)(void *arg, const char *line);
	int (*done)(void *arg, const char *line, const char *answer);
	int (*died)(void *arg, const char *line, const char *why);
	int (*tick)(void *arg);
	const volatile sig_atomic_t *interrupted;
};

/**
 * jobs_run() - until @next has no more and all is answered.
 * @jobs: what to do
 * @ret_line: the line whose worker died, to be freed, or NULL
 * @ret_error: how it died, one line; or why no worker could be made
 * @size: of @ret_error
 *
 * No worker outlives the call, nor the parent if it is killed.
 * Context: host; no other children. Nothing of the world is looked at.
 * Return: 0; -EPIPE if a worker died; else what @done, @died or @tick returned,
 * or -errno if there is no process to be had.
 */
int jobs_run(const struct jobs *jobs, char **ret_line, char *ret_error, size_t size);

#endif

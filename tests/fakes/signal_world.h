/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's side of the tests of who is woken by a signal. */
#ifndef TESTS_FAKES_SIGNAL_WORLD_H
#define TESTS_FAKES_SIGNAL_WORLD_H

#include <stdbool.h>

/* What the first thread waits for, and the second has until the first is through. */
enum sig_wait {
	SIG_DOWN_READ,
	SIG_DOWN_WRITE,
	SIG_MUTEX,
	SIG_MUTEX_NESTED,
	SIG_FOLIO_LOCK,
	SIG_FOLIO_WAIT,
	SIG_EVENT,
	SIG_GUP,		/* at mmap_lock */
	SIG_KILLABLE,		/* how many these are */
	SIG_MUTEX_INTERRUPTIBLE = SIG_KILLABLE,
	SIG_MUTEX_FOR_GOOD,	/* mutex_lock() */
	SIG_NR,
};

/* A process with one page, two threads of it, and a third one that sends a signal. */
void sig_build(const char *profile, enum sig_wait wait, bool kill);
/* What the first one got, and whether it is through. */
int sig_result(void);
bool sig_through(void);
/* Take what is free, with a signal pending. Return: 0 or -errno. */
int sig_take_free(enum sig_wait wait, bool kill);

#endif

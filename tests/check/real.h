/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each check over the whole simulated kernel: it meets what it is for, planted by a
 * design of plants_world.c or brought about by a race, and is silent about what comes
 * close. A check that was never seen to speak here is none: the last test of each
 * program asks for those that are its own.
 */
#ifndef TESTS_CHECK_REAL_H
#define TESTS_CHECK_REAL_H

#include "tests/explore/searching.h"

#define HEAD								\
	"race t \"Is it noticed?\"\n"					\
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 4M; }\n"
#define ANON(place)	"process vmm { map ram 4K anon in " place " populated; }\n"
#define GUEST		"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
#define FAULT		"task vcpu0 on 0 { fault gfn 0x100 write; }\n"

/* What most plants need: one page, one fault, and everything torn down. */
extern const char one_fault[];

struct question {
	const char *design;
	const char *text;
	const char *without;		/* NULL: all checks are on */
	uint64_t executions;		/* random ones; 0: the default schedule */
	bool accesses;			/* at access grain */
	bool caches;			/* of a plant too: they write back nothing */
};

void ask(struct searching *s, const struct question *q);

/* The verdict is @ids, no more and no less. */
void verdict(struct question q, const char *ids);

/* The same, and how the sentence of the first one begins. */
void sentence(struct question q, const char *id, const char *text);

/* Has every check of a program's spoken? And is each of one of the two? */
enum real_program {
	REAL_PAGES,
	REAL_TASKS,
	NR_REAL_PROGRAMS,
};

void real_all_spoken(enum real_program program);

#endif

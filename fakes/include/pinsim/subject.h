/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a user's own code is compiled behind (sim/subject/compile.c puts it
 * first); nothing that is built with pinsim includes it.
 *
 * The kernel has nothing like it.
 */
#ifndef PINSIM_SUBJECT_H
#define PINSIM_SUBJECT_H

/*
 * Which function and line called: as __func__ for whoever compares or prints a
 * string, and behind its NUL "file:line".  The text is composed when the code is
 * loaded, as no initialiser can do it.
 */
struct pinsim_place {
	const char *func, *file;
	unsigned long line;
	char text[104];
} __attribute__((aligned(128)));

#ifdef PINSIM_SUBJECT
#define __func__							\
({									\
	static const struct pinsim_place __pinsim_place			\
	__attribute__((section("pinsim_places"))) =			\
		{ __FUNCTION__, __FILE__, __builtin_LINE(), "" };		\
	&__pinsim_place.text[0];					\
})
#endif

struct kvm_x86_ops;

/* What the loader looks for, under the name pinsim_subject. */
struct pinsim_subject {
	unsigned long version;
	const struct kvm_x86_ops *ops;
	const char *about;		/* lines "word value" */
};

#define PINSIM_SUBJECT_VERSION	1

#endif

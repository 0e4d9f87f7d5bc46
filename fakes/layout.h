/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes of what the simulated kernel shares with code that is compiled later,
 * perhaps by another compiler with other options.
 */
#ifndef FAKES_LAYOUT_H
#define FAKES_LAYOUT_H

/* One type. */
struct fakes_layout {
	const char *type;
	unsigned int size;
};

extern const struct fakes_layout fakes_layout[];
extern const unsigned int fakes_nr_layouts;

#endif

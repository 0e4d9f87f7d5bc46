/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of the slicer whatever text it is given.
 */
#ifndef FUZZ_SLICER_PROPERTY_H
#define FUZZ_SLICER_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * slicer_property() - scan, slice and scan again.
 * @text: any bytes; the first decides which functions are chosen
 * @size: of @text
 * @why: what does not hold, if it does not
 * @why_size: of @why
 *
 * Held to: items lie one behind the other; a text that is refused is refused
 * with a place in it; a masked text has as many lines as the text, is taken,
 * and has the chosen items where they were, and no others.
 * Return: whether all of it holds.
 */
bool slicer_property(const char *text, size_t size, char *why,
		     size_t why_size);

#endif

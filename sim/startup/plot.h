/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plots as SVG: see plot.c. */
#ifndef SIM_STARTUP_PLOT_H
#define SIM_STARTUP_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define PLOT_MAX_POINTS	32

/**
 * struct plot_line - what is drawn as a line
 * @name: for the legend
 * @nr: how many points
 * @x: theirs, ascending
 * @y: likewise; what cannot be drawn on a logarithmic axis is left out
 */
struct plot_line {
	const char *name;
	unsigned int nr;
	double x[PLOT_MAX_POINTS], y[PLOT_MAX_POINTS];
};

/**
 * struct plot - a plot
 * @title: what is seen
 * @x: what the axis to the right says; likewise @y
 * @log_x: it is logarithmic, of sizes in bytes; else it goes from 0 to 1
 * @log_y: likewise, of numbers; else from 0 on
 * @lines: @nr of them
 */
struct plot {
	const char *title, *x, *y;
	bool log_x, log_y;
	const struct plot_line *lines;
	unsigned int nr;
};

void plot_svg(FILE *out, const struct plot *p);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plots as SVG, to stand in a page: lines with marks, a legend beside them.  Lines that
 * lie on each other are told apart by their dashes and by marks of different size.
 */
#include <math.h>

#include "sim/startup/plot.h"

#define WIDTH		860
#define HEIGHT		400
#define LEFT		80
#define RIGHT		640	/* the legend is behind */
#define TOP		40
#define BOTTOM		340

/* Colours that differ for every eye (Okabe and Ito's). */
static const char *const colours[] = {
	"#000000", "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#0072b2", "#cc79a7", "#7f6f00",
};
#define NR_COLOURS	(sizeof(colours) / sizeof(colours[0]))

static const char *const dashes[] = { "none", "7 4", "2 3" };
#define NR_DASHES	(sizeof(dashes) / sizeof(dashes[0]))

/**
 * struct axis - from values to places
 * @log: the values' logarithms count
 * @from: value at its beginning; @to: at its end
 * @at: place of its beginning; @end: of its end
 */
struct axis {
	bool log;
	double from, to;
	int at, end;
};

static bool can_draw(const struct plot *p, const struct plot_line *l, unsigned int i)
{
	return (!p->log_x || l->x[i] > 0) && (!p->log_y || l->y[i] > 0);
}

static double place(const struct axis *a, double v)
{
	double part = a->log ? log(v / a->from) / log(a->to / a->from) :
			       (v - a->from) / (a->to - a->from);

	return a->at + part * (a->end - a->at);
}

/* The least and the most of what is drawn. */
static void extent(const struct plot *p, bool y, double *lo, double *hi)
{
	unsigned int k, i;

	*lo = INFINITY;
	*hi = -INFINITY;
	for (k = 0; k < p->nr; k++) {
		const struct plot_line *l = &p->lines[k];

		for (i = 0; i < l->nr; i++) {
			double v = y ? l->y[i] : l->x[i];

			if (!can_draw(p, l, i))
				continue;
			*lo = fmin(*lo, v);
			*hi = fmax(*hi, v);
		}
	}
}

static struct axis make_axis(const struct plot *p, bool y)
{
	struct axis a = { .log = y ? p->log_y : p->log_x, .at = y ? BOTTOM : LEFT,
			  .end = y ? TOP : RIGHT };
	double lo, hi, base = y ? 10 : 2;

	extent(p, y, &lo, &hi);
	if (!(lo <= hi))
		lo = hi = 1;
	a.from = a.log ? pow(base, floor(log(lo) / log(base) + 1e-9)) : 0;
	a.to = a.log ? pow(base, ceil(log(hi) / log(base) - 1e-9)) : hi * 1.05;
	if (a.to <= a.from)
		a.to = a.log ? a.from * base : a.from + 1;
	return a;
}

/* "64M" for sizes, "10k" for numbers. */
static void tick_text(double v, bool bytes, char *buf, size_t size)
{
	static const char units[] = " kMGTPE";
	double step = bytes ? 1024 : 1000;
	unsigned int u = 0;

	for (; v >= step && u < 6; u++)
		v /= step;
	snprintf(buf, size, "%g%.*s", v, u ? 1 : 0, &units[u]);
}

static void draw_tick(FILE *out, const struct plot *p, const struct axis *a, double v, bool y)
{
	double at = place(a, v);
	char text[32];

	tick_text(v, !y && p->log_x, text, sizeof(text));
	if (y)
		fprintf(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>"
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			LEFT, at, RIGHT, LEFT - 6, at + 4, text);
	else
		fprintf(out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>"
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
			at, TOP, BOTTOM, at, BOTTOM + 18, text);
}

static void draw_ticks(FILE *out, const struct plot *p, const struct axis *a, bool y)
{
	double base = y ? 10 : 4, step, v;

	for (v = a->from; a->log && v <= a->to * 1.0001; v *= base)
		draw_tick(out, p, a, v, y);
	if (a->log)
		return;
	step = pow(10, floor(log10(a->to)));
	if (a->to / step < 3)
		step /= 5;
	for (v = 0; v <= a->to; v += step)
		draw_tick(out, p, a, v, y);
}

static void draw_line(FILE *out, const struct plot *p, const struct plot_line *l,
		      unsigned int number, const struct axis *x, const struct axis *y)
{
	const char *colour = colours[number % NR_COLOURS];
	double radius = 2 + number % 4;
	unsigned int i;
	bool any = false;

	fprintf(out, "<g stroke=\"%s\" fill=\"none\"><path stroke-width=\"1.5\" "
		"stroke-dasharray=\"%s\" d=\"", colour, dashes[number % NR_DASHES]);
	for (i = 0; i < l->nr; i++) {
		if (!can_draw(p, l, i))
			continue;
		fprintf(out, "%c%.1f %.1f", any ? 'L' : 'M', place(x, l->x[i]), place(y, l->y[i]));
		any = true;
	}
	fprintf(out, "%s\"/>", any ? "" : "M0 0");
	for (i = 0; i < l->nr; i++)
		if (can_draw(p, l, i))
			fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\"/>",
				place(x, l->x[i]), place(y, l->y[i]), radius);
	fprintf(out, "<path stroke-width=\"1.5\" stroke-dasharray=\"%s\" d=\"M%d %dh30\"/>"
		"<circle cx=\"%d\" cy=\"%d\" r=\"%.0f\"/></g>"
		"<text x=\"%d\" y=\"%d\">%s%s</text>\n", dashes[number % NR_DASHES], RIGHT + 15,
		TOP + 8 + 20 * (int)number, RIGHT + 30, TOP + 8 + 20 * (int)number, radius,
		RIGHT + 52, TOP + 12 + 20 * (int)number, l->name, any ? "" : " (none)");
}

/**
 * plot_svg() - draw a plot.
 * @out: where to
 * @p: plot; its words are text that needs no escape
 */
void plot_svg(FILE *out, const struct plot *p)
{
	struct axis x = make_axis(p, false), y = make_axis(p, true);
	unsigned int i;

	fprintf(out, "<figure><figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %d %d\" "
		"width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">\n", p->title, WIDTH,
		HEIGHT, WIDTH, HEIGHT, p->title);
	draw_ticks(out, p, &x, false);
	draw_ticks(out, p, &y, true);
	fprintf(out, "<path class=\"axes\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP, BOTTOM, RIGHT);
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
		(LEFT + RIGHT) / 2, BOTTOM + 42, p->x);
	fprintf(out, "<text x=\"%d\" y=\"%d\">%s</text>\n", LEFT - 60, TOP - 14, p->y);
	for (i = 0; i < p->nr; i++)
		draw_line(out, p, &p->lines[i], i, &x, &y);
	fputs("</svg></figure>\n", out);
}

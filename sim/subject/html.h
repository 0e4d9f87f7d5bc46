/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mail that was saved from a web archive: HTML back to the text it shows.
 */
#ifndef SIM_SUBJECT_HTML_H
#define SIM_SUBJECT_HTML_H

#include <stdbool.h>

#include "sim/subject/lines.h"

/* Does the text look like an HTML page? */
bool subject_html_is(const struct subject_lines *in);

/**
 * subject_html_text() - the text that a page shows.
 * @ret: appended to. Tags and comments go, entities become characters; within
 *	<pre> lines stay as they are, elsewhere they break where a browser
 *	breaks them; what stands in <blockquote> gets "> " in front
 * @in: the page
 *
 * What looks like a tag but is no element of HTML (<linux/mm.h>) is text.
 */
void subject_html_text(struct subject_lines *ret,
		       const struct subject_lines *in);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One story for all reports: a late long-term pin that fails beside a mover. */
#ifndef TESTS_REPORT_STORY_H
#define TESTS_REPORT_STORY_H

#include "sim/report/report.h"

extern const struct names story_names;
/* Fills @ret; its arrays live until the next call. */
void story_make(struct report_story *ret);

#endif

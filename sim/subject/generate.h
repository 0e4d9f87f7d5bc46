/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that a file's own macros make: PAGE_FLAG(Dirty, dirty) and then
 * PageDirty(), SetPageDirty().
 */
#ifndef SIM_SUBJECT_GENERATE_H
#define SIM_SUBJECT_GENERATE_H

#include "sim/subject/item.h"

/**
 * generate_names() - expand macros at file scope, as far as the file has them.
 * @names: sorted; appended to, and sorted again
 * @scan: where they are from
 */
void generate_names(struct subject_names *names,
		    const struct subject_scan *scan);

#endif

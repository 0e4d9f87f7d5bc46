/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What headers.py writes down; only headers.c includes it. */
#ifndef SIM_SUBJECT_HEADERS_PRIVATE_H
#define SIM_SUBJECT_HEADERS_PRIVATE_H

#include <stdint.h>

#include "sim/subject/headers.h"

/* One header, by the name it is included by. */
struct header {
	const char *name;
	uint64_t hash;
};

extern const struct header subject_header[];
extern const unsigned int subject_nr_headers;

#endif

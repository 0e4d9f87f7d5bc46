/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue's tables; each ends with an entry without id. */
#ifndef SIM_EXPLAIN_ENTRIES_H
#define SIM_EXPLAIN_ENTRIES_H

#include <stddef.h>

#include "sim/explain/explain.h"

extern const struct explain_entry explain_hazards_pins[];
extern const struct explain_entry explain_hazards_cow[];
extern const struct explain_entry explain_hazards_references[];
extern const struct explain_entry explain_hazards_accounting[];
extern const struct explain_entry explain_hazards_faults[];
extern const struct explain_entry explain_hazards_memslots[];
extern const struct explain_entry explain_hazards_caches[];
extern const struct explain_entry explain_checks[];
extern const struct explain_entry explain_designs[];

#endif

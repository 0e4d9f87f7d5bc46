/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Node statistics: exact, where the kernel's are batched per CPU (A.18). */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <linux/mmzone.h>

enum node_stat_item {
	NR_ISOLATED_ANON,
	NR_ISOLATED_FILE,
	NR_FOLL_PIN_ACQUIRED,
	NR_FOLL_PIN_RELEASED,
	NR_VM_NODE_STAT_ITEMS
};

struct folio;

void mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, long delta);
long node_page_state(struct pglist_data *pgdat, enum node_stat_item item);
struct pglist_data *NODE_DATA(int nid);
struct pglist_data *folio_pgdat(const struct folio *folio);

#define node_stat_mod_folio(folio, item, nr)				\
	mod_node_page_state(folio_pgdat(folio), item, nr)

#endif

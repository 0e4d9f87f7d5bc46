/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source lines by libdw (elfutils): see where.h.
 *
 * The last answers are kept, since a check may speak about one pair of lines
 * in thousands of executions.
 */
#include <elfutils/libdwfl.h>
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/engine/image.h"
#include "sim/engine/where.h"

#define KEPT	64

static struct {
	Dwfl *dwfl;
	struct {
		uint64_t pc;
		char text[SIM_WHERE_SIZE];
	} kept[KEPT];
	unsigned int next;
} where;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

/* What is loaded now: asked anew for an address that nobody knows. */
static Dwfl_Module *module_of(uint64_t pc)
{
	Dwfl_Module *m = where.dwfl ? dwfl_addrmodule(where.dwfl, pc) : NULL;

	if (m)
		return m;
	if (where.dwfl)
		dwfl_end(where.dwfl);
	where.dwfl = dwfl_begin(&callbacks);
	if (!where.dwfl || dwfl_linux_proc_report(where.dwfl, getpid()) ||
	    dwfl_report_end(where.dwfl, NULL, NULL))
		return NULL;
	return dwfl_addrmodule(where.dwfl, pc);
}

/* The innermost function at @pc, inlined ones included. */
static const char *function_at(Dwfl_Module *m, uint64_t pc)
{
	Dwarf_Addr bias;
	Dwarf_Die *cu = dwfl_module_addrdie(m, pc, &bias);
	Dwarf_Die *scopes = NULL;
	const char *name = NULL;
	int n = cu ? dwarf_getscopes(cu, pc - bias, &scopes) : 0;

	for (int i = 0; i < n && !name; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine)
			name = dwarf_diename(&scopes[i]);
	}
	free(scopes);
	return name ? name : dwfl_module_addrname(m, pc);
}

const char *sim_where_inlined(uint64_t pc)
{
	Dwfl_Module *m = module_of(pc - 1);
	const char *outer = m ? dwfl_module_addrname(m, pc - 1) : NULL;
	const char *inner = m ? function_at(m, pc - 1) : NULL;
	size_t len = inner ? strlen(inner) : 0;

	/* A symbol may have a compiler's suffix: f.constprop.0. */
	if (!outer || !inner || (!strncmp(outer, inner, len) && (!outer[len] || outer[len] == '.')))
		return NULL;
	return outer;
}

static void look_up(uint64_t pc, char *buf)
{
	const char *site = sim_image_site(pc), *place = sim_site_place(site);
	Dwfl_Module *m = site ? NULL : module_of(pc);
	const char *function = m ? function_at(m, pc) : site;
	Dwfl_Line *line = m ? dwfl_module_getsrc(m, pc) : NULL;
	const char *file = NULL, *slash;
	int nr = 0;

	if (line)
		file = dwfl_lineinfo(line, NULL, &nr, NULL, NULL, NULL);
	slash = file ? strrchr(file, '/') : NULL;
	if (place)
		snprintf(buf, SIM_WHERE_SIZE, "%s (%s)", function, place);
	else if (file)
		snprintf(buf, SIM_WHERE_SIZE, "%s (%s:%d)", function ? function : "?",
			 slash ? slash + 1 : file, nr);
	else
		snprintf(buf, SIM_WHERE_SIZE, "%s", function ? function : "code without symbols");
}

const char *sim_where(uint64_t pc, char buf[SIM_WHERE_SIZE])
{
	unsigned int i;

	for (i = 0; i < KEPT; i++) {
		if (where.kept[i].pc == pc && pc) {
			memcpy(buf, where.kept[i].text, SIM_WHERE_SIZE);
			return buf;
		}
	}
	look_up(pc - 1, buf);
	i = where.next++ % KEPT;
	where.kept[i].pc = pc;
	snprintf(where.kept[i].text, SIM_WHERE_SIZE, "%s", buf);
	return buf;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which line of the user's each piece of a subject's code is: the compiler's
 * line table and the functions of the symbol table, put together once when the
 * subject is loaded.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/load.h"

/* The functions of an object, by address. */
struct functions {
	struct function {
		uint64_t lo, hi;
		const char *name;
	} *at;
	size_t nr, room;
};

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static void find_functions(struct functions *f, Elf *elf)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t i;

	while ((scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_SYMTAB || !shdr.sh_entsize)
			continue;
		data = elf_getdata(scn, NULL);
		for (i = 0; data && i < shdr.sh_size / shdr.sh_entsize; i++) {
			GElf_Sym sym;
			const char *name;

			if (!gelf_getsym(data, i, &sym) || GELF_ST_TYPE(sym.st_info) != STT_FUNC ||
			    sym.st_shndx == SHN_UNDEF)
				continue;
			name = elf_strptr(elf, shdr.sh_link, sym.st_name);
			f->at = subject_grow(f->at, f->nr, &f->room, sizeof(*f->at));
			f->at[f->nr++] = (struct function){ sym.st_value,
							    sym.st_value + sym.st_size,
							    name ? name : "" };
		}
	}
	qsort(f->at, f->nr, sizeof(*f->at), by_address);
}

static const char *function_at(const struct functions *f, uint64_t addr)
{
	size_t i;

	for (i = 0; i < f->nr; i++)
		if (addr >= f->at[i].lo && addr < f->at[i].hi)
			return f->at[i].name;
	return "?";
}

/* "function\0file.c:line"; what compilers append to a part's name is left out. */
static char *site(struct subject_loaded *l, size_t *room, const char *function,
		  const char *path, int line)
{
	const char *base = strrchr(path, '/');
	size_t len = strcspn(function, ".");
	char *text;
	int n;

	base = base ? base + 1 : path;
	n = snprintf(NULL, 0, "%s:%d", base, line);
	text = subject_must(malloc(len + n + 2));
	memcpy(text, function, len);
	text[len] = '\0';
	sprintf(text + len + 1, "%s:%d", base, line);
	l->sites = subject_grow(l->sites, l->nr_sites, room, sizeof(*l->sites));
	l->sites[l->nr_sites++] = text;
	return text;
}

static int by_offset(const void *a, const void *b)
{
	const struct sim_image_row *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

struct table {
	size_t nr, row_room, site_room;
};

/* The line table of one compilation unit. */
static void add_unit(struct subject_loaded *l, struct table *t, Dwarf_Die *unit,
		     const struct functions *f)
{
	Dwarf_Lines *lines;
	size_t n, i;
	int last = -1;
	const char *last_path = NULL, *last_function = NULL;

	if (dwarf_getsrclines(unit, &lines, &n))
		return;
	for (i = 0; i < n; i++) {
		Dwarf_Line *line = dwarf_onesrcline(lines, i);
		Dwarf_Addr addr;
		const char *path, *function;
		int no;
		bool end;

		if (!line || dwarf_lineaddr(line, &addr) || dwarf_lineno(line, &no) ||
		    dwarf_lineendsequence(line, &end) || end || !no)
			continue;
		path = dwarf_linesrc(line, NULL, NULL);
		function = function_at(f, addr);
		if (no != last || path != last_path || function != last_function) {
			last = no;
			last_path = path;
			last_function = function;
			site(l, &t->site_room, function, path ? path : "?", no);
		}
		l->rows = subject_grow(l->rows, t->nr, &t->row_room, sizeof(*l->rows));
		l->rows[t->nr++] = (struct sim_image_row){ addr, l->sites[l->nr_sites - 1] };
	}
}

void subject_rows(struct subject_loaded *l, const unsigned char *data, size_t size)
{
	struct functions f = { NULL, 0, 0 };
	struct table t = { 0, 0, 0 };
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;
	Dwarf *dwarf;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)data, size);
	dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
	if (dwarf) {
		find_functions(&f, elf);
		while (!dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &die, NULL))
			add_unit(l, &t, &die, &f);
		qsort(l->rows, t.nr, sizeof(*l->rows), by_offset);
	}
	l->image.row = l->rows;
	l->image.nr_rows = t.nr;
	free(f.at);
	dwarf_end(dwarf);
	elf_end(elf);
}

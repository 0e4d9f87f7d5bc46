/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loader: see load.h.  The object is laid out in a file in memory as it
 * will be at its place in the arena, relocated; the engine maps that file.
 * Names are bound by the table of allow.h and by nothing else.  Constructors
 * do not run: the only ones are the instrumentation's.
 */
#include <errno.h>
#include <pinsim/subject.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/subject/allow.h"
#include "sim/subject/load.h"

#define PAGE		4096ULL

struct loading {
	const struct subject_object *o;
	struct subject_error *err;
	unsigned char *mem;	/* the image, @size bytes */
	uint64_t size;
	uint64_t base;		/* where it will be */
};

/* ---- layout ---- */

static int add_part(struct sim_image *image, const Elf64_Phdr *p, const struct loading *l)
{
	struct sim_image_part *part = &image->part[image->nr_parts];
	uint64_t end = (p->p_vaddr + p->p_memsz + PAGE - 1) & ~(PAGE - 1);

	if (!p->p_memsz)
		return 0;
	if (image->nr_parts == SIM_MAX_IMAGE_PARTS)
		return subject_object_refuse(l->o, l->err, "too many segments");
	part->offset = p->p_vaddr & ~(PAGE - 1);
	part->size = end - part->offset;
	if (part->offset < image->size)
		return subject_object_refuse(l->o, l->err, "its segments share pages");
	part->prot = (p->p_flags & PF_W ? SIM_IMAGE_WRITE : 0) |
		     (p->p_flags & PF_X ? SIM_IMAGE_EXEC : 0);
	if (part->prot == (SIM_IMAGE_WRITE | SIM_IMAGE_EXEC))
		return subject_object_refuse(l->o, l->err, "code that can be written");
	image->size = end;
	image->nr_parts++;
	return 0;
}

static int lay_out(struct loading *l, struct sim_image *image)
{
	unsigned int i;
	int r = 0;

	for (i = 0; i < l->o->nr_phdrs && !r; i++) {
		if (l->o->phdr[i].p_type == PT_TLS)
			r = subject_object_refuse(l->o, l->err, "thread-local variables");
		if (l->o->phdr[i].p_type == PT_LOAD && !r)
			r = add_part(image, &l->o->phdr[i], l);
	}
	if (!r && !image->nr_parts)
		r = subject_object_refuse(l->o, l->err, "nothing to load");
	l->size = image->size;
	return r;
}

static int make_file(struct loading *l, struct sim_image *image)
{
	unsigned int i;

	image->fd = memfd_create("pinsim-subject", MFD_CLOEXEC);
	if (image->fd < 0 || ftruncate(image->fd, l->size))
		return -errno;
	l->mem = mmap(NULL, l->size, PROT_READ | PROT_WRITE, MAP_SHARED, image->fd, 0);
	if (l->mem == MAP_FAILED) {
		l->mem = NULL;
		return -errno;
	}
	for (i = 0; i < l->o->nr_phdrs; i++) {
		const Elf64_Phdr *p = &l->o->phdr[i];

		if (p->p_type == PT_LOAD)
			memcpy(l->mem + p->p_vaddr, l->o->data + p->p_offset, p->p_filesz);
	}
	return 0;
}

/* ---- relocation ---- */

/* The memory at an address of the object's, or NULL. */
static void *inside(const struct loading *l, uint64_t addr, uint64_t size)
{
	return addr <= l->size && size <= l->size - addr ? l->mem + addr : NULL;
}

static int value_of(const struct loading *l, uint32_t index, uint64_t *ret)
{
	const Elf64_Sym *sym = &l->o->sym[index];
	const void *addr;

	*ret = 0;
	if (index >= l->o->nr_syms)
		return subject_object_refuse(l->o, l->err, "a relocation without a symbol");
	if (sym->st_shndx != SHN_UNDEF) {
		*ret = l->base + sym->st_value;
		return 0;
	}
	addr = subject_allowed(subject_object_name(l->o, sym));
	if (!addr && index)
		return subject_object_refuse(l->o, l->err, "it refers to what is not there");
	*ret = (uint64_t)addr;
	return 0;
}

static int relocate_one(const struct loading *l, const Elf64_Rela *rela)
{
	void *where = inside(l, rela->r_offset, sizeof(uint64_t));
	uint64_t value = l->base;

	if (!where)
		return subject_object_refuse(l->o, l->err, "a relocation outside of it");
	switch (ELF64_R_TYPE(rela->r_info)) {
#ifdef __x86_64__
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_RELATIVE:
		break;
	case R_X86_64_64:
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT:
#else
	case R_AARCH64_NONE:
		return 0;
	case R_AARCH64_RELATIVE:
		break;
	case R_AARCH64_ABS64:
	case R_AARCH64_GLOB_DAT:
	case R_AARCH64_JUMP_SLOT:
#endif
		if (value_of(l, ELF64_R_SYM(rela->r_info), &value))
			return -EINVAL;
		break;
	default:
		return subject_object_refuse(l->o, l->err, "a relocation of an unknown kind");
	}
	value += rela->r_addend;
	memcpy(where, &value, sizeof(value));
	return 0;
}

static int relocate(const struct loading *l)
{
	const Elf64_Shdr *s;
	unsigned int i;
	uint64_t k;
	int r = 0;

	for (i = 0; i < l->o->nr_shdrs && !r; i++) {
		s = &l->o->shdr[i];
		if (s->sh_type != SHT_RELA || !(s->sh_flags & SHF_ALLOC))
			continue;
		for (k = 0; k < s->sh_size / sizeof(Elf64_Rela) && !r; k++) {
			Elf64_Rela rela;

			memcpy(&rela, l->o->data + s->sh_offset + k * sizeof(rela), sizeof(rela));
			r = relocate_one(l, &rela);
		}
	}
	return r;
}

/* ---- what the glue left ---- */

/* A string of the image's by the address it will have, or "". */
static const char *string_at(const struct loading *l, const void *addr)
{
	uint64_t off = (uint64_t)addr - l->base;

	return off < l->size && memchr(l->mem + off, 0, l->size - off) ?
	       (const char *)l->mem + off : "";
}

static void compose_places(const struct loading *l)
{
	const Elf64_Shdr *s = subject_object_section(l->o, "pinsim_places");
	struct pinsim_place *place;
	const char *file, *base;
	uint64_t i;
	int len;

	for (i = 0; s && i < s->sh_size / sizeof(*place); i++) {
		place = inside(l, s->sh_addr + i * sizeof(*place), sizeof(*place));
		if (!place)
			return;
		len = snprintf(place->text, sizeof(place->text) - 1, "%.70s",
			       string_at(l, place->func));
		file = string_at(l, place->file);
		base = strrchr(file, '/');
		snprintf(place->text + len + 1, sizeof(place->text) - len - 1, "%s:%lu",
			 base ? base + 1 : file, place->line);
	}
}

static int find_description(const struct loading *l, struct subject_loaded *ret)
{
	struct pinsim_subject desc;
	unsigned int i;
	const void *at = NULL;

	for (i = 0; i < l->o->nr_syms && !at; i++)
		if (l->o->sym[i].st_shndx != SHN_UNDEF &&
		    !strcmp(subject_object_name(l->o, &l->o->sym[i]), "pinsim_subject"))
			at = inside(l, l->o->sym[i].st_value, sizeof(desc));
	if (!at)
		return subject_object_refuse(l->o, l->err, "no description in it");
	memcpy(&desc, at, sizeof(desc));
	if (desc.version != PINSIM_SUBJECT_VERSION)
		return subject_object_refuse(l->o, l->err, "made by another version of pinsim");
	if (!inside(l, (uint64_t)desc.ops - l->base, sizeof(void *)))
		return subject_object_refuse(l->o, l->err, "its table of hooks lies outside it");
	ret->image.ops = desc.ops;
	ret->about = subject_must(strdup(string_at(l, desc.about)));
	return 0;
}

/* If nothing but zeroes follows, its end is known. */
static uint64_t find_unwind(const struct loading *l)
{
	const Elf64_Shdr *s = subject_object_section(l->o, ".eh_frame");
	const uint32_t *end = s ? inside(l, s->sh_addr + s->sh_size, sizeof(*end)) : NULL;

	return end && s->sh_size && !(s->sh_addr % 4) && !*end ? s->sh_addr : 0;
}

static int load(struct loading *l, struct subject_loaded *ret)
{
	int r = subject_allow(l->o, l->o->path, NULL, NULL, l->err);

	if (!r)
		r = lay_out(l, &ret->image);
	if (r)
		return r;
	r = make_file(l, &ret->image);
	if (r) {
		snprintf(l->err->text, sizeof(l->err->text), "%s: cannot be laid out: %s",
			 l->o->path, strerror(-r));
		return r;
	}
	l->base = sim_image_base();
	r = relocate(l);
	if (!r)
		r = find_description(l, ret);
	if (r)
		return r;
	compose_places(l);
	ret->image.unwind = find_unwind(l);
	subject_rows(ret, l->o->data, l->o->size);
	r = sim_image_add(&ret->image);
	if (r)
		snprintf(l->err->text, sizeof(l->err->text), "%s: cannot be placed: %s",
			 l->o->path, strerror(-r));
	return r;
}

struct subject_loaded *subject_load(const char *path, struct subject_error *err)
{
	struct subject_loaded *ret;
	struct subject_object o;
	struct loading l = { .o = &o, .err = err };
	int r;

	if (subject_object_read(&o, path, err))
		return NULL;
	ret = subject_must(calloc(1, sizeof(*ret)));
	ret->image.fd = -1;
	r = load(&l, ret);
	if (l.mem)
		munmap(l.mem, l.size);
	subject_object_free(&o);
	if (!r)
		return ret;
	if (ret->image.fd >= 0)
		close(ret->image.fd);
	free(ret->about);
	free(ret->rows);
	free(ret);
	return NULL;
}

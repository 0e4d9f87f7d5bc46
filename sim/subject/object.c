/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a shared object: see object.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/subject/headers.h"
#include "sim/subject/object.h"

#define SEAL_MAGIC	"pinsim subject 1"

/*
 * What stands behind the object in its file: whose headers it was compiled
 * with, and a sum of all before the sum, as a damaged object is no better.
 */
struct seal {
	char magic[16], headers[16];
	uint64_t sum;
};

int subject_object_refuse(const struct subject_object *o, struct subject_error *err,
			  const char *what)
{
	snprintf(err->text, sizeof(err->text), "%s: no subject that 'pinsim subject' made: %s",
		 o->path, what);
	return -EINVAL;
}

/* Return: the file's bytes, to be freed, or NULL with errno. */
static unsigned char *slurp(const char *path, size_t *ret_size)
{
	FILE *in = fopen(path, "re");
	unsigned char *data = NULL;
	long size;

	if (!in)
		return NULL;
	errno = EINVAL;
	if (!fseek(in, 0, SEEK_END)) {
		size = ftell(in);
		rewind(in);
		if (size >= 0 && size <= SUBJECT_OBJECT_MAX) {
			data = subject_must(malloc(size + 1));
			if (fread(data, 1, size, in) != (size_t)size) {
				free(data);
				data = NULL;
			}
			*ret_size = size;
		}
	}
	fclose(in);
	return data;
}

/* Is an array of @n elements of @each bytes at @offset within the file? */
static bool within(const struct subject_object *o, uint64_t offset, uint64_t n, uint64_t each)
{
	return offset <= o->size && n <= (o->size - offset) / each && offset % 8 == 0;
}

static uint64_t sum_of(const unsigned char *data, size_t size, const struct seal *seal)
{
	return XXH3_64bits_withSeed(data, size,
				    XXH3_64bits(seal, offsetof(struct seal, sum)));
}

int subject_object_seal(const char *path)
{
	struct seal seal;
	unsigned char *data;
	size_t size = 0;
	FILE *out;
	bool bad;

	data = slurp(path, &size);
	out = data ? fopen(path, "ae") : NULL;
	if (!out) {
		free(data);
		return -errno;
	}
	memcpy(seal.magic, SEAL_MAGIC, sizeof(seal.magic));
	memcpy(seal.headers, subject_headers_id, sizeof(seal.headers));
	seal.sum = sum_of(data, size, &seal);
	bad = fwrite(&seal, sizeof(seal), 1, out) != 1;
	bad = fclose(out) || bad;
	free(data);
	return bad ? -EIO : 0;
}

static int check_seal(struct subject_object *o, struct subject_error *err)
{
	struct seal seal;

	if (o->size < sizeof(seal))
		return subject_object_refuse(o, err, "too short");
	memcpy(&seal, o->data + o->size - sizeof(seal), sizeof(seal));
	if (memcmp(seal.magic, SEAL_MAGIC, sizeof(seal.magic)))
		return subject_object_refuse(o, err, "not its seal at the end");
	if (memcmp(seal.headers, subject_headers_id, sizeof(seal.headers))) {
		snprintf(err->text, sizeof(err->text), "%.800s was made with other headers than "
			 "this pinsim has: make it again with 'pinsim subject'", o->path);
		return -ESTALE;
	}
	o->size -= sizeof(seal);
	if (sum_of(o->data, o->size, &seal) == seal.sum)
		return 0;
	snprintf(err->text, sizeof(err->text), "%.800s is damaged: make it again with "
		 "'pinsim subject'", o->path);
	return -EINVAL;
}

static int check_head(struct subject_object *o, struct subject_error *err)
{
	const Elf64_Ehdr *head = (const void *)o->data;

	if (o->size < sizeof(*head) || memcmp(head->e_ident, ELFMAG, SELFMAG) ||
	    head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_type != ET_DYN)
		return subject_object_refuse(o, err, "not a 64-bit ELF shared object");
#ifdef __x86_64__
	if (head->e_machine != EM_X86_64)
		return subject_object_refuse(o, err, "compiled for another machine");
#endif
	if (head->e_phentsize != sizeof(Elf64_Phdr) || head->e_shentsize != sizeof(Elf64_Shdr) ||
	    !within(o, head->e_phoff, head->e_phnum, sizeof(Elf64_Phdr)) ||
	    !within(o, head->e_shoff, head->e_shnum, sizeof(Elf64_Shdr)))
		return subject_object_refuse(o, err, "its headers lie outside the file");
	o->phdr = (const void *)(o->data + head->e_phoff);
	o->nr_phdrs = head->e_phnum;
	o->shdr = (const void *)(o->data + head->e_shoff);
	o->nr_shdrs = head->e_shnum;
	return 0;
}

static int check_parts(const struct subject_object *o, struct subject_error *err)
{
	unsigned int i;

	for (i = 0; i < o->nr_phdrs; i++) {
		const Elf64_Phdr *p = &o->phdr[i];

		if (p->p_type == PT_LOAD && p->p_filesz <= p->p_memsz &&
		    p->p_memsz > SUBJECT_OBJECT_MAX) {
			subject_object_refuse(o, err, "too large");
			return -EFBIG;
		}
		if (p->p_type == PT_LOAD &&
		    (p->p_offset > o->size || p->p_filesz > o->size - p->p_offset ||
		     p->p_filesz > p->p_memsz || p->p_vaddr > SUBJECT_OBJECT_MAX))
			return subject_object_refuse(o, err, "a segment lies outside the file");
	}
	for (i = 0; i < o->nr_shdrs; i++) {
		const Elf64_Shdr *s = &o->shdr[i];

		if (s->sh_type != SHT_NOBITS &&
		    (s->sh_offset > o->size || s->sh_size > o->size - s->sh_offset))
			return subject_object_refuse(o, err, "a section lies outside the file");
	}
	return 0;
}

static int find_symbols(struct subject_object *o, struct subject_error *err)
{
	const Elf64_Shdr *sym = subject_object_type(o, SHT_DYNSYM, 0);
	const Elf64_Shdr *str;

	if (!sym || sym->sh_link >= o->nr_shdrs || sym->sh_offset % 8)
		return subject_object_refuse(o, err, "no dynamic symbols");
	str = &o->shdr[sym->sh_link];
	if (str->sh_type != SHT_STRTAB || !str->sh_size ||
	    o->data[str->sh_offset + str->sh_size - 1])
		return subject_object_refuse(o, err, "no names of symbols");
	o->sym = (const void *)(o->data + sym->sh_offset);
	o->nr_syms = sym->sh_size / sizeof(*o->sym);
	o->str = (const char *)o->data + str->sh_offset;
	o->str_size = str->sh_size;
	return 0;
}

int subject_object_read(struct subject_object *ret, const char *path,
			struct subject_error *err)
{
	struct subject_object o = { .path = subject_must(strdup(path)) };
	int r;

	o.data = slurp(path, &o.size);
	if (!o.data) {
		r = -errno;
		snprintf(err->text, sizeof(err->text), "%s: %s", path, strerror(errno));
	} else {
		r = check_seal(&o, err);
		if (!r)
			r = check_head(&o, err);
		if (!r)
			r = check_parts(&o, err);
		if (!r)
			r = find_symbols(&o, err);
	}
	if (r)
		subject_object_free(&o);
	else
		*ret = o;
	return r;
}

void subject_object_free(struct subject_object *o)
{
	free((void *)o->data);
	free(o->path);
	memset(o, 0, sizeof(*o));
}

const Elf64_Shdr *subject_object_section(const struct subject_object *o, const char *name)
{
	const Elf64_Ehdr *head = (const void *)o->data;
	const Elf64_Shdr *names;
	unsigned int i;
	size_t len = strlen(name) + 1;

	if (head->e_shstrndx >= o->nr_shdrs)
		return NULL;
	names = &o->shdr[head->e_shstrndx];
	for (i = 0; i < o->nr_shdrs; i++) {
		uint64_t at = o->shdr[i].sh_name;

		if (at < names->sh_size && len <= names->sh_size - at &&
		    !memcmp(o->data + names->sh_offset + at, name, len))
			return &o->shdr[i];
	}
	return NULL;
}

const Elf64_Shdr *subject_object_type(const struct subject_object *o, unsigned int type,
				      unsigned int from)
{
	for (; from < o->nr_shdrs; from++)
		if (o->shdr[from].sh_type == type)
			return &o->shdr[from];
	return NULL;
}

const char *subject_object_name(const struct subject_object *o, const Elf64_Sym *sym)
{
	return sym->st_name < o->str_size ? o->str + sym->st_name : "";
}

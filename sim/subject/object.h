/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A compiled subject as a file: an ELF shared object, read with suspicion, as
 * anybody may name any file.
 */
#ifndef SIM_SUBJECT_OBJECT_H
#define SIM_SUBJECT_OBJECT_H

#include <elf.h>

#include "sim/subject/source.h"

#define SUBJECT_OBJECT_MAX	(256u << 20)	/* bytes, of a file and in memory */

/**
 * struct subject_object - the parts of an object that matter
 * @path: the file's
 * @data: its @size bytes
 * @size: of @data
 * @phdr: program headers
 * @nr_phdrs: how many
 * @shdr: section headers
 * @nr_shdrs: how many
 * @sym: dynamic symbols
 * @nr_syms: how many
 * @str: their names; ends in a NUL
 * @str_size: bytes of @str
 */
struct subject_object {
	char *path;
	const unsigned char *data;
	size_t size;
	const Elf64_Phdr *phdr;
	unsigned int nr_phdrs;
	const Elf64_Shdr *shdr;
	unsigned int nr_shdrs;
	const Elf64_Sym *sym;
	unsigned int nr_syms;
	const char *str;
	size_t str_size;
};

/*
 * Make an object a subject: note in its file, behind it, which headers it was
 * compiled with and what its bytes are. Return: 0 or -errno.
 */
int subject_object_seal(const char *path);
/* Read and check a file. Return: 0, -EFBIG, or another negative errno; with @err. */
int subject_object_read(struct subject_object *ret, const char *path,
			struct subject_error *err);
/* Give the memory back. */
void subject_object_free(struct subject_object *o);

/* A section by name, or NULL. Its contents lie within @data. */
const Elf64_Shdr *subject_object_section(const struct subject_object *o, const char *name);
/* The same by type, from index @from on. */
const Elf64_Shdr *subject_object_type(const struct subject_object *o, unsigned int type,
				      unsigned int from);
/* The name of a dynamic symbol. */
const char *subject_object_name(const struct subject_object *o, const Elf64_Sym *sym);
/* Write a complaint about the file. Return: -EINVAL. */
int subject_object_refuse(const struct subject_object *o, struct subject_error *err,
			  const char *what);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files out of a .tar.xz, one by one or by folder, without unpacking the rest.
 *
 * A tarball has no list of what is in it. But those of Debian are sorted by
 * path, and a header can be told from a file's contents by its checksum: the
 * first header of each block, looked at when it matters, leads to the block
 * that a path is in. One that is not sorted is searched from the beginning.
 */
#include "sim/subject/tarball.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/cache.h"
#include "sim/subject/xz.h"

#define TAR_BLOCK	512
#define FILE_MAX	(64u << 20)
#define NAME_MAX_TAR	4096
/* How far a block's first header is looked for; some files are longer. */
#define SEARCH_MAX	(1u << 20)

/**
 * struct subject_tarball - an open tarball
 * @path: of it, for complaints
 * @xz: its compressed contents
 * @top: the folder that all paths begin with, '/' included
 * @first: of each block the first path in it without @top; NULL: not looked
 *	at yet; "" if there is none
 * @order: 's': sorted, 'u': not, '\0': not looked at yet
 */
struct subject_tarball {
	char *path;
	struct subject_xz *xz;
	char *top;
	char **first;
	char order;
};

/* A header as it stands in the file (POSIX ustar; GNU's is alike). */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char checksum[8], type, link[100], magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[155], pad[12];
};

/**
 * struct member - what a header says
 * @path: "" at the tarball's end
 * @size: of the contents
 * @type: '0' for a file
 */
struct member {
	char path[NAME_MAX_TAR];
	uint64_t size;
	char type;
};

static uint64_t octal(const char *s, size_t len)
{
	uint64_t value = 0;

	while (len && *s == ' ')
		s++, len--;
	for (; len && *s >= '0' && *s <= '7'; s++, len--)
		value = value * 8 + (*s - '0');
	return value;
}

static bool is_header(const struct header *h)
{
	const unsigned char *bytes = (const unsigned char *)h;
	uint64_t sum = 0;
	size_t i, from = offsetof(struct header, checksum);

	if (memcmp(h->magic, "ustar", 5))
		return false;
	for (i = 0; i < sizeof(*h); i++)
		sum += i >= from && i < from + 8 ? ' ' : bytes[i];
	return sum == octal(h->checksum, sizeof(h->checksum));
}

static void member_of(struct member *m, const struct header *h)
{
	m->size = octal(h->size, sizeof(h->size));
	m->type = h->type ? h->type : '0';
	if (h->prefix[0] && h->version[0] == '0')
		snprintf(m->path, sizeof(m->path), "%.155s/%.100s", h->prefix,
			 h->name);
	else
		snprintf(m->path, sizeof(m->path), "%.100s", h->name);
}

static uint64_t padded(uint64_t size)
{
	return (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* "path" of a POSIX extended header: lines "LENGTH NAME=VALUE". */
static void extended(const char *text, struct member *m)
{
	const char *p = strstr(text, " path=");
	size_t len;

	if (!p)
		return;
	p += 6;
	len = strcspn(p, "\n");
	snprintf(m->path, sizeof(m->path), "%.*s", (int)len, p);
}

/*
 * Read the next header that is about a file or a folder. A long name stands in
 * a member of its own before it. Return: 1, 0 at the end, or -errno with @err.
 */
static int next_member(struct subject_tarball *t, struct member *m,
		       struct subject_error *err)
{
	struct header h;
	struct member longer = { .path = "" };
	char *text;
	int64_t n;

	for (;;) {
		n = subject_xz_read(t->xz, &h, sizeof(h), err);
		if (n < 0)
			return n;
		if (n < (int64_t)sizeof(h) || !h.name[0])
			return 0;
		if (!is_header(&h))
			break;
		member_of(m, &h);
		if (m->type != 'L' && m->type != 'x' && m->type != 'g') {
			if (longer.path[0])
				memcpy(m->path, longer.path, sizeof(m->path));
			return 1;
		}
		if (m->size > (1u << 20))
			break;
		text = subject_must(calloc(1, padded(m->size) + 1));
		n = subject_xz_read(t->xz, text, padded(m->size), err);
		if (n >= 0 && m->type == 'L')
			snprintf(longer.path, sizeof(longer.path), "%s", text);
		else if (n >= 0 && m->type == 'x')
			extended(text, &longer);
		free(text);
		if (n < 0)
			return n;
	}
	snprintf(err->text, sizeof(err->text),
		 "%s: is damaged: expected a tar header", t->path);
	return -EINVAL;
}

/* A path without the top folder; NULL if it does not begin with that. */
static const char *below_top(const struct subject_tarball *t, const char *path)
{
	size_t n = strlen(t->top);

	if (!strncmp(path, "./", 2))
		path += 2;
	return strncmp(path, t->top, n) ? NULL : path + n;
}

/*
 * Go to the first header of block @i, and note its path. Return: 1, 0 if none
 * is near, or -errno with @err.
 */
static int go_to_block(struct subject_tarball *t, unsigned int i,
		       struct member *m, struct subject_error *err)
{
	uint64_t begin = subject_xz_block_begin(t->xz, i);
	uint64_t skip = padded(begin) - begin, searched;
	struct header h;
	const char *path = NULL;
	int64_t n;
	int result;

	result = subject_xz_seek(t->xz, i, err);
	if (result)
		return result;
	n = subject_xz_read(t->xz, NULL, skip, err);
	for (searched = 0; n >= 0 && searched < SEARCH_MAX;
	     searched += sizeof(h)) {
		n = subject_xz_read(t->xz, &h, sizeof(h), err);
		if (n < (int64_t)sizeof(h))
			break;
		if (!is_header(&h))
			continue;
		member_of(m, &h);
		/* One for a long name tells its name only behind it. */
		path = m->type == 'L' || m->type == 'x' || m->type == 'g' ?
			NULL : below_top(t, m->path);
		if (path)
			break;
	}
	if (n < 0)
		return n;
	if (!t->first[i])
		t->first[i] = subject_must(strdup(path ? path : ""));
	return path != NULL;
}

/* As strcmp(), or by folder: a '/' before all other characters. */
static int compare(const char *a, const char *b, bool by_folder)
{
	while (*a && *a == *b)
		a++, b++;
	if (by_folder && *a && *b && (*a == '/') != (*b == '/'))
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a - (unsigned char)*b;
}

/*
 * A block between two others whose first path is known, near the middle.
 * Return: its number, @low if there is none, or -errno with @err.
 */
static int pivot(struct subject_tarball *t, unsigned int low, unsigned int high,
		 struct subject_error *err)
{
	unsigned int middle = (low + high) / 2, away, try, side;
	struct member m;
	int result;

	for (away = 0; away <= high - low; away++) {
		for (side = 0; side < 2; side++) {
			if (side ? middle + away >= high :
				   middle < low + 1 + away)
				continue;
			try = side ? middle + away : middle - away;
			result = t->first[try] ? 0 :
				go_to_block(t, try, &m, err);
			if (result < 0)
				return result;
			if (t->first[try][0])
				return try;
		}
	}
	return low;
}

/* The last block that begins before @what. Return: its number or -errno. */
static int find_block(struct subject_tarball *t, const char *what,
		      bool by_folder, struct subject_error *err)
{
	unsigned int low = 0, high = subject_xz_blocks(t->xz);
	int middle;

	while (high - low > 1) {
		middle = pivot(t, low, high, err);
		if (middle < 0)
			return middle;
		if (middle == low)
			break;
		if (compare(t->first[middle], what, by_folder) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool is_wanted(const char *path, const char *what)
{
	size_t n = strlen(what);

	return what[n - 1] == '/' ? !strncmp(path, what, n) :
				    !strcmp(path, what);
}

/* A path that stays where it is put. */
static bool is_tame(const char *path)
{
	return path[0] && path[0] != '/' && strcmp(path, "..") &&
	       strncmp(path, "../", 3) && !strstr(path, "/../") &&
	       (strlen(path) < 3 || strcmp(path + strlen(path) - 3, "/.."));
}

static int unpack_one(struct subject_tarball *t, const struct member *m,
		      const char *path, const char *to,
		      struct subject_error *err)
{
	char *bytes, *file;
	int64_t n;
	int result;

	if (m->size > FILE_MAX) {
		snprintf(err->text, sizeof(err->text),
			 "%s: %.256s is bigger than 64 MiB", t->path, path);
		return -EFBIG;
	}
	bytes = subject_must(malloc(padded(m->size) + 1));
	n = subject_xz_read(t->xz, bytes, padded(m->size), err);
	if (n < (int64_t)m->size) {
		free(bytes);
		if (n >= 0)
			snprintf(err->text, sizeof(err->text),
				 "%s: ends within %.256s", t->path, path);
		return n < 0 ? n : -EIO;
	}
	file = subject_format("%s/%s", to, path);
	result = subject_make_dirs_above(file);
	if (!result)
		result = subject_write_whole(file, bytes, m->size);
	if (result)
		snprintf(err->text, sizeof(err->text), "%s: %s", file,
			 strerror(-result));
	free(file);
	free(bytes);
	return result;
}

/* May @what still come behind @path, in one of the two orders? */
static bool may_follow(const char *path, const char *what)
{
	return compare(path, what, false) <= 0 || compare(path, what, true) <= 0;
}

/* From block @i on. @sorted: stop where it cannot come any more. */
static int unpack_from(struct subject_tarball *t, unsigned int i,
		       const char *what, const char *to, bool sorted,
		       struct subject_error *err)
{
	struct member m;
	const char *path;
	int64_t n;
	int result, found = 0;

	result = go_to_block(t, i, &m, err);
	while (result > 0) {
		path = below_top(t, m.path);
		if (path && m.type == '0' && is_wanted(path, what) &&
		    is_tame(path)) {
			result = unpack_one(t, &m, path, to, err);
			if (result < 0)
				return result;
			found++;
		} else {
			if (path && sorted && *path && !is_wanted(path, what) &&
			    (found || !may_follow(path, what)))
				break;
			n = m.type == '0' ? padded(m.size) : 0;
			n = subject_xz_read(t->xz, NULL, n, err);
			if (n < 0)
				return n;
		}
		result = next_member(t, &m, err);
	}
	return result < 0 ? result : found;
}

/* Do the blocks begin in order, one of the two? One block tells nothing. */
static int is_sorted(struct subject_tarball *t, struct subject_error *err)
{
	unsigned int i, nr = subject_xz_blocks(t->xz);
	bool plain = nr > 1, folder = nr > 1;
	const char *last = NULL;
	struct member m;
	int result;

	for (i = 0; i < nr; i++) {
		result = t->first[i] ? 0 : go_to_block(t, i, &m, err);
		if (result < 0)
			return result;
		if (last && t->first[i][0]) {
			plain &= compare(last, t->first[i], false) < 0;
			folder &= compare(last, t->first[i], true) < 0;
		}
		if (t->first[i][0])
			last = t->first[i];
	}
	return plain || folder;
}

int subject_tarball_unpack(struct subject_tarball *t, const char *what,
			   const char *to, struct subject_error *err)
{
	int plain, folder;

	if (!t->order) {
		plain = is_sorted(t, err);
		if (plain < 0)
			return plain;
		t->order = plain ? 's' : 'u';
	}
	if (t->order == 'u')
		return unpack_from(t, 0, what, to, false, err);
	plain = find_block(t, what, false, err);
	if (plain < 0)
		return plain;
	folder = find_block(t, what, true, err);
	if (folder < 0)
		return folder;
	return unpack_from(t, plain < folder ? plain : folder, what, to, true,
			   err);
}

int subject_tarball_open(struct subject_tarball **ret, const char *path,
			 struct subject_error *err)
{
	struct subject_tarball *t = subject_must(calloc(1, sizeof(*t)));
	struct member m;
	size_t len;
	int result;

	t->path = subject_must(strdup(path));
	result = subject_xz_open(&t->xz, path, err);
	if (!result) {
		t->first = subject_must(calloc(subject_xz_blocks(t->xz) + 1,
					       sizeof(*t->first)));
		result = subject_xz_seek(t->xz, 0, err);
	}
	if (!result) {
		result = next_member(t, &m, err);
		if (result == 0) {
			snprintf(err->text, sizeof(err->text),
				 "%s: is empty, expected a kernel tree", path);
			result = -EINVAL;
		}
	}
	if (result < 0) {
		subject_tarball_close(t);
		return result;
	}
	len = strncmp(m.path, "./", 2) ? 0 : 2;
	t->top = subject_must(strndup(m.path + len,
				      strcspn(m.path + len, "/") + 1));
	*ret = t;
	return 0;
}

void subject_tarball_close(struct subject_tarball *t)
{
	unsigned int i;

	if (!t)
		return;
	for (i = 0; t->first && i < subject_xz_blocks(t->xz); i++)
		free(t->first[i]);
	free(t->first);
	subject_xz_close(t->xz);
	free(t->top);
	free(t->path);
	free(t);
}

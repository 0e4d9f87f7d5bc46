/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and messages of the parser.
 *
 * Object model: everything that hangs off a struct race is carved from chunks
 * that the race owns, so an error half-way through a file has one thing to
 * free. An array that grows leaves its old copy behind in a chunk; arrays
 * double, and the file's size is bounded, so this stays small.
 */
#include "sim/race/build.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE	8192

/**
 * struct race_chunk - a piece of a race's memory
 * @next: the one before
 * @used: bytes given out
 * @size: bytes in @data
 * @data: zeroed
 */
struct race_chunk {
	struct race_chunk *next;
	size_t used;
	size_t size;
	_Alignas(16) unsigned char data[];
};

/**
 * race_quote - make a piece of the file fit for a message
 * @buf: gets the text in single quotes, NUL-terminated
 * @size: bytes in @buf, at least 64
 * @text: any bytes
 * @len: their number
 *
 * Bytes that do not print become \xNN; what is too long ends in "...".
 *
 * Return: bytes written, without the NUL.
 */
size_t race_quote(char *buf, size_t size, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, n = 0;

	buf[n++] = '\'';
	for (i = 0; i < len && n + 10 < size && i < 40; i++) {
		unsigned char c = text[i];

		if (c >= 0x20 && c < 0x7f) {
			buf[n++] = c;
			continue;
		}
		buf[n++] = '\\';
		buf[n++] = 'x';
		buf[n++] = hex[c >> 4];
		buf[n++] = hex[c & 15];
	}
	if (i < len) {
		memcpy(buf + n, "...", 3);
		n += 3;
	}
	buf[n++] = '\'';
	buf[n] = '\0';
	return n;
}

/**
 * race_fail - refuse the race
 * @b: the parse
 * @loc: the place to name
 * @fmt: what is wrong, and what was expected instead
 *
 * Only the first call counts: what follows an error is often its echo.
 *
 * Return: false, so that a check can end with it.
 */
bool race_fail(struct race_build *b, struct race_loc loc, const char *fmt, ...)
{
	va_list args;
	int n;

	if (b->failed)
		return false;
	b->failed = true;
	b->err->loc = loc;
	n = snprintf(b->err->text, sizeof(b->err->text), "%s:%u:%u: ",
		     b->label, loc.line, loc.col);
	va_start(args, fmt);
	vsnprintf(b->err->text + n, sizeof(b->err->text) - n, fmt, args);
	va_end(args);
	return false;
}

/**
 * race_no_memory - refuse the race because malloc() failed
 * @b: the parse
 *
 * Return: false.
 */
bool race_no_memory(struct race_build *b)
{
	return race_fail(b, b->loc, "out of memory");
}

/**
 * race_alloc - zeroed memory that lives as long as the race
 * @b: the parse
 * @size: bytes
 *
 * Return: the memory, or NULL after race_no_memory().
 */
void *race_alloc(struct race_build *b, size_t size)
{
	struct race_chunk *chunk = b->race->chunks;
	size_t room;
	void *p;

	size = (size + 15) & ~(size_t)15;
	if (!chunk || chunk->size - chunk->used < size) {
		room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk) {
			race_no_memory(b);
			return NULL;
		}
		chunk->size = room;
		chunk->next = b->race->chunks;
		b->race->chunks = chunk;
	}
	p = chunk->data + chunk->used;
	chunk->used += size;
	return p;
}

/**
 * race_strdup - a copy of a piece of text that lives as long as the race
 * @b: the parse
 * @text: need not be terminated
 * @len: bytes
 *
 * Return: a NUL-terminated copy, or NULL after race_no_memory().
 */
char *race_strdup(struct race_build *b, const char *text, size_t len)
{
	char *copy = race_alloc(b, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

/**
 * race_grow - room for one more element; see race_push()
 * @b: the parse
 * @array: the elements, or NULL
 * @nr: how many are in use
 * @size: bytes of one
 *
 * Return: an array with at least one zeroed element after the @nr in use, or
 * NULL after race_no_memory().
 */
void *race_grow(struct race_build *b, void *array, uint32_t nr, size_t size)
{
	void *copy;

	/* Full exactly when the count is 0 or a power of two. */
	if (nr & (nr - 1))
		return array;
	copy = race_alloc(b, (nr ? 2 * (size_t)nr : 1) * size);
	if (copy && nr)
		memcpy(copy, array, nr * size);
	return copy;
}

/**
 * race_free - free a race and all it owns
 * @race: or NULL
 */
void race_free(struct race *race)
{
	struct race_chunk *chunk, *next;

	if (!race)
		return;
	for (chunk = race->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(race);
}

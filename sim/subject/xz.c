/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An .xz file, read from any of its blocks on (liblzma).
 */
#include "sim/subject/xz.h"

#include <errno.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MEMORY_MAX	(512u << 20)
#define BUFFER		(64u << 10)

struct block {
	uint64_t file_at, file_size, begin, size, unpadded;
	lzma_check check;
};

/**
 * struct subject_xz - an open file
 * @path: of it, for complaints
 * @file: itself
 * @block: all blocks
 * @nr: how many
 * @room: allocated
 * @current: the one that is read
 * @decoding: @stream is in the middle of it
 * @stream: the decoder
 * @options: of the block's filters
 * @file_left: bytes of the block that were not read from the file yet
 * @at: place in what the file contains
 */
struct subject_xz {
	char *path;
	FILE *file;
	struct block *block;
	size_t nr, room;
	unsigned int current;
	bool decoding;
	lzma_stream stream;
	lzma_block options;
	lzma_filter filters[LZMA_FILTERS_MAX + 1];
	uint64_t file_left, at;
	uint8_t in[BUFFER];
};

static int refuse(const struct subject_xz *xz, struct subject_error *err,
		  int error, const char *what)
{
	snprintf(err->text, sizeof(err->text), "%s: %s", xz->path, what);
	return -error;
}

/* Read the list of blocks, which stands at the file's end. */
static lzma_ret read_index(struct subject_xz *xz, uint64_t size,
			   lzma_index **index)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret ret;

	ret = lzma_file_info_decoder(&stream, index, MEMORY_MAX, size);
	while (ret == LZMA_OK || ret == LZMA_SEEK_NEEDED) {
		if (ret == LZMA_SEEK_NEEDED) {
			if (fseeko(xz->file, stream.seek_pos, SEEK_SET))
				break;
			stream.avail_in = 0;
		}
		if (!stream.avail_in) {
			stream.next_in = xz->in;
			stream.avail_in = fread(xz->in, 1, sizeof(xz->in),
						xz->file);
			if (!stream.avail_in)
				break;
		}
		ret = lzma_code(&stream, LZMA_RUN);
	}
	lzma_end(&stream);
	return ret;
}

static void take_blocks(struct subject_xz *xz, const lzma_index *index)
{
	lzma_index_iter iter;
	struct block *b;

	lzma_index_iter_init(&iter, index);
	while (!lzma_index_iter_next(&iter, LZMA_INDEX_ITER_NONEMPTY_BLOCK)) {
		xz->block = subject_grow(xz->block, xz->nr, &xz->room,
					 sizeof(*xz->block));
		b = &xz->block[xz->nr++];
		b->file_at = iter.block.compressed_file_offset;
		b->file_size = iter.block.total_size;
		b->begin = iter.block.uncompressed_file_offset;
		b->size = iter.block.uncompressed_size;
		b->unpadded = iter.block.unpadded_size;
		b->check = iter.stream.flags ? iter.stream.flags->check :
					       LZMA_CHECK_NONE;
	}
}

int subject_xz_open(struct subject_xz **ret, const char *path,
		    struct subject_error *err)
{
	struct subject_xz *xz = subject_must(calloc(1, sizeof(*xz)));
	static const lzma_stream fresh = LZMA_STREAM_INIT;
	lzma_index *index = NULL;
	struct stat st;
	int result = 0;

	xz->path = subject_must(strdup(path));
	xz->stream = fresh;
	xz->file = fopen(path, "rbe");
	if (!xz->file || fstat(fileno(xz->file), &st))
		result = refuse(xz, err, errno, strerror(errno));
	else if (read_index(xz, st.st_size, &index) != LZMA_STREAM_END)
		result = refuse(xz, err, EINVAL,
				"is damaged, or no .xz file: expected a folder "
				"with a kernel tree, or Debian's .tar.xz of one");
	if (!result) {
		take_blocks(xz, index);
		*ret = xz;
	}
	lzma_index_end(index, NULL);
	if (result)
		subject_xz_close(xz);
	return result;
}

/* The block being read is done with. */
static void stop(struct subject_xz *xz)
{
	unsigned int i;

	if (!xz->decoding)
		return;
	for (i = 0; i < LZMA_FILTERS_MAX &&
	     xz->filters[i].id != LZMA_VLI_UNKNOWN; i++)
		free(xz->filters[i].options);
	xz->decoding = false;
}

void subject_xz_close(struct subject_xz *xz)
{
	if (!xz)
		return;
	stop(xz);
	lzma_end(&xz->stream);
	if (xz->file)
		fclose(xz->file);
	free(xz->block);
	free(xz->path);
	free(xz);
}

unsigned int subject_xz_blocks(const struct subject_xz *xz)
{
	return xz->nr;
}

uint64_t subject_xz_block_begin(const struct subject_xz *xz, unsigned int i)
{
	return xz->block[i].begin;
}

uint64_t subject_xz_at(const struct subject_xz *xz)
{
	return xz->at;
}

static int damaged(const struct subject_xz *xz, struct subject_error *err)
{
	return refuse(xz, err, EIO, "is damaged: a block cannot be read");
}

int subject_xz_seek(struct subject_xz *xz, unsigned int i,
		    struct subject_error *err)
{
	const struct block *b;
	uint32_t head;

	stop(xz);
	xz->current = i;
	xz->at = UINT64_MAX;
	if (i >= xz->nr)
		return 0;
	b = &xz->block[i];
	xz->at = b->begin;
	memset(&xz->options, 0, sizeof(xz->options));
	xz->options.check = b->check;
	xz->options.filters = xz->filters;
	if (fseeko(xz->file, b->file_at, SEEK_SET) ||
	    fread(xz->in, 1, 1, xz->file) != 1 || !xz->in[0])
		return damaged(xz, err);
	head = lzma_block_header_size_decode(xz->in[0]);
	xz->options.header_size = head;
	if (fread(xz->in + 1, 1, head - 1, xz->file) != head - 1 ||
	    lzma_block_header_decode(&xz->options, NULL, xz->in) != LZMA_OK)
		return damaged(xz, err);
	xz->decoding = true;
	if (lzma_block_compressed_size(&xz->options, b->unpadded) != LZMA_OK ||
	    lzma_block_decoder(&xz->stream, &xz->options) != LZMA_OK)
		return damaged(xz, err);
	xz->stream.avail_in = 0;
	xz->file_left = b->file_size - head;
	return 0;
}

/* Decode into @bytes. Return: how many bytes, 0 at the block's end, or < 0. */
static int64_t decode(struct subject_xz *xz, void *bytes, size_t size)
{
	lzma_stream *s = &xz->stream;
	lzma_ret ret = LZMA_OK;
	size_t want;

	s->next_out = bytes;
	s->avail_out = size;
	while (ret == LZMA_OK && s->avail_out == size) {
		if (!s->avail_in && xz->file_left) {
			want = xz->file_left < BUFFER ? xz->file_left : BUFFER;
			s->next_in = xz->in;
			s->avail_in = fread(xz->in, 1, want, xz->file);
			if (s->avail_in != want)
				return -1;
			xz->file_left -= want;
		}
		ret = lzma_code(s, LZMA_RUN);
	}
	if (ret != LZMA_OK && ret != LZMA_STREAM_END)
		return -1;
	return size - s->avail_out;
}

int64_t subject_xz_read(struct subject_xz *xz, void *bytes, uint64_t size,
			struct subject_error *err)
{
	uint8_t *to = bytes, spare[4096];
	uint64_t done = 0, want;
	int64_t n;

	while (done < size && xz->current < xz->nr) {
		want = size - done;
		if (!bytes && want > sizeof(spare))
			want = sizeof(spare);
		n = decode(xz, bytes ? to + done : spare, want);
		if (n < 0)
			return damaged(xz, err);
		done += n;
		xz->at += n;
		if (!n && subject_xz_seek(xz, xz->current + 1, err))
			return -EIO;
	}
	return done;
}

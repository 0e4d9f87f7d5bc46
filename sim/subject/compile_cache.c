/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where compiled subjects are kept, and under which names: see compile.h.  A
 * name is a hash of the compiler (its file, size and date), the flags, the
 * text, the headers that it includes of the user's, and all of the simulator's.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/subject/cache.h"
#include "sim/subject/compile_private.h"
#include "sim/subject/headers.h"

static void feed(XXH3_state_t *h, const char *text)
{
	XXH3_128bits_update(h, text, strlen(text) + 1);
}

static void feed_compiler(XXH3_state_t *h, const char *file)
{
	struct stat st;

	feed(h, file);
	if (stat(file, &st))
		return;
	XXH3_128bits_update(h, &st.st_size, sizeof(st.st_size));
	XXH3_128bits_update(h, &st.st_mtim.tv_sec, sizeof(st.st_mtim.tv_sec));
}

char *compile_cache_path(const char *compiler, const struct words *cc,
			 const struct words *flags, const struct subject_compile *c,
			 struct subject_error *err)
{
	char *dir = subject_cache_dir("subjects", err), *path;
	struct subject_text near = { NULL, 0, 0 };
	XXH3_state_t *h;
	XXH128_hash_t x;
	size_t i;

	if (!dir)
		return NULL;
	h = subject_must(XXH3_createState());
	XXH3_128bits_reset(h);
	feed_compiler(h, compiler);
	for (i = 0; i < cc->nr; i++)
		feed(h, cc->at[i]);
	for (i = 0; i < flags->nr; i++)
		feed(h, flags->at[i]);
	feed(h, subject_headers_id);
	XXH3_128bits_update(h, c->text->at, c->text->len);
	subject_headers_near(&near, c->text->at, c->near);
	XXH3_128bits_update(h, near.len ? near.at : "", near.len);
	subject_text_free(&near);
	x = XXH3_128bits_digest(h);
	XXH3_freeState(h);
	path = subject_format("%s/%016llx%016llx.so", dir, (unsigned long long)x.high64,
			      (unsigned long long)x.low64);
	free(dir);
	return path;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where compiled subjects are kept, and under which names: see compile.h.  A
 * name is a hash of the compiler (its file, size and date), the flags, the
 * text and all headers of the simulator's.
 */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/subject/compile_private.h"

static void feed(XXH3_state_t *h, const char *text)
{
	XXH3_128bits_update(h, text, strlen(text) + 1);
}

static void feed_file(XXH3_state_t *h, const char *path)
{
	struct subject_source s;
	struct subject_error err;

	if (subject_source_read(&s, path, &err))
		return;
	XXH3_128bits_update(h, s.text, s.size);
	subject_source_free(&s);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* All headers below a folder, in order. */
static void feed_headers(XXH3_state_t *h, const char *dir, const char *below)
{
	char *path, *paths[2] = { NULL, NULL };
	FTSENT *e;
	FTS *fts;

	if (asprintf(&path, "%s%s", dir, below) < 0)
		subject_must(NULL);
	paths[0] = path;
	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, by_name);
	while (fts && (e = fts_read(fts))) {
		if (e->fts_info == FTS_D || e->fts_namelen < 3 ||
		    strcmp(e->fts_name + e->fts_namelen - 2, ".h"))
			continue;
		feed(h, e->fts_path + strlen(dir));
		feed_file(h, e->fts_path);
	}
	if (fts)
		fts_close(fts);
	free(path);
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

/* Make a folder and those above it. */
static int make_dirs(char *path)
{
	char *p;

	for (p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0777) && errno != EEXIST) {
			*p = '/';
			return -errno;
		}
		*p = '/';
	}
	return mkdir(path, 0777) && errno != EEXIST ? -errno : 0;
}

static char *cache_dir(struct subject_error *err)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *dir = NULL;
	int r;

	if (!(xdg && *xdg == '/') && !(home && *home == '/')) {
		snprintf(err->text, sizeof(err->text), "neither XDG_CACHE_HOME nor HOME says "
			 "where the cache is to be");
		return NULL;
	}
	if (xdg && *xdg == '/')
		r = asprintf(&dir, "%s/pinsim", xdg);
	else
		r = asprintf(&dir, "%s/.cache/pinsim", home);
	if (r < 0)
		subject_must(NULL);
	r = make_dirs(dir);
	if (!r)
		return dir;
	snprintf(err->text, sizeof(err->text), "%s: the cache cannot be made: %s", dir,
		 strerror(-r));
	free(dir);
	return NULL;
}

char *compile_cache_path(const char *compiler, const struct words *cc,
			 const struct words *flags, const struct subject_text *text,
			 char *const dirs[2], struct subject_error *err)
{
	char *dir = cache_dir(err), *path = NULL;
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
	feed_headers(h, dirs[0], "");
	/* In a source tree; an installation has them below the other folder. */
	feed_headers(h, dirs[1], "/sim/core");
	feed_headers(h, dirs[1], "/sim/engine");
	XXH3_128bits_update(h, text->at, text->len);
	x = XXH3_128bits_digest(h);
	XXH3_freeState(h);
	if (asprintf(&path, "%s/%016llx%016llx.so", dir, (unsigned long long)x.high64,
		     (unsigned long long)x.low64) < 0)
		subject_must(NULL);
	free(dir);
	return path;
}

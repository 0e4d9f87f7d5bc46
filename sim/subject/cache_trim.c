/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounds of the cache: see cache.h.  A file or folder is dated by its last use,
 * not its last change.  Who uses one dates it under a shared lock of the folder
 * that it is in; who removes some looks at their dates under an exclusive one:
 * so nothing goes between somebody's finding it and reading it, if that takes
 * no longer than GRACE.  Where there are no locks, as on some networks, that
 * is no more than likely.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/subject/cache.h"

#define MIB_DEFAULT	256ULL
#define AGE_MAX		(30 * 24 * 3600)	/* seconds */
#define GRACE		600			/* likewise */
#define GONE		".gone"			/* being removed */

/* One file or folder. */
struct entry {
	char *path;
	uint64_t size;
	time_t used;
};

struct entries {
	struct entry *at;
	size_t nr, room;
	uint64_t size;
};

/* The folder that a path is in, open and locked; or -1. */
static int lock_above(const char *path, int how)
{
	char *dir = subject_folder_of(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(dir);
	if (fd >= 0)
		while (flock(fd, how) && errno == EINTR)
			;
	return fd;
}

bool subject_cache_use(const char *path)
{
	int fd = lock_above(path, LOCK_SH);
	bool there = !utimensat(AT_FDCWD, path, NULL, 0) ||
		     /* In a cache that is not ours to write to. */
		     (errno != ENOENT && !access(path, R_OK));

	if (fd >= 0)
		close(fd);
	return there;
}

static uint64_t size_max(void)
{
	const char *text = getenv("PINSIM_CACHE_MIB");
	unsigned long long mib = MIB_DEFAULT;
	char *end;

	if (text && *text >= '0' && *text <= '9') {
		mib = strtoull(text, &end, 10);
		if (*end || mib > 1ULL << 40)
			mib = MIB_DEFAULT;
	}
	return mib << 20;
}

/* Bytes of all files in a folder, or of a file. */
static uint64_t size_of(const char *path)
{
	char *copy = subject_must(strdup(path)), *paths[2] = { copy, NULL };
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	uint64_t sum = 0;
	FTSENT *e;

	while (fts && (e = fts_read(fts)))
		if (e->fts_info == FTS_F)
			sum += e->fts_statp->st_size;
	if (fts)
		fts_close(fts);
	free(copy);
	return sum;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && !strcmp(text + len - n, end);
}

static void list(struct entries *ret, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *de;
	struct stat st;

	while (d && (de = readdir(d))) {
		struct entry *e;
		char *path;

		if (de->d_name[0] == '.')
			continue;
		path = subject_format("%s/%s", dir, de->d_name);
		if (lstat(path, &st)) {
			free(path);
			continue;
		}
		ret->at = subject_grow(ret->at, ret->nr, &ret->room, sizeof(*ret->at));
		e = &ret->at[ret->nr++];
		e->path = path;
		e->size = size_of(path);
		/* What somebody did not come to the end of removing goes first. */
		e->used = ends_in(path, GONE) ? 0 : st.st_mtim.tv_sec;
		ret->size += e->size;
	}
	if (d)
		closedir(d);
}

/* A folder goes as a whole, even if nobody sees to the end of it. */
static void remove_entry(const char *path)
{
	char *gone = subject_format("%s" GONE, path);

	if (ends_in(path, GONE) || rename(path, gone))
		subject_remove_all(path);
	else
		subject_remove_all(gone);
	free(gone);
}

static int by_use(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->used != y->used)
		return x->used < y->used ? -1 : 1;
	return strcmp(x->path, y->path);
}

void subject_cache_trim(const char *path)
{
	int fd = lock_above(path, LOCK_EX);
	struct entries all = { NULL, 0, 0, 0 };
	uint64_t most = size_max();
	time_t now = time(NULL);
	char *dir;
	size_t i;

	if (fd < 0)
		return;
	dir = subject_folder_of(path);
	list(&all, dir);
	if (all.nr)
		qsort(all.at, all.nr, sizeof(*all.at), by_use);
	for (i = 0; i < all.nr; i++) {
		const struct entry *e = &all.at[i];

		if ((all.size > most || e->used < now - AGE_MAX) && e->used < now - GRACE) {
			remove_entry(e->path);
			all.size -= e->size;
		}
		free(e->path);
	}
	free(all.at);
	free(dir);
	close(fd);
}

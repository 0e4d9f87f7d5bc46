/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's cache folder, and files in it that appear whole or not at all.
 */
#include "sim/subject/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *subject_format(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return subject_must(len < 0 ? NULL : text);
}

char *subject_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return subject_must(strdup("."));
	return subject_must(slash == path ? strdup("/") : strndup(path, slash - path));
}

int subject_make_dirs(const char *path)
{
	char *copy = subject_must(strdup(path)), *p;
	int result = 0;

	for (p = copy + 1; *p && !result; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			result = -errno;
		*p = '/';
	}
	if (!result && mkdir(copy, 0777) && errno != EEXIST)
		result = -errno;
	free(copy);
	return result;
}

int subject_make_dirs_above(const char *path)
{
	char *dir = subject_folder_of(path);
	int result = subject_make_dirs(dir);

	free(dir);
	return result;
}

/* The folder in @base, if it can be made and is ours to write to. */
static char *try_base(const char *base, const char *name, const char *below)
{
	char *dir;

	if (!base || base[0] != '/')
		return NULL;
	dir = subject_format("%s/%s/%s", base, name, below);
	if (!subject_make_dirs(dir) && !access(dir, W_OK | X_OK))
		return dir;
	free(dir);
	return NULL;
}

/* In a folder that all share somebody else may have taken the name. */
static char *try_shared(const char *base, const char *below)
{
	char *name = subject_format("pinsim-%u", (unsigned int)getuid());
	char *top = subject_format("%s/%s", base, name), *dir = NULL;
	struct stat st;

	if (mkdir(top, 0700) && errno != EEXIST)
		;
	else if (!lstat(top, &st) && S_ISDIR(st.st_mode) &&
		 st.st_uid == getuid())
		dir = try_base(base, name, below);
	free(name);
	free(top);
	return dir;
}

char *subject_cache_dir(const char *below, struct subject_error *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir;

	dir = try_base(getenv("XDG_CACHE_HOME"), "pinsim", below);
	if (!dir)
		dir = try_base(getenv("HOME"), ".cache/pinsim", below);
	if (!dir && tmp && tmp[0] == '/')
		dir = try_shared(tmp, below);
	if (!dir)
		dir = try_shared("/tmp", below);
	if (!dir)
		snprintf(err->text, sizeof(err->text),
			 "no cache can be made: expected a folder that can be "
			 "written to in XDG_CACHE_HOME, HOME or TMPDIR");
	return dir;
}

char *subject_temp(const char *path, const char *end)
{
	char *fresh = subject_format("%s.XXXXXX%s", path, end);
	int fd = mkostemps(fresh, strlen(end), O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return fresh;
	}
	free(fresh);
	return NULL;
}

int subject_write_whole(const char *path, const void *bytes, size_t size)
{
	char *fresh = subject_format("%s.XXXXXX", path);
	const char *at = bytes;
	ssize_t n;
	int fd, result = 0;

	fd = mkostemp(fresh, O_CLOEXEC);
	if (fd < 0) {
		result = -errno;
		free(fresh);
		return result;
	}
	while (size && !result) {
		n = write(fd, at, size);
		if (n < 0 && errno != EINTR)
			result = -errno;
		if (n > 0) {
			at += n;
			size -= n;
		}
	}
	if (!result && fchmod(fd, 0644))
		result = -errno;
	if (close(fd) && !result)
		result = -errno;
	if (!result && rename(fresh, path))
		result = -errno;
	if (result)
		unlink(fresh);
	free(fresh);
	return result;
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *ftw)
{
	remove(path);
	return 0;
}

void subject_remove_all(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

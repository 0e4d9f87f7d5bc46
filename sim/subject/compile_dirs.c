/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the simulator's headers are: see compile.h. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/subject/compile_private.h"

/* Are they there? A folder that has this one has all. */
static bool has_headers(const char *dir)
{
	char *probe;
	bool yes;

	if (asprintf(&probe, "%s/pinsim/subject.h", dir) < 0)
		subject_must(NULL);
	yes = !access(probe, R_OK);
	free(probe);
	return yes;
}

static char *join(const char *dir, const char *below)
{
	char *path;

	if (asprintf(&path, "%s%s", dir, below) < 0)
		subject_must(NULL);
	return path;
}

/* The folder of a file, to be freed; @file is cut. */
static char *folder(char *file)
{
	if (strrchr(file, '/'))
		*strrchr(file, '/') = '\0';
	return subject_must(strdup(file));
}

/* The folder that this program runs from, to be freed. */
static char *own_dir(void)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n > 0 ? n : 0] = '\0';
	return folder(exe);
}

/* That of the library which this is in, if it is in one. */
static char *library_dir(void)
{
	Dl_info info;
	char *file = NULL, *dir;

	if (dladdr(subject_build_dir, &info) && info.dli_fname)
		file = realpath(info.dli_fname, NULL);
	dir = file ? folder(file) : NULL;
	free(file);
	return dir;
}

/* Does it run from where it was built? An installed library was built nowhere. */
static bool is_in_build_dir(const char *dir)
{
	size_t len = strlen(subject_build_dir);

	return len && !strncmp(dir, subject_build_dir, len) && (dir[len] == '/' || !dir[len]);
}

/* A folder that has headers, to be freed; or NULL. */
static char *beside(const char *dir, const char *way)
{
	char *at = dir ? join(dir, way) : NULL;

	if (at && has_headers(at))
		return at;
	free(at);
	return NULL;
}

/* Beside the program, or the library; or where they were to be installed. */
static char *installed(const char *dir)
{
	char *lib = library_dir(), *at = beside(dir, "/../share/pinsim/include");

	at = at ?: beside(lib, "/../share/pinsim/include");
	/* As in lib/x86_64-linux-gnu. */
	at = at ?: beside(lib, "/../../share/pinsim/include");
	free(lib);
	return at ?: join(subject_installed_dir, "");
}

int subject_include_dirs(char *ret[2], struct subject_error *err)
{
	const char *own = getenv("PINSIM_INCLUDE");
	char *dir = own_dir();

	if (!(own && *own) && is_in_build_dir(dir)) {
		ret[0] = join(subject_source_dir, "/fakes/include");
		ret[1] = join(subject_source_dir, "");
	} else {
		ret[0] = own && *own ? join(own, "") : installed(dir);
		ret[1] = join(ret[0], "");
	}
	free(dir);
	if (has_headers(ret[0]))
		return 0;
	snprintf(err->text, sizeof(err->text), "%s: pinsim's headers for code under test are not "
		 "there ($PINSIM_INCLUDE names their folder)", ret[0]);
	free(ret[0]);
	free(ret[1]);
	ret[0] = NULL;
	ret[1] = NULL;
	return -ENOENT;
}

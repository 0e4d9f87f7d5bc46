/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the simulator's headers are: see compile.h. */
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

/* Does this program run from where it was built? */
static bool is_in_build_dir(void)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t len = strlen(subject_build_dir);

	if (n <= 0)
		return false;
	exe[n] = '\0';
	return !strncmp(exe, subject_build_dir, len) && exe[len] == '/';
}

int subject_include_dirs(char *ret[2], struct subject_error *err)
{
	const char *own = getenv("PINSIM_INCLUDE");
	const char *dir = own && *own ? own : subject_installed_dir;

	if (!(own && *own) && is_in_build_dir()) {
		ret[0] = join(subject_source_dir, "/fakes/include");
		ret[1] = join(subject_source_dir, "");
	} else {
		ret[0] = join(dir, "");
		ret[1] = join(dir, "");
	}
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

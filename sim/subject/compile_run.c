/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting the compiler and reading what it says: see compile.h. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/subject/compile_private.h"

#define LOG_MAX	(4u << 20)

extern char **environ;

static int start(const struct words *command, int out, pid_t *ret)
{
	posix_spawn_file_actions_t io;
	int r = posix_spawn_file_actions_init(&io);

	if (r)
		return -r;
	r = posix_spawn_file_actions_addopen(&io, 0, "/dev/null", O_RDONLY, 0);
	if (!r)
		r = posix_spawn_file_actions_adddup2(&io, out, 1);
	if (!r)
		r = posix_spawn_file_actions_adddup2(&io, out, 2);
	if (!r)
		r = posix_spawnp(ret, command->at[0], &io, NULL, command->at, environ);
	posix_spawn_file_actions_destroy(&io);
	return -r;
}

static void read_all(int fd, struct subject_text *out)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && out->len < LOG_MAX)
			subject_text_add(out, buf, n);
}

/* The first line of a log that speaks of an error, or the first of all. */
static void first_error(const struct subject_text *log, struct subject_error *err)
{
	const char *line = log->len ? log->at : "it says nothing";
	const char *at = log->len ? strstr(log->at, "error: ") : NULL;

	while (at && at > log->at && at[-1] != '\n')
		at--;
	if (at)
		line = at;
	snprintf(err->text, sizeof(err->text), "%.*s", (int)strcspn(line, "\n"), line);
}

int compile_run(const struct words *command, struct subject_text *out,
		struct subject_error *err)
{
	int fd[2], status, r;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC)) {
		r = -errno;
		snprintf(err->text, sizeof(err->text), "no pipe to %s: %s", command->at[0],
			 strerror(errno));
		return r;
	}
	r = start(command, fd[1], &pid);
	close(fd[1]);
	if (!r) {
		read_all(fd[0], out);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (status) {
			first_error(out, err);
			r = -EINVAL;
		}
	} else {
		snprintf(err->text, sizeof(err->text), "%s: %s", command->at[0], strerror(-r));
	}
	close(fd[0]);
	return r;
}

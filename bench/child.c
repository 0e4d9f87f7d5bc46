/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fork, run, wait.  The limit is an alarm, which survives exec().
 */
#include "bench/child.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

static _Noreturn void become(const struct bench_child *c, int out)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDERR_FILENO);
	}
	dup2(out, STDOUT_FILENO);
	if (!c->dir || !chdir(c->dir)) {
		alarm(c->limit);
		execvp(c->argv[0], (char *const *)c->argv);
	}
	_exit(127);
}

/* All of it is read, what there is no room for is dropped. */
static void read_out(struct bench_child *c, int fd)
{
	char rest[4096];
	size_t used = 0;
	ssize_t n;

	do {
		size_t room = sizeof(c->out) - 1 - used;

		n = room ? read(fd, c->out + used, room) : read(fd, rest, sizeof(rest));
		if (room && n > 0)
			used += n;
	} while (n > 0);
	c->out[used] = '\0';
}

int bench_child(struct bench_child *c)
{
	double start = bench_now();
	struct rusage usage;
	int out[2], status;
	pid_t pid;

	c->out[0] = '\0';
	if (pipe2(out, O_CLOEXEC))
		return 1;
	pid = fork();
	if (!pid)
		become(c, out[1]);
	close(out[1]);
	if (pid > 0)
		read_out(c, out[0]);
	close(out[0]);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 1;
	c->seconds = bench_now() - start;
	c->resident_kib = usage.ru_maxrss;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		return 2;
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

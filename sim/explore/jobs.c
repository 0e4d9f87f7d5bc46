/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of processes: see jobs.h.
 *
 * Two pipes to a worker.  A worker has one line to answer at a time, so that
 * neither end can block the other, and whoever dies is known by its line.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/explore/jobs.h"

#define TICK_MS		200

/**
 * struct worker - one process, as the parent sees it
 * @pid: 0 if there is none
 * @ask: pipe to it, -1 once closed
 * @answer: pipe from it
 * @line: what it was asked, NULL if it waits
 * @buf: of its answer so far
 * @used: bytes of it
 * @size: of @buf
 */
struct worker {
	pid_t pid;
	int ask, answer;
	char *line, *buf;
	size_t used, size;
};

struct pool {
	const struct jobs *jobs;
	struct worker *worker;
	unsigned int nr;
	bool told;		/* of an interruption */
};

static int write_line(int fd, const char *line)
{
	size_t len = strlen(line) + 1;
	char *copy = malloc(len + 1), *p = copy;
	ssize_t n = 0;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, line, len - 1);
	memcpy(copy + len - 1, "\n", 2);
	while (len && (n = write(fd, p, len)) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		p += n < 0 ? 0 : n;
		len -= n < 0 ? 0 : n;
	}
	free(copy);
	return len ? -EPIPE : 0;
}

/* --- in a worker ---------------------------------------------------------- */

static _Noreturn void serve(const struct jobs *jobs, int ask, int answer, pid_t parent)
{
	FILE *in = fdopen(ask, "r");
	char *line = NULL, *text;
	size_t size = 0;
	ssize_t len;

	/* Whatever becomes of the parent, the worker does not go on without it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!in || getppid() != parent)
		_exit(3);
	errno = 0;
	while ((len = getline(&line, &size, in)) > 0 || (errno == EINTR && !feof(in))) {
		if (len <= 0) {
			clearerr(in);
			continue;
		}
		line[len - 1] = '\0';
		text = jobs->work(jobs->arg, line);
		if (!text || write_line(answer, text))
			_exit(3);
		free(text);
		errno = 0;
	}
	free(line);
	fclose(in);
	exit(0);
}

/* --- in the parent -------------------------------------------------------- */

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int start(struct pool *pool, struct worker *w)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 };
	pid_t parent = getpid();
	unsigned int i;

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		goto failed;
	fflush(stdout);
	fflush(stderr);
	w->pid = fork();
	if (w->pid < 0)
		goto failed;
	if (!w->pid) {
		/* The end of the parent's pipe must be the end: no copies. */
		for (i = 0; i < pool->nr; i++) {
			close_end(&pool->worker[i].ask);
			close_end(&pool->worker[i].answer);
		}
		close(to[1]);
		close(from[0]);
		serve(pool->jobs, to[0], from[1], parent);
	}
	close(to[0]);
	close(from[1]);
	w->ask = to[1];
	w->answer = from[0];
	return 0;
failed:
	w->pid = 0;
	close_end(&to[0]);
	close_end(&to[1]);
	close_end(&from[0]);
	close_end(&from[1]);
	return -errno;
}

/* How a worker ended that should not have. Nothing is left of it but its line. */
static void bury(struct worker *w, char *error, size_t size)
{
	int status = 0;

	close_end(&w->ask);
	close_end(&w->answer);
	if (waitpid(w->pid, &status, 0) < 0)
		status = 0;
	w->pid = 0;
	w->used = 0;
	if (WIFSIGNALED(status))
		snprintf(error, size, "its process was killed by signal %d, %s",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(error, size, "its process ended with status %d",
			 WEXITSTATUS(status));
}

static int died(struct pool *pool, struct worker *w, char **ret_line, char *error, size_t size)
{
	const struct jobs *jobs = pool->jobs;
	int err;

	bury(w, error, size);
	if (!jobs->died) {
		*ret_line = w->line;
		w->line = NULL;
		return -EPIPE;
	}
	err = jobs->died(jobs->arg, w->line, error);
	*error = '\0';
	free(w->line);
	w->line = NULL;
	return err ? err : start(pool, w);
}

static bool is_interrupted(const struct pool *pool)
{
	return pool->jobs->interrupted && *pool->jobs->interrupted;
}

/* Hand out lines as long as there are some and somebody waits. */
static int hand_out(struct pool *pool, char **ret_line, char *error, size_t size)
{
	const struct jobs *jobs = pool->jobs;
	unsigned int i;

	for (i = 0; i < pool->nr && !is_interrupted(pool); i++) {
		struct worker *w = &pool->worker[i];

		if (w->line)
			continue;
		w->line = jobs->next(jobs->arg);
		if (!w->line)
			return 0;
		if (write_line(w->ask, w->line))
			return died(pool, w, ret_line, error, size);
	}
	return 0;
}

/* Read what there is. Return: 0; 1 at the end of an answer; -EPIPE, -ENOMEM. */
static int receive(struct worker *w)
{
	ssize_t n;

	if (w->size - w->used < 65536) {
		char *more = realloc(w->buf, 2 * w->size + 65536);

		if (!more)
			return -ENOMEM;
		w->buf = more;
		w->size = 2 * w->size + 65536;
	}
	n = read(w->answer, w->buf + w->used, w->size - w->used);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return -EPIPE;
	w->used += n;
	return w->buf[w->used - 1] == '\n';
}

static int take(struct pool *pool, struct worker *w, char **ret_line, char *error, size_t size)
{
	int err = receive(w);

	if (err == -EPIPE)
		return died(pool, w, ret_line, error, size);
	if (err <= 0)
		return err;
	w->buf[w->used - 1] = '\0';
	w->used = 0;
	err = pool->jobs->done(pool->jobs->arg, w->line, w->buf);
	free(w->line);
	w->line = NULL;
	return err;
}

static void tell(struct pool *pool)
{
	unsigned int i;

	for (i = 0; i < pool->nr; i++)
		if (pool->worker[i].pid)
			kill(pool->worker[i].pid, SIGINT);
	pool->told = true;
}

/* Wait for answers once. Return: 1 if nobody has anything to answer. */
static int turn(struct pool *pool, struct pollfd *fd, char **ret_line, char *error, size_t size)
{
	unsigned int i, busy = 0;
	int err = 0;

	for (i = 0; i < pool->nr; i++) {
		fd[i] = (struct pollfd){ .fd = pool->worker[i].answer, .events = POLLIN };
		busy += pool->worker[i].line != NULL;
	}
	if (!busy)
		return 1;
	if (poll(fd, pool->nr, TICK_MS) < 0 && errno != EINTR)
		return -errno;
	if (is_interrupted(pool) && !pool->told)
		tell(pool);
	for (i = 0; i < pool->nr && !err; i++)
		if (fd[i].revents)
			err = take(pool, &pool->worker[i], ret_line, error, size);
	return err;
}

static void end(struct pool *pool, bool at_once)
{
	unsigned int i;

	for (i = 0; i < pool->nr; i++) {
		struct worker *w = &pool->worker[i];

		close_end(&w->ask);
		close_end(&w->answer);
		if (w->pid && at_once)
			kill(w->pid, SIGKILL);
	}
	for (i = 0; i < pool->nr; i++) {
		struct worker *w = &pool->worker[i];

		if (w->pid)
			waitpid(w->pid, NULL, 0);
		free(w->line);
		free(w->buf);
	}
}

static int run(struct pool *pool, struct pollfd *fd, char **ret_line, char *error, size_t size)
{
	const struct jobs *jobs = pool->jobs;
	int err = 0;

	while (!err) {
		err = hand_out(pool, ret_line, error, size);
		if (!err)
			err = turn(pool, fd, ret_line, error, size);
		if (!err && jobs->tick)
			err = jobs->tick(jobs->arg);
	}
	return err < 0 ? err : 0;
}

int jobs_run(const struct jobs *jobs, char **ret_line, char *ret_error, size_t size)
{
	struct pool pool = { .jobs = jobs, .nr = jobs->nr };
	struct pollfd *fd = calloc(jobs->nr, sizeof(*fd));
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	unsigned int i;
	int err = 0;

	*ret_line = NULL;
	*ret_error = '\0';
	pool.worker = calloc(jobs->nr, sizeof(*pool.worker));
	if (!pool.worker || !fd) {
		free(pool.worker);
		free(fd);
		return -ENOMEM;
	}
	/* A worker that died is seen by its answer that does not come. */
	sigaction(SIGPIPE, &ignore, &old);
	for (i = 0; i < pool.nr; i++)
		pool.worker[i].ask = pool.worker[i].answer = -1;
	for (i = 0; i < pool.nr && !err; i++)
		err = start(&pool, &pool.worker[i]);
	if (err)
		snprintf(ret_error, size, "no process to be had: %s", strerror(-err));
	else
		err = run(&pool, fd, ret_line, ret_error, size);
	end(&pool, err != 0);
	sigaction(SIGPIPE, &old, NULL);
	free(pool.worker);
	free(fd);
	return err;
}

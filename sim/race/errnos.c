/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What errno a statement may come to in the kernel, whatever fails on the way:
 * section M of the contract.
 *
 * Not looked at unless failures are injected: a race's arrows say what it
 * expects without.
 */
#include <errno.h>
#include <stddef.h>

#include "sim/race/words.h"

#define ERRNOS_MAX	12

/* M.1. -EAGAIN and -EINTR are for who is killed. */
#define GUP	-EFAULT, -ENOMEM, -EBUSY, -EAGAIN, -EINTR, -EHWPOISON, -EOPNOTSUPP, -EINVAL, \
		-EEXIST, -EREMOTEIO, -EOVERFLOW

static const int errnos[RACE_NR_OPS][ERRNOS_MAX] = {
	/* A signal in the kernel. */
	[RACE_OP_TOUCH] = { -EFAULT, -ENOMEM },
	[RACE_OP_READ] = { -EFAULT, -ENOMEM },
	/* M.3; whatever it has met (H.12), a signal ends KVM_RUN. */
	[RACE_OP_FAULT] = { -EFAULT, -ENOMEM, -EINTR, -EIO, -EBADF },
	[RACE_OP_REGISTER] = { -ENOTTY, -EINVAL, -ENOMEM, -EIO, -EFAULT, -EBADF },
	[RACE_OP_UNREGISTER] = { -ENOTTY, -EINVAL, -EIO, -EFAULT, -EBADF },
	[RACE_OP_LAUNCH_UPDATE] = { -ENOTTY, -EINVAL, -ENOMEM, -EIO, -EFAULT, -EBADF,
				    -EINTR },
	[RACE_OP_SEND_UPDATE] = { -ENOTTY, -EINVAL, -ENOMEM, -EIO, -EFAULT, -EBADF },
	[RACE_OP_RECEIVE_UPDATE] = { -ENOTTY, -EINVAL, -ENOMEM, -EIO, -EFAULT, -EBADF,
				     -EINTR },
	[RACE_OP_PREFAULT] = { -EINVAL, -EFAULT, -ENOMEM, -EINTR, -EIO, -ENOENT, -EBADF },
	/* I.9, I.10 */
	[RACE_OP_COPY_CONTEXT] = { -EBADF, -EINVAL, -EBUSY, -EINTR, -EIO, -EFAULT },
	[RACE_OP_MOVE_CONTEXT] = { -EBADF, -EINVAL, -EBUSY, -EINTR, -EIO, -EFAULT },
	[RACE_OP_CLOSE] = { -EBADF },
	[RACE_OP_SLOT] = { -EINVAL, -EEXIST, -ENOMEM, -EIO, -EFAULT, -EBADF },
	[RACE_OP_PUNCH_HOLE] = { -EBADF, -EIO, -EINVAL },
	[RACE_OP_MAKE_PRIVATE] = { -EINVAL, -ENOMEM, -EIO, -EFAULT, -EBADF },
	[RACE_OP_MAKE_SHARED] = { -EINVAL, -ENOMEM, -EIO, -EFAULT, -EBADF },
	/* An actor's own: not all of the pages, or none to give back. */
	[RACE_OP_HOLD] = { -EFAULT, -ENOMEM },
	[RACE_OP_RELEASE] = { -EINVAL },
	[RACE_OP_UNPIN] = { -EINVAL },
	[RACE_OP_PIN] = { GUP },
	/* M.2 */
	[RACE_OP_MIGRATE] = { -ENOMEM },
	/* cma_alloc() returns NULL (M.4). */
	[RACE_OP_CMA_ALLOC] = { -ENOMEM },
	/* M.4 */
	[RACE_OP_OFFLINE] = { -EBUSY, -EINTR, -EINVAL },
	[RACE_OP_MUNMAP] = { -EINVAL, -ENOMEM, -EINTR },
	/* What cannot be reclaimed stays, and that is no error (J.9). */
	[RACE_OP_PAGEOUT] = { -EINVAL, -ENOMEM },
};

/**
 * race_errno_is_kernels - can the kernel's call return this?
 * @op: the statement
 * @value: negative
 *
 * Return: true if so, or if nobody has written down what @op returns.
 */
bool race_errno_is_kernels(enum race_op op, int64_t value)
{
	size_t i;

	if (!errnos[op][0])
		return op != RACE_OP_DRAIN && op != RACE_OP_SIGNAL && op != RACE_OP_KILL &&
		       op != RACE_OP_ASYNC_PF;
	for (i = 0; i < ERRNOS_MAX && errnos[op][i]; i++)
		if (errnos[op][i] == value)
			return true;
	return false;
}

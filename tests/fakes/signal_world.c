/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of signal_test.c. */
#include <linux/mmap_lock.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "sim/core/alloc.h"
#include "tests/fakes/gup_world.h"
#include "tests/fakes/signal_world.h"

struct sig_room {
	enum sig_wait wait;
	bool kill, through, event;
	int result;
	struct mutex mutex;
	struct rw_semaphore rwsem;
	wait_queue_head_t queue;
	struct folio *folio;
};

static struct sig_room *room;

/* Return: 0: it has it, or need not wait any more. */
static int wait_for(enum sig_wait wait)
{
	struct page *page;

	switch (wait) {
	case SIG_DOWN_READ:
		return down_read_killable(&room->rwsem);
	case SIG_DOWN_WRITE:
		return down_write_killable(&room->rwsem);
	case SIG_MUTEX:
		return mutex_lock_killable(&room->mutex);
	case SIG_MUTEX_NESTED:
		return mutex_lock_killable_nested(&room->mutex, 1);
	case SIG_MUTEX_INTERRUPTIBLE:
		return mutex_lock_interruptible(&room->mutex);
	case SIG_MUTEX_FOR_GOOD:
		mutex_lock(&room->mutex);
		return 0;
	case SIG_FOLIO_LOCK:
		return folio_lock_killable(room->folio);
	case SIG_FOLIO_WAIT:
		return folio_wait_locked_killable(room->folio);
	case SIG_EVENT:
		return wait_event_killable(room->queue, room->event);
	case SIG_GUP:
		return get_user_pages_unlocked(GW_AT(1), 1, &page, FOLL_WRITE);
	default:
		return 0;
	}
}

static void give_back(enum sig_wait wait)
{
	switch (wait) {
	case SIG_DOWN_READ:
		up_read(&room->rwsem);
		return;
	case SIG_DOWN_WRITE:
		up_write(&room->rwsem);
		return;
	case SIG_FOLIO_LOCK:
		folio_unlock(room->folio);
		return;
	case SIG_FOLIO_WAIT:
	case SIG_EVENT:
	case SIG_GUP:
		return;
	default:
		mutex_unlock(&room->mutex);
	}
}

static void waiter(void *unused)
{
	/* What comes before a first step has no time of its own. */
	sim_step(SIM_READ, 0, __func__);
	room->result = wait_for(room->wait);
	if (!room->result)
		give_back(room->wait);
	room->through = true;
	wake_up_all(&room->queue);
}

/* Has everything, and does not let go before the other one is through. */
static void holder(void *unused)
{
	mutex_lock(&room->mutex);
	down_write(&room->rwsem);
	mmap_write_lock(current->mm);
	folio_lock(room->folio);
	wait_event(room->queue, room->through);
	folio_unlock(room->folio);
	mmap_write_unlock(current->mm);
	up_write(&room->rwsem);
	mutex_unlock(&room->mutex);
}

static void sender(void *unused)
{
	send_sig(room->kill ? SIGKILL : SIGTERM, find_task_by_vpid(1), 0);
}

static void thread(const char *name, unsigned int cpu, void (*fn)(void *))
{
	int id = sim_task_create(name, cpu, fn, NULL);

	BUG_ON(id < 0 || build_thread(id, 0));
}

void sig_build(const char *profile, enum sig_wait wait, bool kill)
{
	gw_build(profile, BUILD_ZONE_NORMAL);
	room = sim_alloc(sizeof(*room));
	room->wait = wait;
	room->kill = kill;
	mutex_init(&room->mutex);
	init_rwsem(&room->rwsem);
	init_waitqueue_head(&room->queue);
	room->folio = page_folio(pfn_to_page(gw_write(GW_ADDR)));
	thread("waiter", 0, waiter);
	thread("holder", 1, holder);
	thread("sender", 1, sender);
}

int sig_result(void)
{
	return room->result;
}

bool sig_through(void)
{
	return room->through;
}

int sig_take_free(enum sig_wait wait, bool kill)
{
	int r;

	send_sig(kill ? SIGKILL : SIGTERM, current, 0);
	r = wait_for(wait);
	if (!r)
		give_back(wait);
	return r;
}

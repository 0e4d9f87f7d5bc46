/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpinsim: the caller's own code: see pinsim/pinsim.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/arena.h"
#include "sim/lib/pinsim_private.h"
#include "sim/subject/subject.h"
#include "sim/subject/ways.h"

/* Words of a list with commas between them. */
struct list {
	char *copy;
	const char *at[SUBJECT_NAMES_MAX];
	uint32_t nr;
};

static int split(struct pinsim *sim, const char *text, struct list *ret)
{
	char *save = NULL, *word;

	*ret = (struct list){ .copy = text ? strdup(text) : NULL };
	if (text && !ret->copy)
		return lib_fail(sim, -ENOMEM, "out of memory");
	for (word = text ? strtok_r(ret->copy, ", ", &save) : NULL; word;
	     word = strtok_r(NULL, ", ", &save)) {
		if (ret->nr == SUBJECT_NAMES_MAX)
			return lib_fail(sim, -EINVAL, "more than %d words in a list",
					   SUBJECT_NAMES_MAX);
		ret->at[ret->nr++] = word;
	}
	return 0;
}

/* What is wanted, its lists cut into words. */
struct wanted {
	struct list functions, stop, hooks, patches;
};

static int split_all(struct pinsim *sim, const struct pinsim_subject *s, struct wanted *w)
{
	memset(w, 0, sizeof(*w));
	return split(sim, s->functions, &w->functions) ?: split(sim, s->stop, &w->stop) ?:
	       split(sim, s->hooks, &w->hooks) ?: split(sim, s->patches, &w->patches);
}

static void free_all(struct wanted *w)
{
	free(w->functions.copy);
	free(w->stop.copy);
	free(w->hooks.copy);
	free(w->patches.copy);
}

/* Between enter and leave. */
static int make(struct pinsim *sim, const struct subject_request *r)
{
	const struct subject_info *info = NULL;
	struct subject_made made;
	struct subject_error err;
	int e = subject_make(r, &made, &err);

	if (!e)
		info = subject_open(made.object, &err);
	subject_made_free(&made);
	if (!info)
		return lib_fail(sim, e ? e : -EINVAL, "%s", err.text);
	snprintf(sim->design, sizeof(sim->design), "%s", info->design);
	snprintf(sim->design_kernel, sizeof(sim->design_kernel), "%s", info->kernel);
	return 0;
}

static int take(struct pinsim *sim, const struct pinsim_subject *s, struct wanted *w)
{
	const struct subject_way way = {
		.file = s->file, .tree = s->tree, .mail = s->mail,
		.patch = w->patches.at, .nr_patches = w->patches.nr,
		.function = w->functions.at, .nr_functions = w->functions.nr,
	};
	struct subject_taken taken;
	struct subject_error err;
	uint32_t i, own = w->hooks.nr;
	int e = subject_take(&way, &taken, &err);

	/* The caller's hooks first: the first that names a hook counts. */
	for (i = 0; !e && i < taken.nr_hooks && w->hooks.nr < SUBJECT_NAMES_MAX; i++)
		w->hooks.at[w->hooks.nr++] = taken.hook[i];
	if (e) {
		lib_fail(sim, e, "%s", err.text);
	} else {
		const struct subject_request r = {
			.source = &taken.source,
			.before = taken.before.len ? taken.before.at : NULL,
			.wanted = {
				.named = taken.function, .nr_named = taken.nr_functions,
				.stop = w->stop.at, .nr_stop = w->stop.nr,
			},
			.hooks = w->hooks.at, .nr_hooks = w->hooks.nr, .nr_own_hooks = own,
			.kernel = s->kernel ? s->kernel : taken.kernel,
			.cc = s->compiler, .near = taken.near,
		};

		e = make(sim, &r);
	}
	subject_taken_free(&taken);
	return e;
}

int pinsim_subject(struct pinsim *sim, const struct pinsim_subject *subject)
{
	struct wanted w;
	int e = split_all(sim, subject, &w);

	lib_drop_results(sim);
	if (!e)
		e = lib_enter(sim, false);
	if (!e) {
		/* Nothing of a run may be rolled back under the code that comes. */
		sim_arena_reset();
		e = take(sim, subject, &w);
		lib_leave();
	}
	free_all(&w);
	return e;
}

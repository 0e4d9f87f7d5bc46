/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of results: read with suspicion, written so that a crash at any moment
 * leaves the old file or the new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/core/step.h"
#include "sim/explore/results_private.h"

/* --- reading -------------------------------------------------------------- */

static bool is_text(const json_t *object, const char *key)
{
	return json_is_string(json_object_get(object, key));
}

static bool items_valid(const json_t *items)
{
	json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		struct work_item parsed;

		if (!json_is_string(item) || work_item_parse(json_string_value(item), &parsed))
			return false;
		work_item_free(&parsed);
	}
	return json_is_array(items) && json_array_size(items);
}

/* Results belong to items of the list, and no item is in it twice. */
static bool results_valid(const json_t *results, const json_t *items)
{
	json_t *names = json_object(), *value;
	const char *key;
	bool valid = json_is_object(results) && names;
	size_t i;

	json_array_foreach(items, i, value)
		json_object_set_new(names, json_string_value(value), json_true());
	valid &= json_object_size(names) == json_array_size(items);
	json_object_foreach((json_t *)results, key, value)
		valid &= json_object_get(names, key) && results_item_valid(value);
	json_decref(names);
	return valid;
}

static bool case_valid(const json_t *c)
{
	const json_t *items = json_object_get(c, "items");

	return is_text(c, "design") && is_text(c, "kernel") && is_text(c, "checks") &&
	       items_valid(items) && results_valid(json_object_get(c, "results"), items);
}

/* Return: NULL, or what is wrong. */
static const char *judge(const json_t *doc)
{
	const char *holds = json_string_value(json_object_get(doc, "holds"));
	const char *steps = json_string_value(json_object_get(doc, "steps"));
	const json_t *cases = json_object_get(doc, "cases");
	json_t *c;
	char model[20];
	size_t i;

	snprintf(model, sizeof(model), "s%d", SIM_STEP_MODEL);
	if (!holds || strcmp(holds, RESULTS_HOLDS))
		return "does not hold results of work items, as --output writes them";
	if (json_integer_value(json_object_get(doc, "pinsim")) != RESULTS_FORMAT)
		return "is written in another format than this pinsim's";
	if (!steps || strcmp(steps, model))
		return "was made with another step model than this pinsim's";
	json_array_foreach(cases, i, c)
		if (!case_valid(c))
			return "has a case that pinsim did not write";
	if (!is_text(doc, "version") || !is_text(doc, "race") ||
	    !is_text(doc, "hash") || !is_text(doc, "text") ||
	    !json_is_object(json_object_get(doc, "options")) ||
	    !json_is_integer(json_object_get(doc, "shards")) ||
	    json_integer_value(json_object_get(doc, "shards")) < 0 || !json_array_size(cases))
		return "lacks something that pinsim writes";
	return NULL;
}

int results_load(const char *path, struct results *ret, char *ret_error, size_t size)
{
	const char *wrong;
	json_error_t at;
	FILE *in = fopen(path, "re");
	int err = errno;

	*ret = (struct results){ .from = path };
	if (!in) {
		snprintf(ret_error, size, "%.200s: %s", path, strerror(err));
		return err == ENOENT ? -ENOENT : -EINVAL;
	}
	ret->doc = json_loadf(in, JSON_REJECT_DUPLICATES, &at);
	fclose(in);
	if (!ret->doc) {
		snprintf(ret_error, size, "%.200s:%d: %.160s", path, at.line, at.text);
		return -EINVAL;
	}
	wrong = judge(ret->doc);
	if (!wrong)
		return 0;
	snprintf(ret_error, size, "%.200s: %s", path, wrong);
	results_free(ret);
	return -EINVAL;
}

/* --- writing -------------------------------------------------------------- */

static int write_all(const json_t *doc, const char *path)
{
	FILE *out = fopen(path, "we");
	int err = 0;

	if (!out)
		return -errno;
	if (json_dumpf(doc, out, JSON_SORT_KEYS | JSON_INDENT(1)) || fputc('\n', out) == EOF ||
	    fflush(out))
		err = errno ? -errno : -EIO;
	/* A pipe has nothing to sync. */
	if (!err && fsync(fileno(out)) && errno != EINVAL)
		err = -errno;
	if (fclose(out) && !err)
		err = -errno;
	return err;
}

/* The new name has to reach the disk as well; where it cannot, so be it. */
static void sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* A device or a pipe is written to, not replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

int results_save(const struct results *r, const char *path)
{
	char *beside = NULL;
	int err;

	if (is_special(path))
		return write_all(r->doc, path);
	/* Two processes that save to one file by mistake do not mix. */
	if (asprintf(&beside, "%s.%ld.new", path, (long)getpid()) < 0)
		return -ENOMEM;
	errno = 0;
	err = write_all(r->doc, beside);
	if (!err && rename(beside, path))
		err = -errno;
	if (err)
		unlink(beside);
	else
		sync_directory(path);
	free(beside);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON for machines: one object.  Each event and verdict is made, written and
 * dropped by itself, so a long trace costs no memory.
 *
 * Hashes and object ids are strings: a reader's numbers may be doubles.
 */
#include <inttypes.h>
#include <jansson.h>

#include "sim/engine/image.h"
#include "sim/report/report_private.h"

#define FORMAT		1
#define COMPACT		(JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY)

/* Write @value and drop it. Return: 0, or -1 if it could not be made or written. */
static int put(FILE *out, json_t *value)
{
	int ret = value ? json_dumpf(value, out, COMPACT) : -1;

	json_decref(value);
	return ret;
}

static json_t *text(const char *s)
{
	/* Paths and options need not be UTF-8. */
	json_t *value = s ? json_string(s) : json_null();

	return value ? value : json_string("(not UTF-8)");
}

/**
 * report_json_begin() - open the object
 * @out: where to
 * @verb: of the command line, "run"
 */
void report_json_begin(FILE *out, const char *verb)
{
	fprintf(out, "{\"pinsim\":%d,\"verb\":", FORMAT);
	put(out, text(verb));
}

/**
 * report_json_string() - a member that is a string
 * @out: where to
 * @key: its name, plain ASCII
 * @value: NULL is written as null
 */
void report_json_string(FILE *out, const char *key, const char *value)
{
	fprintf(out, ",\n\"%s\":", key);
	put(out, text(value));
}

/**
 * report_json_integer() - a member that is a number
 * @out: where to
 * @key: its name, plain ASCII
 * @value: what it is
 */
void report_json_integer(FILE *out, const char *key, int64_t value)
{
	fprintf(out, ",\n\"%s\":%" PRId64, key, value);
}

/**
 * report_json_truth() - a member that is true or false
 * @out: where to
 * @key: its name, plain ASCII
 * @value: which
 */
void report_json_truth(FILE *out, const char *key, bool value)
{
	fprintf(out, ",\n\"%s\":%s", key, value ? "true" : "false");
}

/**
 * report_json_list() - open a member that is a list of objects
 * @out: where to
 * @key: its name, plain ASCII
 */
void report_json_list(FILE *out, const char *key)
{
	fprintf(out, ",\n\"%s\":[", key);
}

/**
 * report_json_item() - open the next object of a list
 * @out: where to
 * @number: counted from 1; its first member, so that all others follow one
 */
void report_json_item(FILE *out, size_t number)
{
	fprintf(out, "%s\n{\"number\":%zu", number > 1 ? "," : "", number);
}

/**
 * report_json_item_end() - close an object of a list
 * @out: where to
 */
void report_json_item_end(FILE *out)
{
	fputs("}", out);
}

/**
 * report_json_list_end() - close a list
 * @out: where to
 */
void report_json_list_end(FILE *out)
{
	fputs("]", out);
}

static json_t *event(const struct report_story *story, const struct sim_record *rec)
{
	char task[NAME_SIZE], obj[NAME_SIZE], id[40];
	const char *place = sim_site_place(rec->site);
	json_t *ret;

	snprintf(id, sizeof(id), "%u:%" PRIu64, SIM_OBJ_CLASS(rec->obj),
		 (uint64_t)SIM_OBJ_ID(rec->obj));
	ret = json_pack("{s:I, s:i, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:b}",
			 "time", (json_int_t)rec->time, "task", (int)rec->task,
			 "task_name", name_task(story->names, rec->task, task, sizeof(task)),
			 "verb", name_verb(rec->verb),
			 "object", id,
			 "name", name_obj(story->names, rec->obj, obj, sizeof(obj)),
			 "a", (json_int_t)rec->a, "b", (json_int_t)rec->b,
			 "site", rec->site ? rec->site : "", "step", (int)rec->is_step);
	if (ret && place)
		json_object_set_new(ret, "place", json_string(place));
	return ret;
}

static json_t *violation(const struct violation *v)
{
	return json_pack("{s:s, s:I, s:i, s:s}", "check", v->check, "time",
			 (json_int_t)v->time, "task", v->task, "text", v->text);
}

/**
 * report_json_story() - the members "tasks", "events" and "violations"
 * @out: where to
 * @story: the execution
 *
 * Return: 0, or -1 if memory ran out or @out took no more.
 */
int report_json_story(FILE *out, const struct report_story *story)
{
	int ret = 0;

	fputs(",\n\"tasks\":[", out);
	for (unsigned int i = 0; i < story->nr_tasks; i++) {
		fputs(i ? ",\n" : "\n", out);
		ret |= put(out, json_pack("{s:s, s:i}", "name", story->tasks[i].name, "cpu",
					  (int)story->tasks[i].cpu));
	}
	fputs("],\n\"events\":[", out);
	for (size_t i = 0; i < story->nr_recs; i++) {
		fputs(i ? ",\n" : "\n", out);
		ret |= put(out, event(story, &story->recs[i]));
	}
	fputs("],\n\"violations\":[", out);
	for (unsigned int i = 0; i < story->nr_violations; i++) {
		fputs(i ? ",\n" : "\n", out);
		ret |= put(out, violation(&story->violations[i]));
	}
	fputs("]", out);
	return ret || ferror(out) ? -1 : 0;
}

static json_t *search(const struct report_search *s)
{
	static const char *const how[] = {
		[REPORT_ONE] = "one",
		[REPORT_EXHAUSTIVE] = "exhaustive",
		[REPORT_BOUNDED] = "bounded",
		[REPORT_SAMPLED] = "sampled",
		[REPORT_CUT] = "cut",
	};

	char digest[40];

	snprintf(digest, sizeof(digest), "%016" PRIx64 "%016" PRIx64, s->digest[0], s->digest[1]);
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:s?, s:s?}",
			 "how", how[s->how],
			 "executions", (json_int_t)s->executions,
			 "violated", (json_int_t)s->violated,
			 "cut", (json_int_t)s->bounded,
			 "finals", (json_int_t)s->finals, "digest", digest,
			 "positive", (json_int_t)s->positive,
			 "negative", (json_int_t)s->negative,
			 "seed", (json_int_t)s->seed, "bound", s->bound,
			 "covered", s->covered);
}

static json_t *verdict(const struct report_verdict *v)
{
	char hash[20];

	snprintf(hash, sizeof(hash), "%016" PRIx64, v->hash);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:b, s:s?, s:s?, s:s?, s:o}",
			 "race", v->race, "hash", hash, "design", v->design,
			 "kernel", v->kernel, "checks", v->checks ? v->checks : "all",
			 "verdict", v->verdict,
			 "expected", v->expected, "met", (int)v->met,
			 "why", v->why, "condition", v->condition, "replay", v->replay,
			 "search", search(&v->search));
}

/**
 * report_json_verdicts() - the member "verdicts"
 * @out: where to
 * @v: verdicts
 * @n: how many
 *
 * Return: 0, or -1 if memory ran out or @out took no more.
 */
int report_json_verdicts(FILE *out, const struct report_verdict *v, size_t n)
{
	int ret = 0;

	fputs(",\n\"verdicts\":[", out);
	for (size_t i = 0; i < n; i++) {
		fputs(i ? ",\n" : "\n", out);
		ret |= put(out, verdict(&v[i]));
	}
	fputs("]", out);
	return ret || ferror(out) ? -1 : 0;
}

/**
 * report_json_end() - close the object
 * @out: where to
 */
void report_json_end(FILE *out)
{
	fputs("\n}\n", out);
}

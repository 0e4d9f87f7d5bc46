/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patches on a copy of the files that they change, by patch(1).
 *
 * The copy lies in the cache, in a folder that is named by all that went into
 * it; it is made under another name and is there when it is whole. A patch
 * that does not apply as it is gets a second chance with its blanks ignored:
 * mail is where tabs are lost.
 */
#include "sim/subject/tree_private.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/subject/cache.h"
#include "sim/subject/mail.h"

#define FILES_MAX	1024

/**
 * struct patching - patches being applied
 * @tree: to files of this one
 * @names: of the patches
 * @nr: how many
 * @diff: what is in them, without what is around it in a mail; in order
 * @of: of each which patch it is from
 * @nr_diffs: how many
 * @file: paths that they change, each once
 * @nr_files: how many
 * @dir: the copy being made
 */
struct patching {
	struct subject_tree *tree;
	const char *const *names;
	unsigned int nr;
	struct subject_text *diff;
	unsigned int *of;
	size_t nr_diffs, diffs_room, of_room;
	char **file;
	size_t nr_files, files_room;
	char *dir;
};

/* --- which files --- */

static bool is_tame(const char *path)
{
	return path[0] && path[0] != '/' && strncmp(path, "../", 3) &&
	       !strstr(path, "/../") && !strchr(path, '\\');
}

static bool has_file(const struct patching *p, const char *path)
{
	size_t i;

	for (i = 0; i < p->nr_files; i++)
		if (!strcmp(p->file[i], path))
			return true;
	return false;
}

/* "--- a/path": which must be there, in the tree or from an earlier patch. */
static int note_file(struct patching *p, unsigned int patch, const char *line,
		     struct subject_error *err)
{
	char *path = subject_must(strndup(line, strcspn(line, "\n"))), *file;
	bool missing;

	if (!is_tame(path) || p->nr_files == FILES_MAX) {
		snprintf(err->text, sizeof(err->text),
			 "%s: changes '%s': expected a path within a kernel tree",
			 p->names[patch], path);
		free(path);
		return -EINVAL;
	}
	if (has_file(p, path)) {
		free(path);
		return 0;
	}
	file = subject_tree_file(p->tree, path, err);
	missing = !file;
	free(file);
	if (missing) {
		snprintf(err->text, sizeof(err->text),
			 "%s: changes %s, which is not in %s", p->names[patch],
			 path, p->tree->name);
		free(path);
		return -EINVAL;
	}
	p->file = subject_grow(p->file, p->nr_files, &p->files_room,
			       sizeof(*p->file));
	p->file[p->nr_files++] = path;
	return 0;
}

/* A file that a patch makes: a later patch may change it. */
static void note_new(struct patching *p, const char *line)
{
	char *path = subject_must(strndup(line, strcspn(line, "\n")));

	if (!is_tame(path) || has_file(p, path) || p->nr_files == FILES_MAX) {
		free(path);
		return;
	}
	p->file = subject_grow(p->file, p->nr_files, &p->files_room,
			       sizeof(*p->file));
	p->file[p->nr_files++] = path;
}

/* All files of a diff as subject_mail_diffs() prints it. */
static int note_files(struct patching *p, size_t i, struct subject_error *err)
{
	const char *line = p->diff[i].at, *next, *end;
	unsigned int patch = p->of[i];
	int result = 0;

	while (line && *line && !result) {
		end = strchr(line, '\n');
		next = end ? end + 1 : NULL;
		/* A line that is taken away may begin like this as well. */
		if (!strncmp(line, "--- ", 4) && next &&
		    !strncmp(next, "+++ ", 4)) {
			if (!strncmp(line + 4, "a/", 2))
				result = note_file(p, patch, line + 6, err);
			if (!result && !strncmp(next + 4, "b/", 2))
				note_new(p, next + 6);
		}
		line = next;
	}
	return result;
}

static int read_patch(struct patching *p, unsigned int patch,
		      struct subject_error *err)
{
	struct subject_text bytes = { 0 }, *diff = NULL;
	size_t i, nr = 0;
	int result;

	result = subject_bytes_read(&bytes, p->names[patch], err);
	if (!result)
		result = subject_mail_diffs(&diff, &nr, p->names[patch],
					    bytes.at ? bytes.at : "", bytes.len,
					    err);
	subject_text_free(&bytes);
	for (i = 0; i < nr; i++) {
		p->diff = subject_grow(p->diff, p->nr_diffs, &p->diffs_room,
				       sizeof(*p->diff));
		p->of = subject_grow(p->of, p->nr_diffs, &p->of_room,
				     sizeof(*p->of));
		p->diff[p->nr_diffs] = diff[i];
		p->of[p->nr_diffs++] = patch;
		if (!result)
			result = note_files(p, p->nr_diffs - 1, err);
	}
	free(diff);
	return result;
}

static int read_patches(struct patching *p, struct subject_error *err)
{
	unsigned int i;
	int result = 0;

	for (i = 0; i < p->nr && !result; i++)
		result = read_patch(p, i, err);
	return result;
}

/* --- the copy --- */

/* Of all that the patched files depend on. */
static void hash_all(struct patching *p, char *ret, size_t size)
{
	XXH3_state_t *state = subject_must(XXH3_createState());
	struct subject_source source;
	XXH128_hash_t hash;
	struct subject_error ignored;
	size_t i;

	XXH3_128bits_reset(state);
	XXH3_128bits_update(state, p->tree->name, strlen(p->tree->name) + 1);
	for (i = 0; i < p->nr_diffs; i++)
		XXH3_128bits_update(state, p->diff[i].at, p->diff[i].len + 1);
	for (i = 0; i < p->nr_files; i++) {
		XXH3_128bits_update(state, p->file[i], strlen(p->file[i]) + 1);
		/* One that is not there is made by a patch. */
		if (subject_tree_read(&source, p->tree, p->file[i], &ignored))
			continue;
		XXH3_128bits_update(state, source.text, source.size + 1);
		subject_source_free(&source);
	}
	hash = XXH3_128bits_digest(state);
	XXH3_freeState(state);
	snprintf(ret, size, "%016llx%016llx", (unsigned long long)hash.high64,
		 (unsigned long long)hash.low64);
}

static int copy_files(struct patching *p, struct subject_error *err)
{
	struct subject_text bytes = { 0 };
	struct subject_error ignored;
	char *from, *to;
	size_t i;
	int result = 0;

	for (i = 0; i < p->nr_files && !result; i++) {
		from = subject_tree_file(p->tree, p->file[i], &ignored);
		if (!from)
			continue;
		to = subject_format("%s/%s", p->dir, p->file[i]);
		bytes.len = 0;
		result = subject_bytes_read(&bytes, from, err);
		if (!result) {
			result = subject_make_dirs_above(to);
			if (!result)
				result = subject_write_whole(to, bytes.at ?
							     bytes.at : "",
							     bytes.len);
			if (result)
				snprintf(err->text, sizeof(err->text), "%s: %s",
					 to, strerror(-result));
		}
		free(from);
		free(to);
	}
	subject_text_free(&bytes);
	return result;
}

/* --- patch(1) --- */

/*
 * Run a program in English and take what it says.
 * Return: its exit status, or a negative errno.
 */
static int run(char *const argv[], struct subject_text *said)
{
	static char lang[] = "LC_ALL=C";
	char *path = subject_format("PATH=%s", getenv("PATH") ?
				    getenv("PATH") : "/usr/bin:/bin");
	char *env[] = { path, lang, NULL };
	posix_spawn_file_actions_t actions;
	char buffer[4096];
	int pipes[2], status, result;
	ssize_t n;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC)) {
		result = -errno;
		free(path);
		return result;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 2);
	result = -posix_spawnp(&pid, argv[0], &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	free(path);
	close(pipes[1]);
	while (!result && (n = read(pipes[0], buffer, sizeof(buffer)))) {
		if (n > 0)
			subject_text_add(said, buffer, n);
		else if (errno != EINTR)
			break;
	}
	close(pipes[0]);
	if (result)
		return result;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int run_patch(struct patching *p, const char *diff, bool dry, bool lax,
		     struct subject_text *said)
{
	char program[] = "patch", strip[] = "-p1", dir[] = "-d",
	     input[] = "-i", batch[] = "--batch", forward[] = "--forward",
	     backup[] = "--no-backup-if-mismatch", reject[] = "--reject-file=-",
	     dry_run[] = "--dry-run", blanks[] = "-l";
	char *argv[14] = { program, strip, batch, forward, backup, reject, dir,
			   p->dir, input, (char *)diff };
	unsigned int n = 10;

	if (dry)
		argv[n++] = dry_run;
	if (lax)
		argv[n++] = blanks;
	said->len = 0;
	subject_text_puts(said, "");
	return run(argv, said);
}

/* The word after @before in a line, or NULL. */
static const char *word_after(const char *line, const char *before)
{
	const char *p = strstr(line, before);
	const char *end = strchr(line, '\n');

	return p && (!end || p < end) ? p + strlen(before) : NULL;
}

/*
 * What patch(1) said, in a line of ours:
 *	checking file arch/x86/kvm/svm/sev.c
 *	Hunk #2 FAILED at 123.
 */
static void tell_failure(struct patching *p, unsigned int patch,
			 const struct subject_text *said,
			 struct subject_error *err)
{
	const char *line, *at, *file = "", *end;
	char name[512] = "a file";

	for (line = said->at; line && *line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		file = word_after(line, "checking file ");
		if (file)
			snprintf(name, sizeof(name), "%.*s",
				 (int)strcspn(file, "\n"), file);
		at = word_after(line, "Hunk #");
		if (at && word_after(line, " FAILED at ")) {
			snprintf(err->text, sizeof(err->text),
				 "%s: hunk %lu does not apply to %s: expected "
				 "its lines near line %lu of the file",
				 p->names[patch], strtoul(at, NULL, 10), name,
				 strtoul(word_after(line, " FAILED at "), NULL,
					 10));
			return;
		}
		if (word_after(line, "previously applied) patch detected")) {
			snprintf(err->text, sizeof(err->text),
				 "%s: %s is changed like this already",
				 p->names[patch], name);
			return;
		}
	}
	line = said->at ? said->at : "";
	snprintf(err->text, sizeof(err->text), "%s: patch(1) says: %.*s",
		 p->names[patch], (int)strcspn(line, "\n"), line);
}

/* Hunks that only almost fit: say so. */
static void note_fuzz(struct patching *p, unsigned int patch, bool lax,
		      const struct subject_text *said)
{
	struct subject_text *notes = &p->tree->notes;
	const char *line, *end, *file, *at;
	char name[512] = "a file";

	if (lax)
		subject_text_printf(notes, "%s: applied with blanks ignored\n",
				    p->names[patch]);
	for (line = said->at; line && *line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		file = word_after(line, "patching file ");
		if (file)
			snprintf(name, sizeof(name), "%.*s",
				 (int)strcspn(file, "\n"), file);
		at = word_after(line, "Hunk #");
		if (at && word_after(line, " with fuzz "))
			subject_text_printf(notes,
					    "%s: hunk %lu for %s fits only "
					    "roughly (fuzz %lu)\n",
					    p->names[patch],
					    strtoul(at, NULL, 10), name,
					    strtoul(word_after(line,
							       " with fuzz "),
						    NULL, 10));
	}
}

static int apply(struct patching *p, size_t i, struct subject_error *err)
{
	char *diff = subject_format("%s/.diff", p->dir);
	struct subject_text said = { 0 };
	unsigned int patch = p->of[i];
	bool lax = false;
	int status;

	status = subject_write_whole(diff, p->diff[i].at, p->diff[i].len);
	if (status) {
		snprintf(err->text, sizeof(err->text), "%s: %s", diff,
			 strerror(-status));
		free(diff);
		return status;
	}
	status = run_patch(p, diff, true, false, &said);
	if (status > 0) {
		lax = !run_patch(p, diff, true, true, &said);
		/* What fails both times is told as it is. */
		if (!lax)
			status = run_patch(p, diff, true, false, &said);
	}
	if (!status || lax)
		status = run_patch(p, diff, false, lax, &said);
	if (status < 0)
		snprintf(err->text, sizeof(err->text),
			 "patch(1) cannot be run: %s: install the package patch",
			 strerror(-status));
	else if (status)
		tell_failure(p, patch, &said, err);
	else
		note_fuzz(p, patch, lax, &said);
	unlink(diff);
	free(diff);
	subject_text_free(&said);
	return status < 0 ? status : status ? -EINVAL : 0;
}

/* Notes are kept with the copy, for those who find it made. */
static void keep_notes(struct patching *p, size_t from)
{
	char *path = subject_format("%s/.notes", p->dir);

	subject_write_whole(path, p->tree->notes.at ?
			    p->tree->notes.at + from : "",
			    p->tree->notes.len - from);
	free(path);
}

static void find_notes(struct patching *p, const char *dir)
{
	char *path = subject_format("%s/.notes", dir);
	struct subject_text notes = { 0 };
	struct subject_error ignored;

	if (!subject_bytes_read(&notes, path, &ignored) && notes.at)
		subject_text_puts(&p->tree->notes, notes.at);
	subject_text_free(&notes);
	free(path);
}

static int make_copy(struct patching *p, const char *final,
		     struct subject_error *err)
{
	size_t i, notes = p->tree->notes.len;
	int result;

	p->dir = subject_format("%s.XXXXXX", final);
	if (!mkdtemp(p->dir)) {
		result = -errno;
		snprintf(err->text, sizeof(err->text), "%s: %s", p->dir,
			 strerror(errno));
		return result;
	}
	result = copy_files(p, err);
	for (i = 0; i < p->nr_diffs && !result; i++)
		result = apply(p, i, err);
	if (!result) {
		keep_notes(p, notes);
		/* Somebody else may have made the same meanwhile. */
		if (!rename(p->dir, final))
			return 0;
		if (errno != EEXIST && errno != ENOTEMPTY) {
			result = -errno;
			snprintf(err->text, sizeof(err->text), "%s: %s", final,
				 strerror(errno));
		}
	}
	subject_remove_all(p->dir);
	return result;
}

int subject_tree_patch(struct subject_tree *tree, const char *const *patches,
		       unsigned int nr, struct subject_error *err)
{
	struct patching p = { .tree = tree, .names = patches, .nr = nr };
	char hash[40], *dir, *final = NULL;
	size_t i;
	int result;

	if (!nr)
		return 0;
	result = read_patches(&p, err);
	if (!result) {
		hash_all(&p, hash, sizeof(hash));
		dir = subject_cache_dir("patched", err);
		if (dir)
			final = subject_format("%s/%s", dir, hash);
		else
			result = -EACCES;
		free(dir);
	}
	if (final && subject_cache_use(final)) {
		find_notes(&p, final);
	} else if (final) {
		result = make_copy(&p, final, err);
		if (!result)
			subject_cache_trim(final);
	}
	if (!result) {
		tree->patched = final;
		final = NULL;
		tree->changed = p.file;
		tree->nr_changed = p.nr_files;
		p.file = NULL;
		p.nr_files = 0;
	}
	free(final);
	free(p.dir);
	for (i = 0; i < p.nr_diffs; i++)
		subject_text_free(&p.diff[i]);
	free(p.diff);
	free(p.of);
	for (i = 0; i < p.nr_files; i++)
		free(p.file[i]);
	free(p.file);
	return result;
}

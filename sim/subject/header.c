/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Header slices: parts of a user's header that stand before a slice. Stands
 * for nothing in the kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/subject/mask.h"
#include "sim/subject/slice.h"

/*
 * The conditional that is around all of the header and defines its own macro:
 * another version of the header may have defined that already.
 * Return: the index of its #ifndef; the #define is the next one, the #endif
 * @ret_end. nr_directives: there is none.
 */
static uint32_t find_guard(const struct subject_scan *scan, uint32_t *ret_end)
{
	const struct subject_line *line = scan->directive;
	uint32_t nr = scan->nr_directives, depth = 0, i;
	size_t len;

	if (nr < 3 || line[0].kind != SUBJECT_IF ||
	    line[1].kind != SUBJECT_DEFINE ||
	    line[nr - 1].kind != SUBJECT_ENDIF)
		return nr;
	/* "#ifndef X" ends with what "#define X" defines. */
	len = strlen(line[1].name);
	if (!len || line[0].end - line[0].begin <= len ||
	    !memmem(scan->source->text + line[0].begin,
		    line[0].end - line[0].begin, line[1].name, len))
		return nr;
	if (scan->nr_items &&
	    (scan->item[0].begin < line[0].begin ||
	     scan->item[scan->nr_items - 1].end > line[nr - 1].begin))
		return nr;
	for (i = 0; i < nr; i++) {
		depth += line[i].kind == SUBJECT_IF;
		if (line[i].kind == SUBJECT_ENDIF && !--depth)
			break;
		if (line[i].kind == SUBJECT_ELSE && depth == 1)
			return nr;
	}
	*ret_end = nr - 1;
	return i == nr - 1 ? 0 : nr;
}

void subject_header_slice(struct subject_text *ret,
			  const struct subject_closure *closure)
{
	const struct subject_scan *scan = closure->scan;
	char *map = mask_items(closure);
	uint32_t i, guard, guard_end = 0;

	guard = find_guard(scan, &guard_end);
	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];
		bool keep = line->kind == SUBJECT_IF ||
			    line->kind == SUBJECT_ELSE ||
			    line->kind == SUBJECT_ENDIF || closure->macro[i];

		if (guard < scan->nr_directives &&
		    (i == guard || i == guard + 1 || i == guard_end))
			keep = false;
		mask_set(map, line->begin, line->end,
			 keep ? SUBJECT_KEEP : SUBJECT_BLANK);
	}
	subject_text_puts(ret, "#line 1 ");
	subject_text_quote(ret, scan->source->path);
	subject_text_puts(ret, "\n");
	mask_apply(ret, scan->source, map);
	if (ret->at[ret->len - 1] != '\n')
		subject_text_puts(ret, "\n");
	free(map);
}

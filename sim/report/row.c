/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record in the kernel's language, short enough for a table's cell.
 *
 * What a reader of the table does not need is left out: single reads and
 * writes, locks other than mmu_lock, and steps whose outcome a note tells.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/core/lock.h"
#include "sim/engine/where.h"
#include "sim/report/report_private.h"

struct words {
	char obj[NAME_SIZE], page[NAME_SIZE], number[32];
};

static const char *obj_of(const struct names *names, const struct sim_record *rec,
			  struct words *w)
{
	return name_obj(names, rec->obj, w->obj, sizeof(w->obj));
}

static const char *page_of(const struct names *names, int64_t pfn, struct words *w)
{
	return name_obj(names, OBJ_PAGE_OF((uint64_t)pfn), w->page, sizeof(w->page));
}

static void __attribute__((format(printf, 3, 4)))
append(char *buf, size_t size, const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + used, size - used, fmt, ap);
	va_end(ap);
}

/* Functions whose arguments or results are more than numbers. */
enum call_result { RESULT_NUMBER, RESULT_PF, RESULT_PFN };

struct call {
	const char *site;
	bool gfn_in_a;		/* ENTER's a is the gfn it works for */
	enum call_result result;
};

static const struct call calls[] = {
	{ "kvm_mmu_page_fault", true, RESULT_PF },
	{ "kvm_tdp_mmu_map", true, RESULT_PF },
	{ "hva_to_pfn", false, RESULT_PFN },
	{ "kvm_gmem_get_pfn", true, RESULT_PFN },
	{ "kvm_vm_ioctl_set_mem_attributes", true, RESULT_NUMBER },
	{ "__gfn_to_pfn_memslot", false, RESULT_PFN },
};

static const struct call *call_of(const char *site)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (!strcmp(calls[i].site, site))
			return &calls[i];
	}
	return NULL;
}

static const char *site_of(const struct sim_record *rec)
{
	return rec->site ? rec->site : "?";
}

static const char *result_words(const struct names *names, const struct sim_record *rec,
				struct words *w)
{
	/* enum of mmu/mmu_internal.h, v6.12 */
	static const char *const pf[] = {
		"RET_PF_CONTINUE", "RET_PF_RETRY", "RET_PF_EMULATE",
		"RET_PF_WRITE_PROTECTED", "RET_PF_INVALID", "RET_PF_FIXED",
		"RET_PF_SPURIOUS",
	};
	const struct call *c = call_of(site_of(rec));
	int64_t r = rec->a;

	if (c && c->result == RESULT_PF && r >= 0 && r < (int64_t)(sizeof(pf) / sizeof(*pf)))
		return pf[r];
	/* KVM's error pfns have their top bits set, so they are negative here. */
	if (c && c->result == RESULT_PFN)
		return r <= -4096 ? "KVM_PFN_ERR" : r < 0 ?
			name_errno(r, w->number, sizeof(w->number)) : page_of(names, r, w);
	return name_errno(r, w->number, sizeof(w->number));
}

static bool row_call(const struct names *names, const struct sim_record *rec, char *buf,
		     size_t size, enum row_kind *ret_kind)
{
	const struct call *c = call_of(site_of(rec));
	struct words w;

	if (rec->verb == SIM_LEAVE) {
		*ret_kind = ROW_CLOSE;
		snprintf(buf, size, "%s() = %s", site_of(rec), result_words(names, rec, &w));
		return true;
	}
	*ret_kind = ROW_OPEN;
	if (c && c->gfn_in_a)
		snprintf(buf, size, "%s(gfn 0x%" PRIx64 ")", site_of(rec), (uint64_t)rec->a);
	else if (SIM_OBJ_CLASS(rec->obj) == SIM_CLASS_NONE)
		snprintf(buf, size, "%s()", site_of(rec));
	else
		snprintf(buf, size, "%s(%s)", site_of(rec), obj_of(names, rec, &w));
	return true;
}

static bool row_hook(const struct names *names, const struct sim_record *rec, char *buf,
		     size_t size, enum row_kind *ret_kind)
{
	struct words w;

	*ret_kind = rec->a ? ROW_CLOSE : ROW_OPEN;
	if (rec->a)
		snprintf(buf, size, "hook %s = %s", obj_of(names, rec, &w),
			 name_errno(rec->b, w.number, sizeof(w.number)));
	else
		snprintf(buf, size, "hook %s", obj_of(names, rec, &w));
	return true;
}

/*
 * References: a call where somebody makes one, else whose the reference is:
 * a PTE's, a batch's, the isolation's ...
 */
static bool row_ref(const struct names *names, const struct sim_record *rec, char *buf,
		    size_t size)
{
	struct words w;
	const char *obj = obj_of(names, rec, &w), *kind;
	int64_t n = SIM_REF_UNITS(rec->a);
	char times[32] = "";

	/* The step before it acts; its note follows. */
	if (!n)
		return false;
	if (n > 1)
		snprintf(times, sizeof(times), " x%" PRId64, n);
	switch (SIM_REF_KIND(rec->a)) {
	case 0:
	case PAGE_REF_GET:
		snprintf(buf, size, "%s_page(%s)%s: refs %" PRId64,
			 rec->verb == SIM_GET ? "get" : "put", obj, times, rec->b);
		return true;
	case PAGE_REF_PIN:
		snprintf(buf, size, "%s %s%s: refs %" PRId64,
			 rec->verb == SIM_PIN ? "pin" : "unpin", obj, times, rec->b);
		return true;
	default:
		kind = probe_ref_kind_name(SIM_REF_KIND(rec->a));
		snprintf(buf, size, "%s: refs %" PRId64 " (%+" PRId64 " %s)", obj, rec->b,
			 rec->verb == SIM_GET ? n : -n, kind);
		return true;
	}
}

static bool row_lock(const struct sim_record *rec, char *buf, size_t size)
{
	const char *class = sim_lock_class_name((unsigned int)rec->b);

	if (!class || strcmp(class, "mmu_lock"))
		return false;
	snprintf(buf, size, "%s_%s(&mmu_lock)", rec->a ? "read" : "write",
		 rec->verb == SIM_LOCK ? "lock" : "unlock");
	return true;
}

/* Page tables: the process's and the guest's. */
static bool row_table(const struct names *names, const struct sim_record *rec, char *buf,
		      size_t size)
{
	const char *table = SIM_OBJ_CLASS(rec->obj) == OBJ_SPTE ? "SPTE" : "PTE";
	struct words w;
	const char *obj = obj_of(names, rec, &w);

	switch (rec->verb) {
	case SIM_MAP:
		snprintf(buf, size, "set %s of %s", table, obj);
		/* Where a page is called after its address, once is enough. */
		if (strcmp(page_of(names, rec->a, &w), obj))
			append(buf, size, ": %s", page_of(names, rec->a, &w));
		append(buf, size, "%s", rec->b ? "" : ", read-only");
		return true;
	case SIM_UNMAP:
		snprintf(buf, size, "clear %s of %s", table, obj);
		return true;
	case SIM_MIGRATION:
		snprintf(buf, size, rec->a < 0 ? "migration entry of %s removed" :
			 "migration entry for %s", obj);
		return true;
	case SIM_ZAP:
		if (!rec->a)
			return false;
		snprintf(buf, size, "zap %" PRId64 " SPTE%s", rec->a, rec->a == 1 ? "" : "s");
		return true;
	case SIM_NOTIFY_START:
		snprintf(buf, size, "invalidate_range_start()");
		return true;
	case SIM_NOTIFY_END:
		snprintf(buf, size, "invalidate_range_end()");
		return true;
	default:
		return false;
	}
}

/* What migration does to a page. */
static bool row_page(const struct names *names, const struct sim_record *rec, char *buf,
		     size_t size)
{
	struct words w;
	const char *obj = obj_of(names, rec, &w);

	switch (rec->verb) {
	case SIM_REFCHECK:
		if (rec->is_step)
			return false;
		snprintf(buf, size, "refcheck: found %" PRId64 ", expected %" PRId64 " -> %s",
			 rec->a, rec->b, rec->a == rec->b ? "ok" : "-EAGAIN");
		return true;
	case SIM_ISOLATE:
		if (rec->is_step)
			return false;
		snprintf(buf, size, rec->a ? "isolate %s" : "isolate %s: not on the LRU", obj);
		return true;
	case SIM_PUTBACK:
		snprintf(buf, size, "putback %s", obj);
		return true;
	case SIM_QUEUE:
		snprintf(buf, size, "LRU batch of CPU %" PRId64 ": add %s", rec->a, obj);
		return true;
	case SIM_DRAIN:
		if (!rec->b)
			return false;
		snprintf(buf, size, "drain LRU batch of CPU %" PRId64, rec->a);
		return true;
	case SIM_MOVED:
		snprintf(buf, size, "%s has moved: %s", obj, page_of(names, rec->a, &w));
		return true;
	case SIM_FREE:
		if (SIM_OBJ_CLASS(rec->obj) != OBJ_PAGE)
			return false;
		snprintf(buf, size, "free %s", obj);
		return true;
	default:
		return false;
	}
}

static bool row_other(const struct names *names, const struct sim_record *rec, char *buf,
		      size_t size)
{
	static const char *const flushes[] = { "flush TLBs", "clflush", "WBINVD" };
	struct words w;

	switch (rec->verb) {
	case SIM_FLUSH:
		snprintf(buf, size, "%s", rec->a >= 0 && rec->a < 3 ? flushes[rec->a] : "flush");
		return true;
	case SIM_CHARGE:
	case SIM_UNCHARGE:
		snprintf(buf, size, "%s %" PRId64 ": %" PRId64 " locked",
			 name_verb(rec->verb), rec->a, rec->b);
		return true;
	case SIM_ACCESS:
		if (SIM_OBJ_CLASS(rec->obj) == OBJ_CACHELINE) {
			snprintf(buf, size, "dirty cache lines of another key");
			return true;
		}
		if (SIM_OBJ_CLASS(rec->obj) != OBJ_SPTE)
			return false;
		snprintf(buf, size, "guest %s %s", rec->a && rec->b ? "finds harm in" :
						   rec->a ? "writes" : "reads",
			 obj_of(names, rec, &w));
		return true;
	case SIM_RETRY:
		snprintf(buf, size, "the fault starts over");
		return true;
	case SIM_FAIL:
		snprintf(buf, size, "%s is made to fail in %s()", name_fault(rec->a), site_of(rec));
		return true;
	case SIM_WAIT:
		snprintf(buf, size, "sleeps on %s", obj_of(names, rec, &w));
		return true;
	case SIM_RECORD:
		snprintf(buf, size, rec->a ? "record pin of %s" : "forget pin of %s",
			 page_of(names, rec->b, &w));
		return true;
	case SIM_OUTLIVED:
		snprintf(buf, size, "%" PRId64 " reference%s outlive%s the hook", rec->a,
			 rec->a == 1 ? "" : "s", rec->a == 1 ? "s" : "");
		return true;
	default:
		if (rec->verb < SIM_X_UNDERFLOW)
			return false;
		snprintf(buf, size, "*** %s in %s()", name_verb(rec->verb), site_of(rec));
		return true;
	}
}

bool row_text(const struct names *names, const struct sim_record *rec, char *buf,
	      size_t size, enum row_kind *ret_kind)
{
	*ret_kind = ROW_PLAIN;
	switch (rec->verb) {
	case SIM_ENTER:
	case SIM_LEAVE:
		return row_call(names, rec, buf, size, ret_kind);
	case SIM_HOOK:
		return row_hook(names, rec, buf, size, ret_kind);
	case SIM_GET:
	case SIM_PUT:
	case SIM_PIN:
	case SIM_UNPIN:
		return row_ref(names, rec, buf, size);
	case SIM_LOCK:
	case SIM_UNLOCK:
		return row_lock(rec, buf, size);
	default:
		return row_table(names, rec, buf, size) ||
		       row_page(names, rec, buf, size) ||
		       row_other(names, rec, buf, size);
	}
}

bool told_later(const struct report_story *story, size_t i)
{
	const struct sim_record *rec = &story->recs[i];

	if (!rec->is_step)
		return false;
	for (size_t j = i + 1; j < story->nr_recs && j <= i + 3; j++) {
		const struct sim_record *next = &story->recs[j];

		if (next->is_step || next->task != rec->task)
			return false;
		if (next->verb == rec->verb && next->obj == rec->obj)
			return true;
	}
	return false;
}

/* By how much a count changes: a pin of a small folio is 1024 (A.9). */
static int64_t count_delta(const struct sim_record *rec)
{
	int64_t n = SIM_REF_UNITS(rec->a);

	switch (rec->verb) {
	case SIM_GET:
		return n;
	case SIM_PUT:
		return -n;
	case SIM_PIN:
		return n * 1024;
	default:
		return -n * 1024;
	}
}

/* Counts: a step that no note follows did not take what it wanted. */
static void detail_ref(const struct sim_record *rec, char *buf, size_t size)
{
	if (rec->is_step && !rec->a)
		snprintf(buf, size, "not taken");
	else
		snprintf(buf, size, "%+" PRId64 " -> %" PRId64 " %s", count_delta(rec), rec->b,
			 SIM_REF_KIND(rec->a) ? probe_ref_kind_name(SIM_REF_KIND(rec->a)) : "");
}

static void detail_table(const struct names *names, const struct sim_record *rec, char *buf,
			 size_t size)
{
	struct words w;

	if (rec->verb == SIM_MAP)
		snprintf(buf, size, "-> %s%s", page_of(names, rec->a, &w),
			 rec->b ? "" : ", read-only");
	else if (rec->verb == SIM_MIGRATION)
		snprintf(buf, size, rec->a < 0 ? "removed" : "for %s",
			 page_of(names, rec->a, &w));
	else
		snprintf(buf, size, "0x%" PRIx64 "-0x%" PRIx64, (uint64_t)rec->a,
			 (uint64_t)rec->b);
}

void record_detail(const struct names *names, const struct sim_record *rec, char *buf,
		   size_t size)
{
	char where[SIM_WHERE_SIZE];
	struct words w;

	buf[0] = '\0';
	switch (rec->verb) {
	case SIM_GET:
	case SIM_PUT:
	case SIM_PIN:
	case SIM_UNPIN:
		detail_ref(rec, buf, size);
		break;
	case SIM_LOCK:
	case SIM_UNLOCK:
		snprintf(buf, size, "%s%s", sim_lock_class_name((unsigned int)rec->b),
			 rec->a ? ", shared" : "");
		break;
	case SIM_LEAVE:
		snprintf(buf, size, "= %s", result_words(names, rec, &w));
		break;
	case SIM_HOOK:
		if (rec->a)
			snprintf(buf, size, "= %s", name_errno(rec->b, w.number,
							       sizeof(w.number)));
		break;
	case SIM_REFCHECK:
		snprintf(buf, size, "found %" PRId64 ", expected %" PRId64, rec->a, rec->b);
		break;
	case SIM_MAP:
	case SIM_MIGRATION:
	case SIM_NOTIFY_START:
	case SIM_NOTIFY_END:
		detail_table(names, rec, buf, size);
		break;
	case SIM_ENTER:
		break;
	case SIM_LOAD:
	case SIM_STORE:
		snprintf(buf, size, "%s, %u bytes at +%" PRId64, rec->a >> 32 ? "marked" : "plain",
			 (unsigned int)rec->a, rec->b);
		break;
	case SIM_FAIL:
		snprintf(buf, size, "%s, failure %" PRId64, name_fault(rec->a), rec->b);
		break;
	case SIM_FRAME:
		sim_where((uint64_t)rec->a, where);
		snprintf(buf, size, "%s", where);
		break;
	default:
		if (rec->a || rec->b)
			snprintf(buf, size, "%" PRId64 ", %" PRId64, rec->a, rec->b);
		break;
	}
}

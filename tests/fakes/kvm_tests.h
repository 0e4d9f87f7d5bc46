/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the test programs of KVM's memslots, notifier and contents share: host side. */
#ifndef TESTS_FAKES_KVM_TESTS_H
#define TESTS_FAKES_KVM_TESTS_H

#include <errno.h>

#include "fakes/kvm/probe.h"
#include "fakes/mm/probe.h"
#include "sim/engine/pulse.h"
#include "tests/fakes/kvm_world.h"
#include "tests/rolled.h"

/* The VM as it is built, with its events. */
static inline void build_told(const struct kw_machine *m)
{
	if (rolled_build()) {
		kw_build(m);
		rolled_mark();
	}
	sim_pulse_subscribe(0);
	sim_pulse_clear();
}

static inline void build_as(const struct kw_machine *m)
{
	build_told(m);
	kw_forget();
}

/* A VM with the design that writes down its hooks, 6.12. */
static inline void build(void)
{
	build_as(&(struct kw_machine){ .profile = "6.12", .sev = true });
}

/* And slot 0 over the whole mapping. */
static inline void build_slot(const char *profile)
{
	build_as(&(struct kw_machine){ .profile = profile, .sev = true });
	assert_int_equal(kw_slot(0, KW_GFN, KW_PAGES, 0), 0);
	kw_forget();
}

/* The events since the last kw_forget() are exactly these; forget them. */
#define assert_events(...)						\
do {									\
	static const enum kw_event want_[] = { __VA_ARGS__, KW_END };	\
	unsigned int i_;						\
									\
	for (i_ = 0; i_ < sizeof(want_) / sizeof(*want_); i_++)		\
		assert_int_equal(kw_event(i_), want_[i_]);		\
	kw_forget();							\
} while (0)

#define assert_no_events()	assert_int_equal(kw_event(0), KW_END)

static inline struct probe_vm vm(void)
{
	struct probe_vm v;

	assert_true(probe_vm(0, &v));
	return v;
}

static inline struct probe_page page(uint64_t pfn)
{
	struct probe_page p;

	assert_true(probe_page(pfn, &p));
	return p;
}

#endif

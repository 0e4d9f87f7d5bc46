/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * WARN and BUG.  A WARN that fires is told to the checks (kernel-warn) and the
 * task goes on; a BUG ends the execution (kernel-bug).  VM_BUG_ON() and
 * VM_WARN_ON() are live: the modelled kernel has CONFIG_DEBUG_VM's opinions
 * where the contract names them.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

void warn_at(const char *site);
_Noreturn void bug_at(const char *site);

#define BUG()		bug_at(__func__)
#define BUG_ON(cond)	do { if (unlikely(cond)) bug_at(__func__); } while (0)

#define WARN_ON(cond)							\
({									\
	bool __warned = !!(cond);					\
	if (unlikely(__warned))						\
		warn_at(__func__);					\
	__warned;							\
})
#define WARN(cond, fmt, ...)		WARN_ON(cond)

#define WARN_ON_ONCE(cond)						\
({									\
	static bool __once;						\
	bool __warned = !!(cond);					\
	if (unlikely(__warned && !__once)) {				\
		__once = true;						\
		warn_at(__func__);					\
	}								\
	__warned;							\
})
#define WARN_ONCE(cond, fmt, ...)	WARN_ON_ONCE(cond)

#define VM_BUG_ON(cond)			BUG_ON(cond)
#define VM_BUG_ON_PAGE(cond, page)	BUG_ON(cond)
#define VM_BUG_ON_FOLIO(cond, folio)	BUG_ON(cond)
#define VM_BUG_ON_VMA(cond, vma)	BUG_ON(cond)
#define VM_WARN_ON(cond)		((void)WARN_ON(cond))
#define VM_WARN_ON_ONCE(cond)		WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_PAGE(cond, p)	WARN_ON_ONCE(cond)
#define VM_WARN_ON_ONCE_FOLIO(cond, f)	WARN_ON_ONCE(cond)

#endif

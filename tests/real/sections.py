# SPDX-License-Identifier: GPL-2.0-or-later
"""What of the kernel takes the place of what of the model.

A section names files of the kernel, what is kept of them, and glue of our own
that fits it in; the designs that lead to it; and differences that are known,
each with its reason in one line.
"""

from dataclasses import dataclass, field


@dataclass
class Header:
    """Functions of a kernel header that the model has another one of. @keep:
    them, and macros; @drop: types that the model's has."""

    path: str
    keep: set
    drop: set = field(default_factory=set)


@dataclass
class File:
    """A kernel file. @name: of the object, the section's; @quote: where
    #include "..." looks first; @keep: functions, all without it; @stop: those
    that are not taken though they are needed; @symbols: {static function: the
    external name it gets}; @headers: of the kernel, used as they are and found
    after @quote; @system: the same for <>, found after the model's; @cut: those
    that are not used as they are; @behind: our own, included behind all of
    these; @args: more for the compiler."""

    name: str
    path: str
    quote: list = field(default_factory=list)
    keep: set = field(default_factory=set)
    stop: set = field(default_factory=set)
    symbols: dict = field(default_factory=dict)
    headers: list = field(default_factory=list)
    system: list = field(default_factory=list)
    cut: list = field(default_factory=list)
    behind: list = field(default_factory=list)
    args: list = field(default_factory=list)

    def paths(self):
        """What of the kernel has to be there."""
        return [self.path, *self.headers, *self.system, *(h.path for h in self.cut)]


# A get that the guard of the count refuses leaves nothing behind that an order
# could name: so where it looked, before others' puts or after, an order does not
# say. All ends of that race are compared, and they are the same.
REFUSED = [(r"^count-guard\.race \S+ the \w+'s order (unrealised|differs)",
            "what a get that is refused has seen is no milestone")]


@dataclass
class Section:
    """@title: for people; @by_version: {version: [File]}; @glue_by_version:
    {version: [path]}; @designs: that reach it; @races: glob patterns;
    @explained: [(regular expression over "race design what", reason)];
    @subject: {version: File}: not linked, but made by 'pinsim subject' and
    loaded in the design's place."""

    name: str
    title: str
    by_version: dict
    glue_by_version: dict
    designs: list
    races: list = field(default_factory=lambda: ["tests/races/*.race",
                                                 "tests/real/races/[!m]*.race"])
    explained: list = field(default_factory=lambda: REFUSED)
    subject: dict = field(default_factory=dict)

    def files(self, version):
        return self.by_version[version]

    def glue(self, version):
        return self.glue_by_version[version]

    def args(self, kernel):
        major, minor = kernel.version.split(".")
        return [f"-DPINSIM_KVER={major}{int(minor):02d}",
                '-DKBUILD_MODNAME="real"']


# The shipped races, and small ones that reach pins and regions from all sides.
PIN_RACES = ["tests/races/*.race", "tests/real/races/pin-*.race",
             "tests/real/races/region-*.race"]

GUP = Section(
    name="gup",
    title="gup.c: the long-term core",
    by_version={
        "6.1": [File(
            name="gup", path="mm/gup.c", quote=["fakes/include/mm"],
            keep={"collect_longterm_unpinnable_pages",
                  "migrate_longterm_unpinnable_pages",
                  "check_and_migrate_movable_pages",
                  "__gup_longterm_locked"},
            stop={"__get_user_pages_locked", "gup_put_folio"},
            symbols={"__gup_longterm_locked": "gup_longterm_locked_61"},
            # Its list of arguments is another one: glue_gup_61.c.
            args=["-D__get_user_pages_locked=get_user_pages_locked_61"])],
        "6.12": [File(
            name="gup", path="mm/gup.c", quote=["fakes/include/mm"],
            keep={"pofs_get_folio", "pofs_clear_entry", "pofs_unpin", "pofs_next_folio",
                  "collect_longterm_unpinnable_folios",
                  "migrate_longterm_unpinnable_folios",
                  "check_and_migrate_movable_pages_or_folios",
                  "check_and_migrate_movable_folios",
                  "check_and_migrate_movable_pages",
                  "__gup_longterm_locked"},
            stop={"__get_user_pages_locked", "gup_put_folio"},
            symbols={"__gup_longterm_locked": "gup_longterm_locked_612"})],
    },
    glue_by_version={
        "6.1": ["tests/real/glue_gup_61.c"],
        "6.12": ["tests/real/glue_gup_612.c"],
    },
    races=PIN_RACES,
    designs=["demand-late", "demand-takeover", "eager-longterm"],
)

REFS_612 = {"sanity_check_pinned_pages", "try_get_folio", "gup_put_folio",
            "try_grab_folio", "try_grab_folio_fast", "unpin_user_page",
            "unpin_folio", "folio_add_pin", "gup_folio_range_next",
            "gup_folio_next", "unpin_user_pages_dirty_lock",
            "unpin_user_page_range_dirty_lock", "unpin_user_pages",
            "unpin_user_folio", "unpin_folios"}
REFS_61 = {"sanity_check_pinned_pages", "try_get_folio", "try_grab_folio",
           "gup_put_folio", "try_grab_page", "unpin_user_page",
           "gup_folio_range_next", "gup_folio_next",
           "unpin_user_pages_dirty_lock", "unpin_user_page_range_dirty_lock",
           "unpin_user_pages"}

REFS = Section(
    name="refs",
    title="gup.c: taking and dropping references and pins",
    by_version={
        "6.1": [File(
            name="refs", path="mm/gup.c", quote=["fakes/include/mm"],
            keep=REFS_61,
            symbols={"try_grab_folio": "try_grab_folio_61",
                     "gup_put_folio": "gup_put_folio_61"},
            args=["-DCONFIG_DEBUG_VM"])],
        "6.12": [File(
            name="refs", path="mm/gup.c", quote=["fakes/include/mm"],
            keep=REFS_612,
            symbols={"try_grab_folio": "try_grab_folio_612",
                     "try_grab_folio_fast": "try_grab_folio_fast_612",
                     "gup_put_folio": "gup_put_folio_612"},
            args=["-DCONFIG_DEBUG_VM"])],
    },
    glue_by_version={
        "6.1": ["tests/real/glue_refs_61.c"],
        "6.12": ["tests/real/glue_refs_612.c"],
    },
    races=PIN_RACES,
    designs=["demand-late", "demand-takeover", "eager-longterm"],
    explained=REFUSED + [
        ("the kernel's order unrealised",
         "somebody saw the first half of a lockless pin, which the model has in one")],
)

SEV_REGIONS = {"is_mirroring_enc_context",
               "sev_pin_memory", "sev_unpin_memory", "sev_clflush_pages",
               "sev_mem_enc_register_region", "find_enc_region",
               "__unregister_enc_region_locked",
               "sev_mem_enc_unregister_region", "sev_vm_destroy"}
# What a VM has besides its regions is the model's.
SEV_STOPS = {"sev_unbind_asid", "sev_asid_free"}
SNP_STOPS = {"snp_guest_req_cleanup", "snp_decommission_context"}


def sev_file(stops):
    return File(name="sev", path="arch/x86/kvm/svm/sev.c", quote=["fakes/include/svm"],
                keep=SEV_REGIONS, stop=stops)


SEV = Section(
    name="sev",
    title="sev.c: regions",
    by_version={"6.1": [sev_file(SEV_STOPS)],
                "6.12": [sev_file(SEV_STOPS | SNP_STOPS)]},
    glue_by_version={"6.1": ["tests/real/glue_sev.c"],
                     "6.12": ["tests/real/glue_sev.c"]},
    races=PIN_RACES,
    designs=["eager-longterm"],
)

SUBJECT = Section(
    name="subject",
    title="sev.c: regions, by way of 'pinsim subject'",
    by_version={"6.1": [], "6.12": []},
    glue_by_version={},
    designs=["eager-longterm"],
    races=PIN_RACES,
    subject={version: File(
        name="subject", path="arch/x86/kvm/svm/sev.c",
        keep={"sev_mem_enc_register_region", "sev_mem_enc_unregister_region",
              "sev_vm_destroy"},
        stop=SEV.by_version[version][0].stop) for version in ("6.1", "6.12")},
)

MMU = "arch/x86/kvm/mmu/"
TDP_HEADERS = [f"{MMU}{h}.h" for h in ("spte", "tdp_iter", "tdp_mmu")]

# glue.c has these under the plain names, and calls the kernel's.
TDP_WRAPPED = ["kvm_mmu_init_tdp_mmu", "kvm_tdp_mmu_map", "kvm_tdp_mmu_unmap_gfn_range"]
# Their arguments were others.
TDP_WRAPPED_61 = ["kvm_tdp_mmu_put_root", "kvm_tdp_mmu_fast_pf_get_last_sptep"]


def tdp_files(wrapped):
    return [File(name=name, path=f"{MMU}{name}.c", quote=["tests/real/tdp"],
                 symbols={s: f"real_{s}" for s in wrapped} if name == "tdp_mmu" else {},
                 headers=TDP_HEADERS,
                 args=["-include", "tests/real/tdp/prologue.h"])
            for name in ("tdp_mmu", "tdp_iter", "spte")]


TDP = Section(
    name="tdp",
    title="tdp_mmu.c, tdp_iter.c, spte.c: the TDP MMU",
    by_version={"6.1": tdp_files(TDP_WRAPPED + TDP_WRAPPED_61),
                "6.12": tdp_files(TDP_WRAPPED)},
    glue_by_version={"6.1": ["tests/real/tdp/glue.c"],
                     "6.12": ["tests/real/tdp/glue.c"]},
    designs=["demand-ref", "demand-late", "demand-late:in-map",
             "demand-takeover", "eager"],
    races=["tests/races/*.race", "tests/real/races/[mr]*.race"],
)

MIGRATE_BOTH = {"putback_movable_pages", "folio_migrate_mapping", "folio_migrate_flags",
                "migrate_folio", "move_to_new_folio",
                "__migrate_folio_record", "__migrate_folio_extract", "migrate_folio_done",
                "migrate_folio_unmap", "migrate_folio_move", "try_split_folio",
                "migrate_hugetlbs", "migrate_pages_batch", "migrate_pages",
                "alloc_migration_target"}
# In two halves, 6.12's undone by functions of their own.
MIGRATE_61 = {"folio_expected_refs", "folio_migrate_copy", "migrate_folio_extra",
              "__migrate_folio_unmap", "__migrate_folio_move"}
MIGRATE_612 = {"__folio_migrate_mapping", "__migrate_folio", "migrate_folio_undo_src",
               "migrate_folio_undo_dst", "migrate_pages_sync"}
MIGRATE_STOPS = {"fallback_migrate_folio", "unmap_and_move_huge_page"}


def migrate_file(keep, stop):
    return File(name="migrate", path="mm/migrate.c",
                quote=["tests/real/migrate", "fakes/include/mm"], keep=keep,
                stop=MIGRATE_STOPS | stop,
                symbols={s: f"real_{s}" for s in ("migrate_pages", "putback_movable_pages",
                                                  "alloc_migration_target")},
                # What is set for the page cache and huge pages is not looked at.
                args=["-include", "tests/real/migrate/prologue.h", "-Wno-switch",
                      "-Wno-unused-but-set-variable", "-Wno-unused-variable",
                      "-Wno-unused-value"])


MIGRATE = Section(
    name="migrate",
    title="migrate.c: migrate_pages(), as far down as the reverse map",
    by_version={"6.1": [migrate_file(MIGRATE_BOTH | MIGRATE_61, {"putback_movable_page"})],
                "6.12": [migrate_file(MIGRATE_BOTH | MIGRATE_612,
                                      {"putback_movable_folio", "migrate_movable_ops_page"})]},
    glue_by_version={"6.1": ["tests/real/migrate/glue.c"],
                     "6.12": ["tests/real/migrate/glue.c"]},
    designs=["demand-late", "demand-ref", "eager-longterm"],
    races=PIN_RACES,
)

TREE_HEADERS = [f"include/linux/{h}.h" for h in
                ("rbtree", "rbtree_types", "rbtree_augmented",
                 "interval_tree", "interval_tree_generic")]

MEMSLOT_HOST = Header(
    path="include/linux/kvm_host.h",
    keep={"kvm_memslot_iter_start", "kvm_memslot_iter_next", "kvm_memslot_iter_is_valid",
          "kvm_for_each_memslot_in_gfn_range", "kvm_dirty_bitmap_bytes",
          "kvm_dirty_log_manual_protect_and_init_set", "kvm_memslots_empty",
          "id_to_memslot", "is_gfn_in_memslot", "try_get_memslot", "search_memslots"},
    drop={"kvm_memory_slot", "kvm_memslots", "kvm", "kvm_vcpu", "_kvm_stats_desc"})

MEMSLOT_UPDATE = {"kvm_alloc_dirty_bitmap", "kvm_destroy_dirty_bitmap", "kvm_free_memslot",
                  "kvm_get_inactive_memslots", "kvm_memslots_get_as_id",
                  "kvm_insert_gfn_node", "kvm_erase_gfn_node", "kvm_replace_gfn_node",
                  "kvm_replace_memslot", "check_memory_region_flags",
                  "kvm_swap_active_memslots", "kvm_prepare_memory_region",
                  "kvm_commit_memory_region", "kvm_activate_memslot", "kvm_copy_memslot",
                  "kvm_invalidate_memslot", "kvm_create_memslot", "kvm_delete_memslot",
                  "kvm_move_memslot", "kvm_update_flags_memslot", "kvm_set_memslot",
                  "kvm_check_memslot_overlap", "__kvm_set_memory_region",
                  "kvm_set_memory_region"}

MEMSLOT_FILES = [
    File(name="memslot", path="virt/kvm/kvm_main.c", keep=MEMSLOT_UPDATE,
         symbols={s: f"real_{s}" for s in ("kvm_free_memslot", "__kvm_set_memory_region",
                                           "kvm_set_memory_region")},
         system=TREE_HEADERS, cut=[MEMSLOT_HOST], behind=["tests/real/memslot/sets.h"],
         args=["-include", "linux/interval_tree.h",
               "-include", "tests/real/memslot/prologue.h"]),
    File(name="rbtree", path="lib/rbtree.c", system=TREE_HEADERS),
    File(name="interval_tree", path="lib/interval_tree.c", system=TREE_HEADERS),
]

MEMSLOT = Section(
    name="memslot",
    title="kvm_main.c: changing memslots, with lib/rbtree.c and lib/interval_tree.c",
    by_version={"6.1": MEMSLOT_FILES, "6.12": MEMSLOT_FILES},
    glue_by_version={"6.1": ["tests/real/memslot/glue.c"],
                     "6.12": ["tests/real/memslot/glue.c"]},
    designs=["demand-late", "demand-ref", "eager-longterm"],
    races=["tests/races/*.race", "tests/real/races/[ms]*.race"],
)

PFN_FAMILY = {"kvm_pfn_to_refcounted_page", "__gfn_to_hva_many", "check_user_page_hwpoison",
              "hva_to_pfn_fast", "hva_to_pfn_slow", "vma_is_valid", "kvm_try_get_pfn",
              "hva_to_pfn_remapped", "hva_to_pfn", "__gfn_to_pfn_memslot",
              "gfn_to_pfn_memslot", "gfn_to_pfn", "kvm_is_ad_tracked_page",
              "kvm_set_page_dirty", "kvm_set_page_accessed", "kvm_release_page_clean",
              "kvm_release_pfn_clean", "kvm_release_page_dirty", "kvm_release_pfn_dirty",
              "kvm_set_pfn_dirty", "kvm_set_pfn_accessed"}

PFN_FILES = [File(
    name="pfn", path="virt/kvm/kvm_main.c", keep=PFN_FAMILY,
    symbols={s: f"real_{s}" for s in ("hva_to_pfn", "__gfn_to_pfn_memslot",
                                      "kvm_release_pfn_clean")},
    args=["-include", "tests/real/pfn/prologue.h"])]

PFN = Section(
    name="pfn",
    title="kvm_main.c: from an address to a page frame, and back",
    by_version={"6.1": PFN_FILES, "6.12": PFN_FILES},
    glue_by_version={"6.1": ["tests/real/pfn/glue.c"],
                     "6.12": ["tests/real/pfn/glue.c"]},
    designs=["demand-late", "demand-ref"],
    races=["tests/races/*.race", "tests/real/races/[mrsh]*.race"],
)

SECTIONS = {s.name: s for s in (GUP, REFS, SEV, SUBJECT, TDP, MIGRATE, MEMSLOT, PFN)}

# SPDX-License-Identifier: GPL-2.0-or-later
"""What the benches said, as tables in Markdown."""

import statistics

MODES = (
    ("brute", "every schedule"),
    ("dpor", "partial-order reduction"),
    ("states", "states"),
    ("both", "both"),
    ("dpor-rerun", "partial-order reduction, run again"),
    ("both-rerun", "both, run again"),
    ("brute-rerun", "every schedule, run again"),
)


# Steps of an execution from which on going back has to pay, and what it has to.
LONG = 100
PAYS = 3


def find(measured, *path):
    """What lies there; None if somewhere on the way nothing does."""
    for step in path:
        if measured is None:
            return None
        if isinstance(step, str):
            measured = measured.get(step)
        else:
            measured = next((m for m in measured
                             if all(m.get(k) == v for k, v in step.items())), None)
    return measured


def time(seconds):
    if seconds is None:
        return "-"
    for size, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")):
        if seconds >= size:
            break
    return f"{seconds / size:.3g} {name}"


def count(n):
    return "-" if n is None else f"{n:,.0f}".replace(",", " ")


def mebibytes(size):
    return f"{size / 2 ** 20:.1f} MiB"


def times(ratio):
    return "not installed" if ratio is None else f"{ratio:.2f}"


def row(*cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def head(*cells):
    return [row(*cells), "|" + "---|" * len(cells)]


def setting(measured, vcpus, retries, *path):
    return find(measured, "dpor", "settings", {"vcpus": vcpus, "retries": retries}, *path)


def most(values):
    values = [v for v in values if v is not None]
    return max(values) if values else None


def designs(measured, kind):
    """Executions a second, of each design of the race."""
    return {d["design"]: find(d, kind, "executions_per_second")
            for d in measured["explore"]["designs"]}


def exhausted(design):
    """How long a search of everything took."""
    reduced = design["reduced"]
    return time(reduced["seconds"]) + ("" if reduced["complete"] else ", not all")


def going_back(measured):
    """Re-execution against roll-back: what of, measured. Long executions only."""
    for one in measured["dpor"]["long"]:
        yield (f"the toy, {one['vcpus']} vCPU{'s' * (one['vcpus'] > 1)}, "
               f"{dict(MODES)[one['mode']]}", one)
    yield from going_back_in_races(measured)


def going_back_in_races(measured):
    for race, design, one in long_searches(measured):
        yield f"{race}, {design}", one


def long_searches(measured):
    for r in measured["again"]:
        for d in r["designs"]:
            if find(d, "again", "steps_per_execution") and \
                    d["again"]["steps_per_execution"] >= LONG:
                yield r["race"], d["design"], d["again"]


def ratio_of(searches):
    return sum(one["rerun_seconds"] for one in searches) / \
        sum(one["rollback_seconds"] for one in searches)


def by_race(measured):
    """The long searches of each race."""
    races = {}
    for race, _, one in long_searches(measured):
        races.setdefault(race, []).append(one)
    return races


def together(measured):
    """The same, of all races: that much time again for that much by rolling back."""
    races = [one for _, one in going_back_in_races(measured)]
    if not races:
        return
    ratios = [one["rerun_to_rollback"] for one in races]
    what = f"running again to rolling back, {len(races)} searches of races, {LONG} steps and more"
    yield (what + ": together", "3 or more",
           times(ratio_of(races)))
    yield (what + ": the median", "3 or more", times(statistics.median(ratios)))
    yield (what + f": below 3, from {times(min(ratios))} on", "none",
           count(sum(ratio < PAYS for ratio in ratios)))
    able = [one["rerun_to_rollback"] for one in races if one["all_steps_to_new"] >= PAYS]
    yield (f"of these searches {len(able)} have 3 times as many steps as new ones, or more: "
           "3 or more", count(len(able)), count(sum(ratio >= PAYS for ratio in able)))
    each = {race: ratio_of(one) for race, one in by_race(measured).items()}
    yield (f"the same, all searches of a race together, {len(each)} races: 3 or more",
           count(len(each)), count(sum(ratio >= PAYS for ratio in each.values())))


def held(measured):
    """What is asked of the explorer: what, needed, measured."""
    core = measured["core"]
    yield ("a step of a task, switches included", "20 ns or less",
           time(core["step_ns"] * 1e-9))
    yield ("a switch, to jump_fcontext", "0.6 or less",
           times(core.get("switch_ratio_to_fcontext")))
    yield ("a branch point", "100 ns or less", time(core["branch_ns"] * 1e-9))
    yield (f"all {count(core['empty_schedules'])} schedules of two tasks of 12 steps",
           "0.5 s or less", time(core["empty_seconds"]))
    yield ("toy, 2 vCPUs, 2 retries, whole, from process start", "0.1 s or less",
           time(setting(measured, 2, 2, "both", "seconds")))
    for vcpus in range(1, 5):
        yield (f"toy, {vcpus} vCPU{'s' * (vcpus > 1)}, 1 retry: time, to Spin's", "1 or less",
               times(setting(measured, vcpus, 1, "spin", "pinsim_to_spin")))
    for (vcpus, retries), limit in (((1, 1), 35), ((1, 2), 73), ((2, 1), 2593), ((2, 2), 17650)):
        yield (f"toy, {vcpus} and {retries}: executions by partial-order reduction",
               f"{count(int(limit * 1.1))} or fewer",
               count(setting(measured, vcpus, retries, "dpor", "executions")))
    yield ("of these a second", "300 000 or more",
           count(most(setting(measured, v, r, "dpor", "executions_per_second")
                      for v in range(1, 5) for r in (1, 2))))
    for vcpus in (1, 2):
        pct = find(measured, "dpor", "planted_bug_by_pct", {"vcpus": vcpus})
        yield (f"planted bug by PCT, {vcpus} vCPU{'s' * (vcpus > 1)}, from process start",
               "10 ms or less", time(pct["seconds"]))
    yield from together(measured)
    for mode in ("both", "states"):
        m = measured["memory"][mode]
        yield (f"search state of {count(m['states'])} states of the toy, by {dict(MODES)[mode]}",
               "1 024 MiB or less", mebibytes(m["memory_bytes"]))
    for design, rate in designs(measured, "exhaustive").items():
        yield (f"{measured['explore']['race']}, {design}: executions a second, depth first",
               "200 000 or more", count(rate))
    for r in measured["races"]:
        for d in r["designs"]:
            if d["reduced"]["seconds"] > 1 or not d["reduced"]["complete"]:
                yield (f"{r['race']}, {d['design']}, {d['kernel']}: all of it", "10 s or less",
                       exhausted(d))
    yield ("every other race and design: all of it, at most", "10 s or less",
           time(max((d["reduced"]["seconds"] for r in measured["races"] for d in r["designs"]
                     if d["reduced"]["complete"] and d["reduced"]["seconds"] <= 1), default=None)))


def short(measured, machine):
    """For the README."""
    core = measured["core"]
    spin = setting(measured, 2, 2, "spin")
    yield "Measured by `ninja -C build plots` on"
    yield f"{machine}:"
    yield ""
    yield from head("", "")
    yield row("the toy whole: two vCPUs, two retries, from process start",
              time(setting(measured, 2, 2, "both", "seconds")))
    if spin:
        yield row("the same by Spin's verifier (with a hash table that fits)",
                  f"{time(spin['seconds'])} ({time(spin['seconds_with_fitting_table'])})")
    yield row("the toy's bug, which three preemptions hide, by PCT",
              time(find(measured, "dpor", "planted_bug_by_pct", {"vcpus": 2}, "seconds")))
    yield row("all 2 704 156 schedules of two tasks of twelve steps",
              time(core["empty_seconds"]))
    for kind, what in (("exhaustive", "executions a second"), ("whole", "each run to its end")):
        rates = [r for r in designs(measured, kind).values() if r]
        yield row(f"{measured['explore']['race']}, depth first: {what}",
                  f"{count(min(rates))} to {count(max(rates))}")
    for _, _, ratio in list(together(measured))[:1]:
        yield row("time of the races' searches, running again to rolling back", ratio)
    yield row("a step; a switch; a branch",
              f"{time(core['step_ns'] * 1e-9)}; {time(core['switch_ns'] * 1e-9)}; "
              f"{time(core['branch_ns'] * 1e-9)}")


def searches(measured):
    """Every search of the toy."""
    yield from head("vCPUs, retries", "by", "executions", "states", "time", "executions/s",
                    "memory")
    for s in measured["dpor"]["settings"]:
        for mode, name in MODES:
            m = s.get(mode)
            if not m or "seconds" not in m:
                continue
            cut = "" if m["complete"] else ", cut"
            yield row(f"{s['vcpus']}, {s['retries']}", name + cut, count(m["executions"]),
                      count(m["states"]), time(m["seconds"]),
                      count(m["executions_per_second"]),
                      mebibytes(m["resident_kib"] * 1024))
        if s.get("spin"):
            yield row(f"{s['vcpus']}, {s['retries']}", "Spin", "", count(s["spin"]["states"]),
                      time(s["spin"]["seconds"]), "", "")
            yield row(f"{s['vcpus']}, {s['retries']}",
                      f"Spin, table of 2^{s['spin']['fitting_table_log2']}", "",
                      count(s["spin"]["states"]),
                      time(s["spin"]["seconds_with_fitting_table"]), "", "")


def race(measured):
    """A real race, by each design."""
    yield from head("design", "random/s", "depth first/s", "each to its end/s",
                    "executions with 0, 1, ... preemptions")
    for d in measured["explore"]["designs"]:
        yield row(d["design"], *(count(find(d, kind, "executions_per_second"))
                                 for kind in ("random", "exhaustive", "whole")),
                  ", ".join(f"{count(b['executions'])} ({time(b['seconds'])})"
                            for b in d.get("bounded", [])))


def strategies(measured):
    """What each takes to the first hit of the toy's bug."""
    yield from head("strategy", "1 vCPU: executions", "time", "2 vCPUs: executions", "time")
    one, two = (measured["strategies"][v] for v in ("one_vcpu", "two_vcpus"))
    for name in one:
        yield row(name, *(cell for s in (one[name], two[name])
                          for cell in (count(s["executions"]), time(s["milliseconds"] / 1e3))))


def races(measured):
    """Every race, searched whole."""
    yield from head("race", "design", "kernel", "executions", "time")
    for r in measured["races"]:
        for d in r["designs"]:
            yield row(r["race"], d["design"], d["kernel"],
                      count(d["reduced"]["executions"]), exhausted(d))


def back(measured):
    """What going back saves, and what it could at most.

    Were going back for nothing and a new step as dear as one that is run again,
    the ratio would be that of all steps to new ones; a new step is dearer, as it
    is judged, hashed and compared with the other tasks'.
    """
    yield from head("what", "steps", "all steps to new ones", "running again to rolling back",
                    "if going back were for nothing")
    for what, one in sorted(going_back(measured), key=lambda w: w[1]["rerun_to_rollback"]):
        # Of the toy's the last is not measured.
        yield row(what, count(one["steps_per_execution"]), times(one["all_steps_to_new"]),
                  times(one["rerun_to_rollback"]),
                  times(one["if_back_were_free"]) if "if_back_were_free" in one else "-")
    yield ""
    yield "All of these searches of a race together:"
    yield ""
    yield from head("race", "searches", "running again", "rolling back", "ratio")
    for race, ones in sorted(by_race(measured).items(), key=lambda r: ratio_of(r[1])):
        yield row(race, len(ones), time(sum(one["rerun_seconds"] for one in ones)),
                  time(sum(one["rollback_seconds"] for one in ones)), times(ratio_of(ones)))


def growth(measured):
    """The pictures' points."""
    for curve in measured["growth"]["curves"]:
        yield ""
        yield f"{curve['what']}, {dict(MODES).get(curve['mode'], curve['mode'])}:"
        yield ""
        yield from head(curve["axis"], "executions", "states", "time")
        for p in curve["points"]:
            yield row(p["x"], count(p["executions"]), count(p["states"]), time(p["seconds"]))


def everything(measured, machine):
    """All of them."""
    yield "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->"
    yield "# Measured"
    yield ""
    yield f"By `ninja -C build plots` on {machine}."
    yield ""
    yield "## What is asked of the explorer"
    yield ""
    yield from head("what", "needed", "measured")
    for what in held(measured):
        yield row(*what)
    yield ""
    yield "## The toy"
    yield ""
    yield from searches(measured)
    yield ""
    yield f"## {measured['explore']['race']}"
    yield ""
    yield from race(measured)
    yield ""
    yield "## The toy's bug, by strategy (medians over seeds)"
    yield ""
    yield from strategies(measured)
    yield ""
    yield "## All that can happen in every race"
    yield ""
    yield from races(measured)
    yield ""
    yield "## Going back, searches with executions of %d steps and more" % LONG
    yield ""
    yield from back(measured)
    yield ""
    yield "## Growth"
    yield from growth(measured)

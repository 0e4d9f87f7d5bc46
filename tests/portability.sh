#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One schedule, one trace, whatever pinsim was built with. Builds it with gcc
# and clang, without and with optimisation, over both ways of switching stacks;
# runs every race, for each design and under each kernel that it speaks of, on
# the default schedule and on five random ones, twice; and replays in each build
# what the first one ran. All output must be the same, byte for byte.
#
# Prints one line for each build, with a checksum of what it said.
#
# usage: tests/portability.sh [DIRECTORY]
#   DIRECTORY  where the builds go and may stay (build-portability)

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

top=${1:-build-portability}
# compiler, optimisation, way of switching
builds=('gcc 0 asm' 'gcc 2 asm' 'gcc 2 ucontext' 'clang 0 asm'
	'clang 2 ucontext')
kernels=(6.12 6.1)
seeds=(default 1 2 3 4 5)

fail() {
	printf 'portability: %s\n' "$*" >&2
	exit 1
}

# build DIR COMPILER LEVEL SWITCH: configure if need be, then make pinsim
build() {
	local dir=$1 log=$1.log

	{
		[ -f "$dir/build.ninja" ] ||
			CC=$2 meson setup "$dir" --buildtype=plain \
				-Doptimization="$3" -Dcoroutine="$4"
	} >"$log" 2>&1 && ninja -C "$dir" sim/cli/pinsim >>"$log" 2>&1 && return
	tail -n 20 "$log" >&2
	fail "$2 -O$3 $4 does not build"
}

# speaks_of RACE KERNEL: one that says nothing is about 6.12
speaks_of() {
	if grep -q '^kernels ' "$1"; then
		sed -n 's/^kernels //p' "$1" | tr ' ' '\n' | grep -qxF "$2"
	else
		[ "$2" = 6.12 ]
	fi
}

# run_all PINSIM: every race, kernel and schedule; one text
run_all() {
	local race kernel seed args status

	for race in tests/races/*.race; do
		for kernel in "${kernels[@]}"; do
			speaks_of "$race" "$kernel" || continue
			for seed in "${seeds[@]}"; do
				args=(--steps --max-steps 20000 --kernel "$kernel")
				[ "$seed" = default ] || args+=(--seed "$seed")
				printf '#### %s %s\n' "$race" "${args[*]}"
				"$1" run "${args[@]}" "$race" 2>&1
				status=$?
				printf '#### status %s\n' "$status"
			done
		done
	done
}

# replay_all PINSIM LINES: each line of the file; one text
replay_all() {
	local line status

	while read -r line; do
		"$1" replay --steps --max-steps 20000 "$line" 2>&1 </dev/null
		status=$?
		printf '#### status %s\n' "$status"
	done <"$2"
}

# The line of one random schedule of each race, kernel and design.
some_lines() {
	sed -n "/^#### .*--seed 3\$/,/^#### status/s/^  pinsim replay '\(.*\)'\$/\1/p" "$1"
}

# same A B WHAT: the files are, or the first difference is shown
same() {
	cmp -s "$1" "$2" && return
	diff "$1" "$2" | head -n 10 >&2
	fail "$3: not the same"
}

# sound TEXT WHAT: each command ended with a verdict
sound() {
	local bad

	grep -q '^#### status' "$1" || fail "$2: nothing was run"
	bad=$(grep -B 2 '^#### status [^01]' "$1" | head -n 3)
	[ -z "$bad" ] || fail "$2: $bad"
}

mkdir -p "$top" || exit 2
first=
for spec in "${builds[@]}"; do
	read -r cc level switch <<<"$spec"
	name=$cc-O$level-$switch
	dir=$top/$name
	build "$dir" "$cc" "$level" "$switch"
	program=$dir/sim/cli/pinsim

	run_all "$program" >"$dir.run"
	run_all "$program" >"$dir.again"
	same "$dir.run" "$dir.again" "$name: run twice"
	sound "$dir.run" "$name"
	if [ -z "$first" ]; then
		first=$dir
		some_lines "$first.run" >"$top/lines"
		[ -s "$top/lines" ] || fail 'no replay lines'
	fi
	replay_all "$program" "$top/lines" >"$dir.replay"
	sound "$dir.replay" "$name: replay"
	same "$first.run" "$dir.run" "$(basename "$first") and $name: run"
	same "$first.replay" "$dir.replay" "$(basename "$first") and $name: replay"

	printf '%-18s %4d executions, %3d replays  %s\n' "$name" \
		"$(grep -c '^  pinsim replay' "$dir.run")" \
		"$(grep -c '^#### status' "$dir.replay")" \
		"$(cat "$dir.run" "$dir.replay" | sha256sum | cut -c 1-16)"
done

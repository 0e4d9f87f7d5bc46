#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./bootstrap on machines that do not exist: PATH holds stubs only, which write
# down how they were called, and an apt-get that "installs" more stubs.
#
# usage: bootstrap_test.sh ROOT
#
# The stubs' own text is quoted on purpose:
# shellcheck disable=SC2016

set -u

source=$1
python3=$(python3 -c 'import sys; print(sys.executable)') || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
checkout="$tmp/with a space"
stubs=$tmp/stubs
calls=$tmp/calls
failures=0

all='gcc libc6-dev meson ninja-build pkg-config flex bison libcmocka-dev'
all="$all libdw-dev libjansson-dev liblzma-dev libxxhash-dev patch"

# stub NAME BODY
stub() {
	# Never through a link: it may lead to one of the machine's own tools.
	rm -f "${stubs:?}/$1"
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2028
		echo 'printf "%s\n" "${0##*/} $*" >>"'"$calls"'"'
		printf '%s\n' "$2"
	} >"$stubs/$1"
	chmod +x "$stubs/$1"
}

# provide PACKAGE...: what installing it would bring
provide() {
	for package in "$@"; do
		case $package in
		gcc)
			stub cc 'while read -r _; do :; done; [ -e "'"$stubs"'/libc6-dev" ]'
			;;
		libc6-dev)
			touch "$stubs/$package"
			;;
		lib*-dev)
			name=${package#lib}
			name=${name%-dev}
			case $name in
			dw | lzma | xxhash)
				name=lib$name
				;;
			esac
			touch "$stubs/$name.pc"
			;;
		pkg-config)
			stub pkg-config '[ -e "'"$stubs"'/$2.pc" ]'
			;;
		ninja-build)
			stub ninja 'exit "${NINJA_STATUS:-0}"'
			;;
		meson)
			stub meson '
case $1 in
setup)
	[ -z "${MESON_FAILS-}" ] || exit 1
	mkdir -p build/sim/cli build/meson-logs
	: >build/build.ninja
	cp "'"$stubs"'/pinsim" build/sim/cli/pinsim
	;;
test)
	echo "{\"name\": \"a\", \"result\": \"${RESULT:-OK}\"}" >build/meson-logs/testlog.json
	exit "${MESON_STATUS:-0}"
	;;
esac'
			;;
		*)
			stub "$package" ''
			;;
		esac
	done
}

# machine [PACKAGE...]: a new checkout on a machine that has these
machine() {
	rm -rf "$checkout" "$stubs" "$calls"
	mkdir -p "$checkout/tests" "$stubs"
	cp "$source/bootstrap" "$checkout/"
	cp "$source/tests/summary.py" "$checkout/tests/"
	for tool in sh cat cp chmod dirname env mkdir rm touch uname; do
		stub "$tool" 'exec "'"$(command -v "$tool")"'" "$@"'
	done
	stub python3 'exec "'"$python3"'" "$@"'
	stub id 'echo "${ID:-0}"'
	stub pinsim 'exit "${PINSIM_STATUS:-0}"'
	provide "$@"
	: >"$calls"
}

# with_apt [STATUS]: an apt-get that installs, or fails
with_apt() {
	stub apt-get '
for arg; do
	case $arg in
	update) exit 0 ;;
	install) install=1 ;;
	-*) ;;
	*) [ -z "${install-}" ] || echo "$arg" >>"'"$tmp"'/installed" ;;
	esac
done
exit '"${1:-0}"
	: >"$tmp/installed"
}

# run STATUS ARG...: ./bootstrap from another folder must exit like that
run() {
	wanted=$1
	shift
	(cd / && PATH=$stubs exec "$checkout/bootstrap" "$@") \
		>"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	[ "$status" = "$wanted" ] || bad "exit $status, not $wanted: $*"
}

bad() {
	echo "not ok: $label: $*"
	sed 's/^/    /' "$tmp/out" "$tmp/err"
	failures=$((failures + 1))
}

called() {
	grep -q -- "$1" "$calls" || bad "never called: $1"
}

not_called() {
	! grep -q -- "$1" "$calls" || bad "called: $1"
}

says() {
	grep -q -- "$1" "$tmp/err" || bad "does not say: $1"
}

label=help
machine
for args in --help -h 'demo --help' 'test -h'; do
	# shellcheck disable=SC2086
	run 0 $args
	grep -q '^usage: ' "$tmp/out" || bad "no usage on standard output: $args"
done
not_called '^apt-get\|^meson'

label=usage
run 2
says '^usage: '
run 2 frobnicate
says 'no such command: frobnicate'
run 2 demo now
says 'no arguments: now'
run 2 packages all
says "'ci': all"

label='no apt-get'
machine
run 2 build
for package in $all; do
	says "$package"
done
says 'no apt-get'
not_called '^meson'

label='packages of the ci'
run 2 packages ci
for package in $all clang slurm-wlm universal-ctags; do
	says "[: ]$package"
done

label='no root, no sudo'
machine gcc
with_apt
ID=1000 run 2 build
says 'neither root nor sudo'
not_called '^apt-get'

label='apt-get as root'
# shellcheck disable=SC2086
machine gcc libc6-dev pkg-config libcmocka-dev
with_apt
run 2 build
still='meson ninja-build flex bison libdw-dev libjansson-dev liblzma-dev'
says "still not found: $still libxxhash-dev patch\$"
called 'apt-get .*update'
called 'apt-get .*--no-install-recommends meson ninja-build flex bison libdw-dev libjansson-dev'
not_called '^sudo'

label='apt-get through sudo'
machine gcc
with_apt
stub sudo 'exec "$@"'
ID=1000 run 2 build
called 'sudo env .*apt-get .*install'

label='apt-get fails'
machine gcc
with_apt 100
run 2 build
says 'could not install: '
not_called '^meson'

label='all there'
# shellcheck disable=SC2086
machine $all
with_apt
run 0 build
not_called '^apt-get'
called '^meson setup build$'
called '^ninja -C build$'

label='a second time'
: >"$calls"
run 0 build
not_called 'meson setup'
called '^ninja -C build$'

label='a moved checkout'
mv "$checkout" "$tmp/elsewhere"
checkout=$tmp/elsewhere
run 0 build
called '^meson setup --wipe build$'
checkout="$tmp/with a space"
rm -rf "$tmp/elsewhere"

label='the build fails'
# shellcheck disable=SC2086
machine $all
MESON_FAILS=1 run 3 build
NINJA_STATUS=1 run 3 demo
not_called '^pinsim'

label='demo'
# shellcheck disable=SC2086
machine $all
run 0 demo
called '^pinsim run tests/races/late-longterm-pin.race --design demand-late$'
called '^pinsim explore tests/races/late-longterm-pin.race$'
PINSIM_STATUS=3 run 3 demo

label='test'
# shellcheck disable=SC2086
machine $all
run 0 test
called '^meson test -C build .*'
[ "$(tail -n 1 "$tmp/out")" = '1 passed, 0 failed' ] || bad 'no count'
run 0 test --suite core
called '^meson test -C build .* --suite core$'
# Meson's own status wraps to 0 at 256 failures.
RESULT=FAIL MESON_STATUS=0 run 1 test
RESULT=OK MESON_STATUS=1 run 1 test

if [ "$failures" != 0 ]; then
	echo "$failures failed"
	exit 1
fi
echo 'all passed'

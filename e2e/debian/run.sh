#!/usr/bin/env bash
# Runs the built Kept inside Debian releases, under its sandbox, and looks at each system call that the filter denied there.
#
#   e2e/debian/run.sh [--mirror URL] [--roots DIR] [--java DIR] [--keep] [RELEASE]...
#
# RELEASE          names that debootstrap knows; bookworm and trixie without one
# --mirror URL     where debootstrap gets packages; KEPT_E2E_MIRROR says the same, debootstrap's own default without either
# --roots DIR      take the roots DIR/RELEASE that are there, make those that are not, and leave them for the next time
# --java DIR       the JDK to run with, 25 or newer; found as by run.sh beside this folder without it
# --keep           leave the folder of the run, with outputs and traces, and say where it is
#
# Needs root, for debootstrap and chroot. Each story runs twice in namespaces of its own, with a loopback and no other network,
# as a user without any right: once as it is, once under strace. The kernel is this machine's; what a release brings is its C
# library, its shell and its tools.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
user=1000

fail() {
    echo "e2e: $*" >&2
    exit 2
}

usage() {
    sed -n '2,14s/^# \{0,1\}//p' "$0"
    exit 2
}

mirror=${KEPT_E2E_MIRROR:-}
roots=
jdk=
keep=no
while [ $# -gt 0 ]; do
    case $1 in
        --keep) keep=yes ;;
        --mirror | --roots | --java)
            [ $# -gt 1 ] || usage
            case $1 in
                --mirror) mirror=$2 ;;
                --roots) roots=$2 ;;
                --java) jdk=$2 ;;
            esac
            shift
            ;;
        -*) usage ;;
        *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- bookworm trixie

[ "$(id -u)" = 0 ] || fail "debootstrap and chroot need root"
for tool in debootstrap unshare chroot mount ip strace awk; do
    command -v "$tool" >/dev/null || fail "$tool is missing (Debian: apt install debootstrap util-linux iproute2 strace)"
done

# Builds on first use, with this account's Maven repository.
[ -f "$project/app/target/kept.jar" ] || "$project/kept" --version >/dev/null
if [ -z "$jdk" ]; then
    for home in "${KEPT_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*; do
        if [ -x "$home/bin/java" ] && grep -qE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$home/release" 2>/dev/null; then
            jdk=$home
            break
        fi
    done
fi
[ -x "$jdk/bin/java" ] || fail "there is no Java 25 or newer; say where: --java /path/to/jdk"
jdk=$(cd "$jdk" && pwd -P)

scratch=$(mktemp -d "${TMPDIR:-/tmp}/kept-e2e-debian.XXXXXX")
finish() {
    if [ "$keep" = yes ]; then
        echo "kept for you: $scratch" >&2
    else
        rm -rf "$scratch"
    fi
}
trap finish EXIT
trap 'exit 130' INT TERM
chmod 755 "$scratch"
roots=${roots:-$scratch/roots}
mkdir -p "$roots"
roots=$(cd "$roots" && pwd -P)

# The root of a release: whole, or not there.
make_root() { # RELEASE
    [ ! -d "$roots/$1" ] || return 0
    echo "   debootstrap makes a root; its log: $scratch/$1.debootstrap"
    rm -rf "$roots/$1.part"
    # shellcheck disable=SC2086 # no word at all where no mirror is named
    debootstrap --variant=minbase "$1" "$roots/$1.part" $mirror >"$scratch/$1.debootstrap" 2>&1 || {
        tail -n 5 "$scratch/$1.debootstrap" >&2
        fail "debootstrap made no root of $1"
    }
    mv "$roots/$1.part" "$roots/$1"
}

# Makes a folder that holds all that a run may write, with a copy of the program as a build leaves it.
prepare() { # FOLDER
    mkdir -p "$1/kept/app/target/classes/dev/kept/config" "$1/home"
    cp "$project/kept" "$1/kept/"
    cp "$project/app/target/kept.jar" "$1/kept/app/target/"
    cp -R "$project/app/target/lib" "$1/kept/app/target/"
    cp "$project/app/target/classes/dev/kept/config/version.txt" "$1/kept/app/target/classes/dev/kept/config/"
    cp "$here/story.sh" "$1/"
    chown -R "$user:$user" "$1"
}

# Runs a command as a user inside a root that is not written to. What the command leaves running ends with it.
inside() { # ROOT FOLDER TRACE-OR-NOTHING COMMAND...
    # The words in quotes are for the shell inside.
    # shellcheck disable=SC2016
    unshare --net --mount --pid --ipc --uts --fork --kill-child bash -eu -c '
        root=$1 folder=$2 jdk=$3 user=$4 trace=$5
        shift 5
        ip link set lo up
        mount --bind "$root" "$root"
        mount -o remount,bind,ro "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs -o mode=755 dev "$root/dev"
        for device in null zero random urandom; do
            : >"$root/dev/$device"
            mount --bind "/dev/$device" "$root/dev/$device"
        done
        ln -s /proc/self/fd "$root/dev/fd"
        mount -t tmpfs -o mode=1777 tmp "$root/tmp"
        mount -t tmpfs -o mode=755 mnt "$root/mnt"
        mkdir "$root/mnt/jdk" "$root/mnt/run"
        mount --bind "$jdk" "$root/mnt/jdk"
        mount -o remount,bind,ro "$root/mnt/jdk"
        mount --bind "$folder" "$root/mnt/run"
        cd /
        ${trace:+strace -f -qq -o "$trace"} chroot --userspec="$user:$user" "$root" \
            env -i PATH=/usr/bin:/bin HOME=/mnt/run/home KEPT_JAVA_HOME=/mnt/jdk KEPT_REBUILD=no "$@"
    ' inside "$1" "$2" "$jdk" "$user" "$3" "${@:4}"
}

# One story, whose lines are printed.
story() { # RELEASE NAME TRACE-OR-NOTHING
    local folder=$scratch/$1-$2
    prepare "$folder"
    inside "$roots/$1" "$folder" "$3" /bin/sh /mnt/run/story.sh 2>&1 | tee "$folder.out" || true
    # Nothing is good that was not said to be.
    tail -n 1 "$folder.out" | grep -qE '^all [0-9]+ checks passed$' || failed=1
}

failed=0
row='%-10s %-18s %-22s %-8s %s'
# shellcheck disable=SC2059 # the format is this script's own
table=$(printf "$row" release 'C library' 'in force' checks 'system calls under the filter')
for release in "$@"; do
    echo "== $release"
    make_root "$release"
    libc=$(chroot "$roots/$release" dpkg-query -W -f '${Version}' libc6)
    echo '-- as it is'
    story "$release" plain ''
    echo '-- traced'
    trace=$scratch/$release.trace
    story "$release" traced "$trace"
    awk -f "$here/denied.awk" "$trace" "$trace" >"$scratch/$release.denied" || failed=1
    sed 's/^/   /' "$scratch/$release.denied"
    passed=$(cat "$scratch/$release"-*.out | grep -c '^  ok' || true)
    all=$(cat "$scratch/$release"-*.out | grep -cE '^  (ok|FAIL)' || true)
    # shellcheck disable=SC2059
    table+=$'\n'$(printf "$row" "$release" "$libc" "$(sort -u "$scratch/$release"-*/home/sandbox | paste -sd / -)" \
        "$passed/$all" "$(tail -n 1 "$scratch/$release.denied")")
done
echo
echo "Linux $(uname -r), $(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/Java \1/p' "$jdk/release")"
echo "$table"
exit "$failed"

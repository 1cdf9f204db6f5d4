package dev.kept.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * The system calls that the daemon may make; every other one fails as on a kernel that does not have it. Calls with a
 * condition on their arguments are in {@link SystemCallFilter}.
 *
 * <p>The list was measured: all calls that a daemon made during the tests and benchmarks, and those that a C library or
 * a Java runtime of another version may make instead. Sources of the numbers, in the Linux kernel: {@code
 * arch/x86/entry/syscalls/syscall_64.tbl} and {@code include/uapi/asm-generic/unistd.h} (aarch64). The numbers for
 * aarch64 come from there and were never tested.
 */
final class AllowedCalls {
    private static final int NONE = -1;

    /** The calls, the most frequent first: a kernel without a cache of answers runs the filter from its top. */
    private static final List<Call> CALLS = List.of(
            call("futex", 202, 98),
            call("read", 0, 63),
            call("write", 1, 64),
            call("pread64", 17, 67),
            call("pwrite64", 18, 68),
            call("epoll_wait", 232, NONE),
            call("epoll_pwait", 281, 22),
            call("clock_gettime", 228, 113),
            call("openat", 257, 56),
            call("close", 3, 57),
            call("newfstatat", 262, 79),
            call("stat", 4, NONE),
            call("lstat", 6, NONE),
            call("fstat", 5, 80),
            call("statx", 332, 291),
            call("lseek", 8, 62),
            call("fsync", 74, 82),
            call("fdatasync", 75, 83),
            call("getdents64", 217, 61),
            call("access", 21, NONE),
            call("faccessat", 269, 48),
            call("faccessat2", 439, 439),
            call("readlink", 89, NONE),
            call("readlinkat", 267, 78),
            call("readv", 19, 65),
            call("writev", 20, 66),
            call("ftruncate", 77, 46),
            call("flock", 73, 32),
            call("fadvise64", 221, 223),
            call("sendfile", 40, 71),
            call("copy_file_range", 326, 285),
            call("mkdir", 83, NONE),
            call("mkdirat", 258, 34),
            call("rename", 82, NONE),
            call("renameat", 264, 38),
            call("renameat2", 316, 276),
            call("unlink", 87, NONE),
            call("rmdir", 84, NONE),
            call("unlinkat", 263, 35),
            call("chmod", 90, NONE),
            call("fchmod", 91, 52),
            call("fchmodat", 268, 53),
            call("fchmodat2", 452, 452),
            call("utimensat", 280, 88),
            call("umask", 95, 166),
            call("statfs", 137, 43),
            call("fstatfs", 138, 44),
            call("getcwd", 79, 17),
            call("dup", 32, 23),
            call("dup2", 33, NONE),
            call("dup3", 292, 24),
            call("pipe2", 293, 59),
            call("poll", 7, NONE),
            call("ppoll", 271, 73),
            call("epoll_create1", 291, 20),
            call("epoll_ctl", 233, 21),
            call("epoll_pwait2", 441, 441),
            call("eventfd2", 290, 19),
            call("inotify_init", 253, NONE),
            call("inotify_init1", 294, 26),
            call("inotify_add_watch", 254, 27),
            call("inotify_rm_watch", 255, 28),
            // For the socket that the daemon inherits at its start, and for its clients.
            call("accept", 43, 202),
            call("accept4", 288, 242),
            call("getsockname", 51, 204),
            call("getpeername", 52, 205),
            call("getsockopt", 55, 209),
            call("shutdown", 48, 210),
            // Memory.
            call("mmap", 9, 222),
            call("mprotect", 10, 226),
            call("munmap", 11, 215),
            call("brk", 12, 214),
            call("mremap", 25, 216),
            call("msync", 26, 227),
            call("mincore", 27, 232),
            call("madvise", 28, 233),
            call("membarrier", 324, 283),
            // Its own threads and signals.
            call("rt_sigaction", 13, 134),
            call("rt_sigprocmask", 14, 135),
            call("rt_sigreturn", 15, 139),
            call("sigaltstack", 131, 132),
            call("sched_yield", 24, 124),
            call("sched_getaffinity", 204, 123),
            call("getcpu", 309, 168),
            call("nanosleep", 35, 101),
            call("clock_nanosleep", 230, 115),
            call("clock_getres", 229, 114),
            call("gettimeofday", 96, 169),
            call("time", 201, NONE),
            call("restart_syscall", 219, 128),
            call("set_tid_address", 218, 96),
            call("set_robust_list", 273, 99),
            call("rseq", 334, 293),
            call("arch_prctl", 158, NONE),
            call("exit", 60, 93),
            call("exit_group", 231, 94),
            // Information about the process and the system.
            call("getpid", 39, 172),
            call("gettid", 186, 178),
            call("getppid", 110, 173),
            call("getuid", 102, 174),
            call("geteuid", 107, 175),
            call("getgid", 104, 176),
            call("getegid", 108, 177),
            call("uname", 63, 160),
            call("sysinfo", 99, 179),
            call("getrlimit", 97, 163),
            call("getrusage", 98, 165),
            call("getrandom", 318, 278),
            call("close_range", 436, 436));

    private AllowedCalls() {}

    /** A system call with its number on x86-64 and on aarch64; -1 where there is none. */
    record Call(String name, int onX86, int onArm) {}

    private static Call call(String name, int onX86, int onArm) {
        return new Call(name, onX86, onArm);
    }

    /** Returns the numbers on x86-64. */
    static List<Integer> onX86() {
        List<Integer> numbers = new ArrayList<>();
        for (Call call : CALLS) {
            if (call.onX86() != NONE) {
                numbers.add(call.onX86());
            }
        }
        return numbers;
    }

    /** Returns the numbers on aarch64. */
    static List<Integer> onArm() {
        List<Integer> numbers = new ArrayList<>();
        for (Call call : CALLS) {
            if (call.onArm() != NONE) {
                numbers.add(call.onArm());
            }
        }
        return numbers;
    }
}

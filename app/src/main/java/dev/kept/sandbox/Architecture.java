package dev.kept.sandbox;

import java.util.List;
import java.util.Optional;

/**
 * A processor architecture with known system call numbers. Sources, in the Linux kernel: {@code
 * arch/x86/entry/syscalls/syscall_64.tbl}, {@code include/uapi/asm-generic/unistd.h} (aarch64), {@code
 * include/uapi/linux/audit.h} (audit numbers), and each architecture's {@code fcntl.h}.
 *
 * @param auditNumber {@code AUDIT_ARCH_…}, by which a filter sees the calling convention of a call
 * @param ownDirectoryFlags {@code O_NOFOLLOW | O_DIRECTORY}
 * @param calls numbers of the calls made here, or allowed with some arguments only
 * @param allowed numbers of the calls allowed with any arguments
 */
record Architecture(int auditNumber, int ownDirectoryFlags, Calls calls, List<Integer> allowed) {
    /** Numbers that are the same on every architecture, as for all calls added after Linux 5.0. */
    static final int LANDLOCK_CREATE_RULESET = 444;

    static final int LANDLOCK_ADD_RULE = 445;
    static final int LANDLOCK_RESTRICT_SELF = 446;
    static final int CLOSE_RANGE = 436;

    static final Architecture X86_64 = new Architecture(
            0xC000003E,
            0x20000 | 0x10000,
            new Calls(257, 3, 59, 157, 317, 41, 49, 50, 292, 53, 56, 72, 16, 234, 302),
            AllowedCalls.onX86());

    static final Architecture AARCH64 = new Architecture(
            0xC00000B7,
            0x8000 | 0x4000,
            new Calls(56, 57, 221, 167, 277, 198, 200, 201, 24, 199, 220, 25, 29, 131, 261),
            AllowedCalls.onArm());

    static final List<Architecture> ALL = List.of(X86_64, AARCH64);

    private static final int O_PATH = 0x200000;
    private static final int O_CLOEXEC = 0x80000;

    Architecture {
        allowed = List.copyOf(allowed);
    }

    /** The numbers of calls that the launching process makes, or whose arguments a filter examines. */
    record Calls(
            int openat,
            int close,
            int execve,
            int prctl,
            int seccomp,
            int socket,
            int bind,
            int listen,
            int dup3,
            int socketpair,
            int cloneCall,
            int fcntl,
            int ioctl,
            int tgkill,
            int prlimit64) {}

    /** Returns this machine's architecture; empty if its numbers are not known, or this is not Linux. */
    static Optional<Architecture> current() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    /** Returns the flags that open a path only as a reference. */
    int namingFlags() {
        return O_PATH | O_CLOEXEC;
    }

    /** Returns these flags for a directory, refusing links. */
    int namingFlagsForDirectory() {
        return O_PATH | O_CLOEXEC | ownDirectoryFlags;
    }

    /** Returns these flags for a file, refusing links: {@code O_NOFOLLOW} is the higher of the two flags everywhere. */
    int namingFlagsForFile() {
        return O_PATH | O_CLOEXEC | Integer.highestOneBit(ownDirectoryFlags);
    }
}

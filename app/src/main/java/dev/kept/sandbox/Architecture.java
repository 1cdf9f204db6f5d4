package dev.kept.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A processor whose system calls are known by number. Sources, in the Linux kernel: {@code
 * arch/x86/entry/syscalls/syscall_64.tbl}, {@code include/uapi/asm-generic/unistd.h} (aarch64), {@code
 * include/uapi/linux/audit.h} (audit numbers), and each architecture's {@code fcntl.h}.
 *
 * @param auditNumber {@code AUDIT_ARCH_…}: what a filter sees of the convention that a call was made by
 * @param ownDirectoryFlags {@code O_NOFOLLOW | O_DIRECTORY}
 * @param calls the numbers of calls that are made or looked at
 * @param refused calls that the daemon never needs, whatever their arguments
 */
record Architecture(int auditNumber, int ownDirectoryFlags, Calls calls, List<Integer> refused) {
    /** The same on every architecture, as all calls are that came after Linux 5.0. */
    static final int LANDLOCK_CREATE_RULESET = 444;

    static final int LANDLOCK_ADD_RULE = 445;
    static final int LANDLOCK_RESTRICT_SELF = 446;
    static final int CLOSE_RANGE = 436;

    /**
     * io_uring_setup, io_uring_enter, io_uring_register (a ring does by other means what a filter forbids), open_tree,
     * move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, mount_setattr, quotactl_fd, open_tree_attr.
     */
    private static final List<Integer> REFUSED_ON_ALL =
            List.of(425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443, 467);

    static final Architecture X86_64 = new Architecture(
            0xC000003E,
            0x20000 | 0x10000,
            new Calls(257, 3, 59, 41, 53, 157, 317),
            all(
                    // connect, execveat, ptrace, process_vm_readv, process_vm_writev, bpf, userfaultfd,
                    // perf_event_open, kcmp, add_key, request_key, keyctl
                    List.of(42, 322, 101, 310, 311, 321, 323, 298, 312, 248, 249, 250),
                    // mount, umount2, pivot_root, chroot, unshare, setns, name_to_handle_at, open_by_handle_at
                    List.of(165, 166, 155, 161, 272, 308, 303, 304),
                    // create_module, init_module, finit_module, delete_module, kexec_load, kexec_file_load, reboot,
                    // swapon, swapoff, acct, quotactl, syslog, iopl, ioperm
                    List.of(174, 175, 313, 176, 246, 320, 169, 167, 168, 163, 179, 103, 172, 173)));

    /** The same calls; there is no create_module, iopl and ioperm. */
    static final Architecture AARCH64 = new Architecture(
            0xC00000B7,
            0x8000 | 0x4000,
            new Calls(56, 57, 221, 198, 199, 167, 277),
            all(
                    List.of(203, 281, 117, 270, 271, 280, 282, 241, 272, 217, 218, 219),
                    List.of(40, 39, 41, 51, 97, 268, 264, 265),
                    List.of(105, 273, 106, 104, 294, 142, 224, 225, 89, 60, 116)));

    static final List<Architecture> ALL = List.of(X86_64, AARCH64);

    private static final int O_PATH = 0x200000;
    private static final int O_CLOEXEC = 0x80000;

    Architecture {
        refused = List.copyOf(refused);
    }

    /** The numbers of calls that are made or looked at. */
    record Calls(int openat, int close, int execve, int socket, int socketpair, int prctl, int seccomp) {}

    private static List<Integer> all(List<Integer> others, List<Integer> mounts, List<Integer> system) {
        return Stream.of(others, mounts, system, REFUSED_ON_ALL)
                .flatMap(List::stream)
                .toList();
    }

    /** This machine's; empty if its numbers are not known, or this is not Linux. */
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

    /** Flags that open a path only to name it. */
    int namingFlags() {
        return O_PATH | O_CLOEXEC;
    }

    /** The same for a directory that is no link. */
    int namingFlagsForDirectory() {
        return O_PATH | O_CLOEXEC | ownDirectoryFlags;
    }

    /** The same for a file that is no link: {@code O_NOFOLLOW} is the higher of the two flags everywhere. */
    int namingFlagsForFile() {
        return O_PATH | O_CLOEXEC | Integer.highestOneBit(ownDirectoryFlags);
    }
}

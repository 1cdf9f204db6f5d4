package dev.kept.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Linux's Landlock, which restricts the calling thread, and the program that it becomes, to some files.
 *
 * <p>The version of its interface (ABI) says which features a kernel has. Source of the constants: {@code
 * include/uapi/linux/landlock.h}.
 *
 * <pre>
 * ABI   Linux   adds
 * 1     5.13    files: execute, write, read, list, remove, make
 * 2     5.19    renames and links between directories (without it they are always refused)
 * 3     6.2     truncation (without it, free)
 * 4     6.7     TCP: bind, connect (without it, left to {@link SystemCallFilter})
 * 5     6.10    ioctl of devices
 * 6     6.12    abstract Unix sockets and signals: only within the same domain
 *
 * struct landlock_ruleset_attr      u64 handled_access_fs, u64 handled_access_net (4), u64 scoped (6)
 * struct landlock_path_beneath_attr u64 allowed_access, s32 parent_fd; packed
 * </pre>
 *
 * <p>Never restricted, in any version: file metadata (stat), changes of rights and times, and changing to a directory.
 */
final class Landlock {
    static final long EXECUTE = 1;
    static final long WRITE_FILE = 1 << 1;
    static final long READ_FILE = 1 << 2;
    static final long READ_DIR = 1 << 3;
    static final long REMOVE_DIR = 1 << 4;
    static final long REMOVE_FILE = 1 << 5;
    static final long MAKE_DIR = 1 << 7;
    static final long MAKE_REG = 1 << 8;
    static final long MAKE_SOCK = 1 << 9;
    static final long REFER = 1 << 13;
    static final long TRUNCATE = 1 << 14;
    static final long IOCTL_DEV = 1 << 15;

    /** All rights of the first version, from execute to make-symbolic-link. */
    private static final long FIRST_RIGHTS = (1 << 13) - 1;

    /** The rights that a rule for a file may have. */
    private static final long FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;

    private static final long BIND_TCP = 1;
    private static final long CONNECT_TCP = 1 << 1;
    private static final long SCOPE_ABSTRACT_SOCKETS = 1;
    private static final long SCOPE_SIGNALS = 1 << 1;

    private static final int CREATE_RULESET_VERSION = 1;
    private static final int RULE_PATH_BENEATH = 1;
    private static final int AT_FDCWD = -100;

    private final SystemCalls system;
    private final Architecture architecture;
    private final int abi;

    private Landlock(SystemCalls system, Architecture architecture, int abi) {
        this.system = system;
        this.architecture = architecture;
        this.abi = abi;
    }

    /** Returns this kernel's Landlock; empty if it has none, or it is switched off. */
    static Optional<Landlock> find(SystemCalls system, Architecture architecture) {
        SystemCalls.Result abi = system.call(Architecture.LANDLOCK_CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION);
        return abi.failed() || abi.value() < 1
                ? Optional.empty()
                : Optional.of(new Landlock(system, architecture, (int) abi.value()));
    }

    /** Returns the version of the interface, at least 1. */
    int abi() {
        return abi;
    }

    /** Returns all rights over files that this version can restrict. */
    static long handledFiles(int abi) {
        return FIRST_RIGHTS | (abi >= 2 ? REFER : 0) | (abi >= 3 ? TRUNCATE : 0) | (abi >= 5 ? IOCTL_DEV : 0);
    }

    static long handledNetwork(int abi) {
        return abi >= 4 ? BIND_TCP | CONNECT_TCP : 0;
    }

    static long scoped(int abi) {
        return abi >= 6 ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0;
    }

    /** Returns the size of the ruleset structure; a kernel accepts no more than it knows. */
    static int rulesetBytes(int abi) {
        return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    }

    /**
     * Restricts the calling thread to what the rules allow. Must be called after {@code PR_SET_NO_NEW_PRIVS}.
     *
     * @return the rules in force: those whose path exists
     * @throws IOException if the kernel refuses; nothing is restricted then
     */
    List<AppliedRule> restrict(List<PathRule> rules) throws IOException {
        return withRuleset(
                rules,
                ruleset -> checked(
                        "landlock_restrict_self", system.call(Architecture.LANDLOCK_RESTRICT_SELF, ruleset, 0)));
    }

    /** Creates the same ruleset, and restricts nothing. */
    List<AppliedRule> train(List<PathRule> rules) throws IOException {
        return withRuleset(rules, ruleset -> 0);
    }

    /** An operation on a ruleset, given by its descriptor. */
    private interface Use {
        long of(int ruleset) throws IOException;
    }

    private List<AppliedRule> withRuleset(List<PathRule> rules, Use use) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(24, 8);
            SystemCalls.bytes(attributes)
                    .putLong(handledFiles(abi))
                    .putLong(handledNetwork(abi))
                    .putLong(scoped(abi));
            int ruleset = (int) checked(
                    "landlock_create_ruleset",
                    system.call(Architecture.LANDLOCK_CREATE_RULESET, attributes.address(), rulesetBytes(abi), 0));
            try {
                List<AppliedRule> applied = new ArrayList<>();
                for (PathRule rule : rules) {
                    add(arena, ruleset, rule).ifPresent(applied::add);
                }
                use.of(ruleset);
                return applied;
            } finally {
                system.call(architecture.calls().close(), ruleset);
            }
        }
    }

    private Optional<AppliedRule> add(Arena arena, int ruleset, PathRule rule) throws IOException {
        Optional<String> identity = rule.identity();
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        int flags = switch (rule.reason()) {
            case SESSIONS -> architecture.namingFlagsForDirectory();
            case NAMES -> architecture.namingFlagsForFile();
            case RECORDINGS, KEPT, CONFIGURATION, PROGRAM, JAVA, SYSTEM -> architecture.namingFlags();
        };
        SystemCalls.Result opened = system.call(
                architecture.calls().openat(),
                AT_FDCWD,
                SystemCalls.text(arena, rule.path().toString()).address(),
                flags);
        if (opened.failed()) {
            // Gone again, or not accessible for this user: the daemon could not use it either.
            return Optional.empty();
        }
        try {
            boolean directory = rule.refusesLink()
                    ? Files.isDirectory(rule.path(), LinkOption.NOFOLLOW_LINKS)
                    : Files.isDirectory(rule.path());
            long rights = rule.access().rights() & handledFiles(abi) & (directory ? -1 : FILE_RIGHTS);
            MemorySegment beneath = arena.allocate(12, 8);
            SystemCalls.bytes(beneath).putLong(rights).putInt((int) opened.value());
            checked(
                    "landlock_add_rule for " + rule.path(),
                    system.call(Architecture.LANDLOCK_ADD_RULE, ruleset, RULE_PATH_BENEATH, beneath.address(), 0));
            return Optional.of(new AppliedRule(rule, identity.get()));
        } finally {
            system.call(architecture.calls().close(), opened.value());
        }
    }

    private static long checked(String what, SystemCalls.Result result) throws IOException {
        if (result.failed()) {
            throw new IOException(what + " failed with errno " + result.errno());
        }
        return result.value();
    }
}

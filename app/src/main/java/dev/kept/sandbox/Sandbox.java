package dev.kept.sandbox;

import dev.kept.config.SandboxMode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The confinement that this machine supports, and its application. Used by the launching process, on the thread that
 * becomes the daemon.
 */
public final class Sandbox {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int CAPABILITIES = 64;

    /**
     * CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER: those of root's capabilities that concern files. Source:
     * {@code include/uapi/linux/capability.h}.
     */
    private static final Set<Integer> KEPT_CAPABILITIES = Set.of(1, 2, 3);

    private static final int FIRST_OTHER_DESCRIPTOR = 3;
    private static final long LAST_DESCRIPTOR = 0xFFFFFFFFL;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private final SandboxMode mode;
    private final Optional<Means> means;

    /** The features of this kernel. */
    private record Means(SystemCalls system, Architecture architecture, Optional<Landlock> landlock, boolean filter) {}

    /**
     * A confined process, which may become one other program.
     *
     * @param passage the only way to become it that a filter leaves; empty where this process cannot make system calls
     *     of its own, and has no filter
     */
    record Confined(SandboxStatus inForce, Optional<Passage> passage) {}

    /** The {@code execve} that the filter lets through; without a filter, an ordinary one. */
    record Passage(SystemCalls system, int execve, LaunchToken token) {
        /** Becomes the program, or returns the failure. Open files are closed, except the standard streams. */
        SystemCalls.Result execve(MemorySegment program, MemorySegment arguments, MemorySegment environment) {
            system.call(Architecture.CLOSE_RANGE, FIRST_OTHER_DESCRIPTOR, LAST_DESCRIPTOR, CLOSE_RANGE_CLOEXEC);
            return system.call(
                    execve,
                    program.address(),
                    arguments.address(),
                    environment.address(),
                    token.first(),
                    token.second(),
                    token.third());
        }
    }

    private Sandbox(SandboxMode mode, Optional<Means> means) {
        this.mode = mode;
        this.means = means;
    }

    /**
     * Returns the strongest available sandbox for a mode. Restricts nothing yet.
     *
     * @throws IOException if the mode requires one and this machine has none; the message says how to start without
     */
    public static Sandbox forMode(SandboxMode mode) throws IOException {
        return switch (mode) {
            case OFF -> new Sandbox(mode, Optional.empty());
            case AUTO -> new Sandbox(mode, detect());
            case REQUIRED -> {
                Sandbox sandbox = new Sandbox(mode, detect());
                String missing = sandbox.missing();
                if (!missing.isEmpty()) {
                    throw required(missing);
                }
                yield sandbox;
            }
        };
    }

    private static IOException required(String missing) {
        return new IOException(
                "sandbox: required, but " + missing + "; set sandbox: auto in config.yaml to start with what there is");
    }

    private static Optional<Means> detect() {
        return Architecture.current().map(architecture -> {
            SystemCalls system = new SystemCalls();
            return new Means(
                    system,
                    architecture,
                    Landlock.find(system, architecture),
                    SystemCallFilter.isSupported(system, architecture));
        });
    }

    /** Returns what this machine lacks for the complete sandbox, in words; empty if nothing. */
    private String missing() {
        if (mode == SandboxMode.OFF) {
            return "";
        }
        if (means.isEmpty()) {
            return "Kept can confine a process only on Linux, on x86-64 and aarch64";
        }
        List<String> missing = new ArrayList<>();
        if (means.get().landlock().isEmpty()) {
            missing.add("this kernel has no Landlock (Linux 5.13 or newer, with landlock among its security modules)");
        }
        if (!means.get().filter()) {
            missing.add("this kernel does not filter system calls (seccomp)");
        }
        return String.join(", and ", missing);
    }

    /**
     * Confines the calling thread and the program that it becomes, which finds a listening socket as its standard
     * input. In mode {@code auto}, restrictions that the kernel refuses are left out and named in {@link
     * SandboxStatus#missing}.
     *
     * @param socket path of the socket; not used without a {@link Passage}
     * @throws IOException if the socket cannot be created; in mode {@code required}, if the kernel refuses
     */
    Confined confine(SandboxRules rules, Path socket) throws IOException {
        if (means.isEmpty()) {
            return new Confined(new SandboxStatus(0, false, missing(), List.of()), Optional.empty());
        }
        Means there = means.get();
        Architecture architecture = there.architecture();
        List<String> missing = new ArrayList<>();
        if (!missing().isEmpty()) {
            missing.add(missing());
        }
        Files.deleteIfExists(socket);
        ListeningSocket.at(there.system(), architecture.calls(), socket)
                .becomeStandardInput(there.system(), architecture.calls());
        dropCapabilities(there);
        there.system().call(architecture.calls().prctl(), PR_SET_NO_NEW_PRIVS, 1);
        Optional<List<AppliedRule>> applied = Optional.empty();
        if (there.landlock().isPresent()) {
            try {
                applied = Optional.of(there.landlock().get().restrict(rules.rules()));
            } catch (IOException e) {
                missing.add(String.valueOf(e.getMessage()));
            }
        }
        LaunchToken fresh = LaunchToken.random();
        boolean filtered = false;
        if (there.filter()) {
            try {
                SystemCallFilter.install(
                        there.system(), architecture, SystemCallFilter.program(architecture, fresh, ownPid()));
                filtered = true;
            } catch (IOException e) {
                missing.add(String.valueOf(e.getMessage()));
            }
        }
        SandboxStatus inForce = new SandboxStatus(
                applied.isPresent() ? there.landlock().get().abi() : 0,
                filtered,
                String.join("; ", missing),
                applied.orElse(List.of()));
        if (mode == SandboxMode.REQUIRED && !inForce.isComplete()) {
            throw required(inForce.missing());
        }
        return new Confined(
                inForce,
                Optional.of(new Passage(there.system(), architecture.calls().execve(), fresh)));
    }

    /**
     * Drops the capabilities of root that do not concern files, such as inspecting all processes. They are gone with
     * the {@code execve}. Other users have none, and the kernel refuses the call.
     */
    private static void dropCapabilities(Means there) {
        for (int capability = 0; capability < CAPABILITIES; capability++) {
            if (!KEPT_CAPABILITIES.contains(capability)) {
                there.system().call(there.architecture().calls().prctl(), PR_CAPBSET_DROP, capability);
            }
        }
    }

    private static int ownPid() {
        return Math.toIntExact(ProcessHandle.current().pid());
    }

    /** Reports whether a confined process becomes another by a {@link Passage}. */
    boolean hasPassage() {
        return means.isPresent();
    }

    /**
     * Runs through a launch without restricting anything, so that its classes are in the AOT cache of later starts.
     *
     * @return the status that would be in force, with a passage that no filter knows
     */
    static Confined train(SandboxRules rules) throws IOException {
        Optional<Means> found = detect();
        if (found.isEmpty()) {
            return new Confined(SandboxStatus.NONE, Optional.empty());
        }
        Means there = found.get();
        LaunchToken token = LaunchToken.random();
        // Rejected by the kernel, because the filter has no instructions.
        try {
            SystemCallFilter.program(there.architecture(), token, ownPid());
            SystemCallFilter.install(there.system(), there.architecture(), List.of());
        } catch (IOException refused) {
            // As expected.
        }
        List<AppliedRule> applied =
                there.landlock().isPresent() ? there.landlock().get().train(rules.rules()) : List.of();
        return new Confined(
                new SandboxStatus(1, true, "", applied),
                Optional.of(
                        new Passage(there.system(), there.architecture().calls().execve(), token)));
    }
}

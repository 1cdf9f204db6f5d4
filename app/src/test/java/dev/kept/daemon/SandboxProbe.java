package dev.kept.daemon;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Tries to get out, inside the real daemon: a Java agent, which the test names in {@code KEPT_JAVA_OPTIONS}. The
 * program has no way in for it. Writes a line for each try: its name, a tab, and {@code refused}, {@code did} or
 * {@code broke}.
 *
 * <p>The agent's argument is the home of the person; the rest lies in known places below it.
 */
public final class SandboxProbe {
    static final String RESULTS = "logs/probe.txt";
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EXDEV = 18;
    private static final int ENOSYS = 38;

    private final Path home;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private SandboxProbe(Path home) {
        this.home = home;
    }

    /** Where the Java runtime begins. The launching process has the agent too, and lets it do nothing. */
    public static void premain(String argument) {
        if (!System.getProperty("sun.java.command", "").contains("DaemonMain")) {
            return;
        }
        Thread thread = new Thread(() -> new SandboxProbe(Path.of(argument)).run());
        thread.setDaemon(true);
        thread.start();
    }

    private interface Try {
        /** Returns if it was done. */
        void run() throws Exception;
    }

    private void run() {
        Path kept = home.resolve(".kept");
        try {
            while (!Files.exists(kept.resolve("run/control.sock"))) {
                Thread.sleep(20);
            }
            files(kept);
            network();
            listening(kept);
            programs();
            rawCalls();
            everydayLife(kept);
        } catch (Throwable e) {
            lines.add("the probe\tbroke " + e);
        }
        try {
            Path part = kept.resolve(RESULTS + ".part");
            Files.write(part, lines);
            Files.move(part, kept.resolve(RESULTS), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            System.err.println("the probe cannot say what it found: " + e);
        }
    }

    private void attempt(String name, Try action) {
        try {
            action.run();
            lines.add(name + "\tdid");
        } catch (Exception e) {
            boolean refused = e instanceof FileSystemException
                    || e instanceof java.net.SocketException
                    || String.valueOf(e.getMessage()).contains("Permission denied")
                    || String.valueOf(e.getMessage()).contains("Operation not permitted")
                    || String.valueOf(e.getMessage()).contains("Function not implemented")
                    || String.valueOf(e.getMessage()).contains("Exec failed");
            lines.add(
                    name + (refused ? "\trefused " : "\tbroke ") + e.toString().replace("\n", " "));
        }
    }

    private void files(Path kept) {
        Path secret = home.resolve(".ssh/id_test");
        Path work = home.resolve("work");
        attempt("read ~/.ssh/id_test", () -> Files.readString(secret));
        attempt(
                "read credentials beside the sessions",
                () -> Files.readString(home.resolve(".claude/.credentials.json")));
        attempt("list the home", () -> {
            try (Stream<Path> all = Files.list(home)) {
                lines.add("# entries of the home: " + all.count() + "\tdid");
            }
        });
        attempt("read by a link in a folder for recordings", () -> Files.readString(work.resolve("link.md")));
        attempt("read by a link among sessions", () -> Files.readString(home.resolve(".claude/projects/p/link.jsonl")));
        attempt("read by a link in KEPT_HOME", () -> Files.readString(kept.resolve("recordings/link.md")));
        attempt("read by /proc/self/root", () -> Files.readString(Path.of("/proc/self/root" + secret)));
        attempt("read the launching shell's environment", () -> {
            long parent = ProcessHandle.current().parent().orElseThrow().pid();
            Files.readAllBytes(Path.of("/proc/" + parent + "/environ"));
        });
        attempt("write outside", () -> Files.writeString(home.resolve("outside.txt"), "x"));
        attempt("write by a link", () -> Files.writeString(work.resolve("out.md"), "x"));
        attempt("write to a session file", () -> Files.writeString(home.resolve(".claude/projects/p/new.jsonl"), "x"));
        attempt("write the configuration", () -> Files.writeString(kept.resolve("config.yaml"), "sandbox: off\n"));
        attempt("replace the configuration", () -> {
            Path other = Files.writeString(kept.resolve("run/config.yaml"), "sandbox: off\n");
            Files.move(other, kept.resolve("config.yaml"), StandardCopyOption.REPLACE_EXISTING);
        });
        attempt("make a symbolic link", () -> Files.createSymbolicLink(work.resolve("made"), secret));
        attempt("make a hard link to a secret", () -> Files.createLink(work.resolve("hard.md"), secret));
        attempt("move a secret in", () -> Files.move(home.resolve(".ssh/id_other"), work.resolve("moved.md")));
        attempt("delete outside", () -> Files.delete(home.resolve(".ssh/id_third")));
    }

    private void network() {
        attempt("connect by TCP", () -> {
            int port = Integer.parseInt(
                    Files.readString(home.resolve(".kept/state/port")).strip());
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        });
        attempt("listen on TCP", () -> new ServerSocket(0).close());
        attempt("open a UDP socket", () -> new DatagramSocket().close());
        attempt(
                "connect to another Unix socket",
                () -> SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("other.sock")))
                        .close());
    }

    private void listening(Path kept) {
        attempt("listen on a Unix socket", () -> {
            Path socket = kept.resolve("run/probe.sock");
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
            }
            Files.delete(socket);
        });
    }

    private void programs() {
        attempt("start a program", () -> new ProcessBuilder("/bin/true").start().waitFor());
        attempt(
                "start a program by ld.so",
                () -> new ProcessBuilder(loader(), "/bin/true").start().waitFor());
    }

    private static String loader() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (line.matches(".*/ld-[^/]*")) {
                return line.substring(line.indexOf('/'));
            }
        }
        throw new IOException("no loader is mapped");
    }

    /** By number, past everything that Java itself might refuse. On x86-64 only. */
    @SuppressWarnings("restricted")
    private void rawCalls() throws Exception {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocateFrom("/bin/true");
            MemorySegment arguments = arena.allocate(16, 8);
            arguments.set(ValueLayout.ADDRESS, 0, program);
            long parent = ProcessHandle.current().parent().orElseThrow().pid();
            // With a bad address for the program: whoever lets it through says EFAULT, and this process lives on.
            raw("execve by number", 59, 1, 0, 0);
            raw("execveat by number", 322, -1, 1, 0, 0, 0);
            raw("execve by its other number", 0x40000000 | 520, 1, 0, 0);
            raw("socket for IPv6 datagrams", 41, 10, 2, 0);
            raw("socket for netlink", 41, 16, 3, 0);
            raw("socket for Unix datagrams", 41, 1, 2, 0);
            raw("pair of Unix datagram sockets", 53, 1, 2, 0, arguments.address());
            raw("io_uring_setup", 425, 1, arena.allocate(256).address());
            raw("process_vm_readv", 310, parent, 0, 0, 0, 0, 0);
            raw("unshare", 272, 0);
            raw("signal to the launching shell", 62, parent, 0);
            raw("signal to a thread of the launching shell", 234, parent, parent, 0);
            raw(
                    "limits of the launching shell",
                    302,
                    parent,
                    7,
                    0,
                    arena.allocate(16).address());
            raw("descriptor of the launching shell", 434, parent, 0);
            // Of keys that nobody has, and without creating anything.
            raw("shared memory", 29, 0x4b455054, 4096, 0);
            raw("semaphores", 64, 0x4b455054, 1, 0);
            raw("messages", 68, 0x4b455054, 0);
            // With flags that do not go together: whoever lets it through says EINVAL, and no process is made.
            raw("clone into a namespace of users", 56, 0x10000000 | 0x200, 0, 0, 0, 0);
            raw("clone a process", 56, 0x10000 | 0x11, 0, 0, 0, 0);
            raw("clone3", 435, 0, 0);
            // Of no descriptor, or at a bad address.
            raw("bind a socket by number", 49, -1, 1, 8);
            raw("listen by number", 50, -1, 1);
            raw("connect by number", 42, -1, 1, 8);
            raw("set an attribute of a file", 188, 1, 1, 1, 1, 0);
            raw("get an attribute of a file", 191, 1, 1, 1, 1);
            raw("a file in memory", 319, 1, 0);
            raw("type into a terminal", 16, -1, 0x5412, 1);
            raw("have signals sent", 72, -1, 8, parent);
            raw("be looked into", 157, 0x59616d61, -1);
        }
    }

    @SuppressWarnings("restricted")
    private void raw(String name, long number, long... arguments) throws Exception {
        Linker linker = Linker.nativeLinker();
        StructLayout state = Linker.Option.captureStateLayout();
        MethodHandle syscall = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        Collections.nCopies(7, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new)),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
        long[] all = java.util.Arrays.copyOf(arguments, 6);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(state);
            long result;
            try {
                result = (long) syscall.invokeExact(captured, number, all[0], all[1], all[2], all[3], all[4], all[5]);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            int errno = (int) state.varHandle(MemoryLayout.PathElement.groupElement("errno"))
                    .get(captured, 0L);
            boolean refused = result == -1 && (errno == EPERM || errno == EACCES || errno == EXDEV || errno == ENOSYS);
            lines.add(name + (refused ? "\trefused " : "\tdid ") + result + " errno " + errno);
        }
    }

    /** What must go on. */
    private void everydayLife(Path kept) {
        attempt("+ virtual threads and collections", () -> {
            AtomicInteger done = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    byte[] garbage = new byte[10_000];
                    done.addAndGet(garbage.length);
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.gc();
            if (done.get() != 2_000_000) {
                throw new IllegalStateException("only " + done.get());
            }
        });
        attempt("+ platform threads", () -> {
            Thread thread = new Thread(() -> {});
            thread.start();
            thread.join();
        });
        attempt("+ read a session", () -> Files.readString(home.resolve(".claude/projects/p/beside.jsonl")));
        attempt("+ write a note", () -> {
            Files.createDirectories(home.resolve("work/notes"));
            Files.writeString(home.resolve("work/notes/a.md"), "x");
        });
        attempt("+ write and move Kept's own files", () -> {
            Path a = Files.writeString(kept.resolve("state/a"), "x");
            Files.move(a, kept.resolve("tapes/a"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(kept.resolve("tapes/a"));
        });
        attempt("+ temporary files", () -> Files.delete(Files.createTempFile("a", "b")));
        attempt("+ time zones", () -> requireHours(java.time.ZoneId.of("Europe/Berlin")));
    }

    private static void requireHours(java.time.ZoneId zone) {
        if (zone.getRules().getOffset(java.time.Instant.EPOCH).getTotalSeconds() != 3600) {
            throw new IllegalStateException(zone + " is not as it was");
        }
    }
}

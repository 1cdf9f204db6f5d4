package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The exclusive right to be the daemon of a home: an operating system lock on {@code run/lock}, held until the process
 * ends, however it ends. The file holds the pid, for messages only.
 *
 * <p>The file is never deleted, and no other code in the process may open it: closing any descriptor of it would
 * release the lock.
 */
public final class InstanceLock implements AutoCloseable {
    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Thrown if another daemon holds the home. */
    public static final class HeldException extends Exception {
        private static final long serialVersionUID = 1L;

        HeldException(KeptHome home, Optional<Long> holder) {
            super("another daemon" + holder.map(pid -> " (pid " + pid + ")").orElse("") + " already keeps "
                    + home.directory() + "; stop it with: kept stop");
        }
    }

    /**
     * Acquires the lock.
     *
     * @throws HeldException if another daemon has it
     */
    public static InstanceLock acquire(KeptHome home) throws IOException, HeldException {
        FileChannel channel = PrivateFiles.open(
                home.lockFile(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            if (!isLocked(channel)) {
                throw new HeldException(home, readPid(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new InstanceLock(channel);
        } catch (IOException | HeldException e) {
            channel.close();
            throw e;
        }
    }

    // The lock lives as long as its channel.
    @SuppressWarnings("resource")
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static Optional<Long> readPid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        return parse(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
    }

    /**
     * Returns the process that last wrote the lock file, if it still runs. It may be another program with the same pid:
     * good enough to wait for its end, not to kill it.
     */
    public static Optional<ProcessHandle> lastHolder(KeptHome home) {
        try {
            return parse(Files.readString(home.lockFile()))
                    .flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive);
        } catch (IOException noLock) {
            return Optional.empty();
        }
    }

    /**
     * Reports whether a process is a daemon that keeps that home, judging by its program and by the home in its command
     * line. A process of another program never matches.
     */
    public static boolean isDaemonOf(ProcessHandle process, KeptHome home) {
        List<String> words = commandLine(process);
        return words.contains(DaemonCommandLine.MAIN_CLASS)
                && words.stream()
                        .filter(word -> word.startsWith(DaemonCommandLine.TEMPORARY))
                        .anyMatch(
                                word -> isSame(word.substring(DaemonCommandLine.TEMPORARY.length()), home.temporary()));
    }

    private static boolean isSame(String path, Path other) {
        return path.equals(other.toString())
                || ForeignPath.of(path).filter(place -> isSame(place, other)).isPresent();
    }

    private static boolean isSame(Path path, Path other) {
        try {
            return Files.isSameFile(path, other);
        } catch (IOException notThere) {
            return false;
        }
    }

    /**
     * Returns the words of a process's command line. Read from {@code /proc} where that exists: Java does not report
     * long ones.
     */
    public static List<String> commandLine(ProcessHandle process) {
        try (InputStream in = Files.newInputStream(Path.of("/proc", Long.toString(process.pid()), "cmdline"))) {
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException noSuchSystem) {
            return process.info().arguments().map(List::of).orElse(List.of());
        }
    }

    private static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException notWritten) {
            return Optional.empty();
        }
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}

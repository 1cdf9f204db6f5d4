package dev.kept.daemon;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * The right to be the daemon of a home: a lock of the operating system on {@code run/lock}, held for life and gone with
 * the process however it ends. The file holds the pid, for messages only.
 *
 * <p>The file is never deleted, and nobody else in the process may open it: closing any descriptor of it would give the
 * lock up.
 */
public final class InstanceLock implements AutoCloseable {
    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Another daemon holds the home. */
    public static final class HeldException extends Exception {
        private static final long serialVersionUID = 1L;

        HeldException(KeptHome home, Optional<Long> holder) {
            super("another daemon" + holder.map(pid -> " (pid " + pid + ")").orElse("") + " already keeps "
                    + home.directory() + "; stop it with: kept stop");
        }
    }

    /**
     * Takes the lock.
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
     * The process that wrote the lock file last, if it still runs. It may be another program that got the same number:
     * good enough to wait for an end, not to kill.
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

    private static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException notWritten) {
            return Optional.empty();
        }
    }

    /** Gives the lock up. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}

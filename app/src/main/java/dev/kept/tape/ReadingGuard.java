package dev.kept.tape;

import dev.kept.tape.ReadingMarks.Reader;
import java.nio.file.Path;
import java.util.Set;

/**
 * A guard against a tape that ends the process again and again: tapes that did so twice are not read, and reads of the
 * others are noted while they last. Thread-safe to the extent that {@link ReadingMarks} is.
 *
 * @param unread the names of tapes whose records are not read
 * @param unrendered the names of tapes that no recording is made from
 * @param marks the notes of what is being read
 * @param watchful whether small pieces are noted, too: an earlier process ended recently through a fault of its own
 */
public record ReadingGuard(Set<String> unread, Set<String> unrendered, ReadingMarks marks, boolean watchful) {
    /**
     * The size up to which a piece is noted only by a watchful guard, so that an appended line costs no system call.
     */
    static final int SMALL_BYTES = 16 * 1024;

    /** A guard that allows everything and notes nothing. */
    public static final ReadingGuard NONE = new ReadingGuard(Set.of(), Set.of(), ReadingMarks.NONE, false);

    public ReadingGuard {
        unread = Set.copyOf(unread);
        unrendered = Set.copyOf(unrendered);
    }

    /** Returns the {@linkplain TapeLibrary#name name} of the tape in a folder. */
    public static String name(Path folder) {
        Path provider = folder.getParent();
        return TapeLibrary.name(
                provider == null ? "" : String.valueOf(provider.getFileName()), String.valueOf(folder.getFileName()));
    }

    /** Notes that a tape is being read, until the returned object is closed. */
    public Noted note(Reader reader, String tape) {
        marks.begin(reader, tape);
        return () -> marks.end(reader);
    }

    /** Notes that a piece of a tape is being read, unless it is small and the guard is not watchful. */
    public Noted note(Reader reader, String tape, int bytes) {
        return watchful || bytes >= SMALL_BYTES ? note(reader, tape) : () -> {};
    }

    /** A note that ends when it is closed. */
    @FunctionalInterface
    public interface Noted extends AutoCloseable {
        @Override
        void close();
    }
}

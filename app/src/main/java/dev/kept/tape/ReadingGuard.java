package dev.kept.tape;

import dev.kept.tape.ReadingMarks.Reader;
import java.nio.file.Path;
import java.util.Set;

/**
 * What keeps one tape from ending the process again and again: those that did so twice are not read, and of the others it is
 * noted when they are. Thread-safe as far as {@link ReadingMarks} is.
 *
 * @param unread the names of tapes whose records are not read
 * @param unrendered the names of tapes that no recording is made from
 * @param marks where it is noted what is being read
 * @param watchful whether small pieces are noted, too: an earlier process ended lately through a fault of its own
 */
public record ReadingGuard(Set<String> unread, Set<String> unrendered, ReadingMarks marks, boolean watchful) {
    /** A piece of so few bytes is noted only by a watchful guard, so that an appended line costs no call. */
    static final int SMALL_BYTES = 16 * 1024;

    /** Everything is read, and nothing noted. */
    public static final ReadingGuard NONE = new ReadingGuard(Set.of(), Set.of(), ReadingMarks.NONE, false);

    public ReadingGuard {
        unread = Set.copyOf(unread);
        unrendered = Set.copyOf(unrendered);
    }

    /** The {@linkplain TapeLibrary#name name} of the tape in a folder. */
    public static String name(Path folder) {
        Path provider = folder.getParent();
        return TapeLibrary.name(
                provider == null ? "" : String.valueOf(provider.getFileName()), String.valueOf(folder.getFileName()));
    }

    /** Notes that a tape is being read, until what is returned is closed. */
    public Noted note(Reader reader, String tape) {
        marks.begin(reader, tape);
        return () -> marks.end(reader);
    }

    /** Notes that a piece of a tape is being read, unless it is small and nothing calls for watchfulness. */
    public Noted note(Reader reader, String tape, int bytes) {
        return watchful || bytes >= SMALL_BYTES ? note(reader, tape) : () -> {};
    }

    /** What ends a note. */
    @FunctionalInterface
    public interface Noted extends AutoCloseable {
        @Override
        void close();
    }
}

package dev.kept.daemon;

import dev.kept.config.KeptHome;
import dev.kept.control.InstanceLock;
import dev.kept.control.LastExit;
import dev.kept.control.QuarantinedSource;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.ReadingMarks;
import dev.kept.tape.ReadingMarks.Reader;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Crash bookkeeping between runs. Whatever the previous process was reading when it ended by a fault of its own is
 * counted once more in a {@link QuarantinedSource}. An end by SIGKILL, by a power cut, or one that no supervisor saw is
 * not blamed on what was being read.
 */
final class ReadingLedger {
    /** The mark written while an earlier run's checkpoint is restored. */
    static final String CHECKPOINT = "checkpoint";

    private ReadingLedger() {}

    /**
     * Returns the guard of a daemon that starts now. Must be called while it holds the {@link InstanceLock}. If marks
     * cannot be written, the daemon runs without them.
     *
     * @param program identity of this program; crashes of other programs are ignored
     */
    static ReadingGuard open(KeptHome home, String program, Instant now) {
        List<QuarantinedSource> noted = QuarantinedSource.all(home);
        List<QuarantinedSource> all = new ArrayList<>(noted);
        all.removeIf(each -> !each.counts(program, now));
        ReadingMarks marks = ReadingMarks.NONE;
        try {
            Map<Reader, String> reading = ReadingMarks.read(home.readingFile());
            if (wasItsOwnFault(home)) {
                reading.forEach((reader, tape) -> count(all, reader, tape, program, now));
            }
            if (reading.containsKey(Reader.RESTORE)) {
                // Only a cache: without it everything is read from the tapes.
                Files.deleteIfExists(home.state().resolve(CHECKPOINT));
            }
            if (!all.equals(noted)) {
                QuarantinedSource.write(home, all);
            }
            marks = ReadingMarks.open(home.readingFile());
        } catch (IOException unwritable) {
            // No marks are written then; every writer to the home reports the cause.
        }
        boolean watchful =
                LastExit.recent(home, now).filter(LastExit::isItsOwnFault).isPresent();
        return new ReadingGuard(names(all, false), names(all, true), marks, watchful);
    }

    /** Reports whether the process that last wrote reading marks ended by a fault of its own. */
    private static boolean wasItsOwnFault(KeptHome home) throws IOException {
        Optional<LastExit> end = LastExit.read(home).filter(LastExit::isItsOwnFault);
        if (end.isEmpty() || !Files.exists(home.readingFile())) {
            return false;
        }
        Instant noted = Files.getLastModifiedTime(home.readingFile()).toInstant();
        return !end.get().at().isBefore(noted.truncatedTo(ChronoUnit.SECONDS));
    }

    private static void count(List<QuarantinedSource> all, Reader reader, String tape, String program, Instant now) {
        boolean rendering = switch (reader) {
            case PIPELINE, AHEAD, RESTORE -> false;
            case REPLAY -> true;
        };
        if (reader == Reader.RESTORE) {
            return;
        }
        // Two readers of one tape count as one crash.
        if (all.stream()
                .anyMatch(each -> isOf(each, tape, rendering) && each.last().equals(now))) {
            return;
        }
        int before = all.stream()
                .filter(each -> isOf(each, tape, rendering))
                .mapToInt(QuarantinedSource::times)
                .sum();
        all.removeIf(each -> isOf(each, tape, rendering));
        all.add(new QuarantinedSource(tape, before + 1, now, rendering, program));
    }

    private static boolean isOf(QuarantinedSource each, String tape, boolean rendering) {
        return each.tape().equals(tape) && each.rendering() == rendering;
    }

    private static java.util.Set<String> names(List<QuarantinedSource> all, boolean rendering) {
        return all.stream()
                .filter(each -> each.isAside() && each.rendering() == rendering)
                .map(QuarantinedSource::tape)
                .collect(Collectors.toUnmodifiableSet());
    }
}

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
 * Takes over from a process that is gone: what it was reading when it ended through a fault of its own is noted as one
 * {@link QuarantinedSource} more. An end by SIGKILL, a power cut, or one that no supervisor saw, is no fault of what was being read.
 */
final class ReadingLedger {
    /** What is noted while an earlier run's checkpoint is taken up. */
    static final String CHECKPOINT = "checkpoint";

    private ReadingLedger() {}

    /**
     * The guard of a daemon that begins now. To be called once it holds the {@link InstanceLock}. What cannot be noted keeps no
     * daemon from its work.
     *
     * @param program which program this is: what another one did is of no account
     */
    static ReadingGuard takeOver(KeptHome home, String program, Instant now) {
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
                // Only a cache: everything is read from the tapes.
                Files.deleteIfExists(home.state().resolve(CHECKPOINT));
            }
            if (!all.equals(noted)) {
                QuarantinedSource.write(home, all);
            }
            marks = ReadingMarks.open(home.readingFile());
        } catch (IOException unwritable) {
            // Nothing is noted then; what cannot be written there is said by all who write to the home.
        }
        boolean watchful =
                LastExit.lately(home, now).filter(LastExit::isItsOwnFault).isPresent();
        return new ReadingGuard(names(all, false), names(all, true), marks, watchful);
    }

    /** Whether the process that noted last what it was reading ended through a fault of its own. */
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
        // Two readers of one tape ended once.
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

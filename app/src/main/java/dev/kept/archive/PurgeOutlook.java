package dev.kept.archive;

import dev.kept.model.SessionKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an agent will delete of its conversations soon, and what of it is on tape. A conversation is all its files
 * that go.
 *
 * @param agent by the name that people know
 * @param provider its short name
 * @param after how long after its last change a file is deleted
 * @param by when the last of them goes; where none does, until when that holds
 * @param files those that go
 * @param whole whether all files were looked at, and not only as many as there was time for
 */
public record PurgeOutlook(
        String agent, String provider, Path root, Duration after, Instant by, List<Going> files, boolean whole) {
    /** What counts as soon. */
    public static final Duration SOON = Duration.ofDays(7);

    public PurgeOutlook {
        files = List.copyOf(files);
    }

    /**
     * What is known of a file that its agent will delete, the best first: a conversation is as well off as its
     * worst file.
     */
    public enum Standing {
        /** Its bytes were compared with the tape, and are the same. */
        VERIFIED,
        /** Its owner had it forgotten. */
        FORGOTTEN,
        /** The tape is as long as the file; nobody has compared them since one of them was changed. */
        NOT_COMPARED,
        /** It was changed after the tape was written. */
        CHANGED,
        /** It is another one than its tape, although nothing changed it since, or one of both cannot be read. */
        DIFFERENT,
        /** There is no tape, or a shorter one. */
        NOT_ON_TAPE
    }

    /**
     * A file that goes.
     *
     * @param conversation that it belongs to
     * @param at when it goes
     */
    public record Going(Path file, String conversation, Instant at, Standing standing) {
        /** Returns the same as a file of another conversation. */
        Going of(SessionKey other) {
            return new Going(file, other.sessionId(), at, standing);
        }
    }

    /** The conversations that go, each with the standing of its worst file. */
    public Map<String, Standing> conversations() {
        Map<String, Standing> conversations = new TreeMap<>();
        files.forEach(each -> conversations.merge(
                each.conversation(), each.standing(), (one, other) -> one.compareTo(other) > 0 ? one : other));
        return conversations;
    }

    /** How many conversations go of which the worst file stands so. */
    public long count(Standing standing) {
        return conversations().values().stream().filter(standing::equals).count();
    }

    /** The file that stands so and goes first. */
    public Optional<Path> first(Standing standing) {
        return files.stream()
                .filter(each -> each.standing() == standing)
                .min(Comparator.comparing(Going::at).thenComparing(Going::file))
                .map(Going::file);
    }
}

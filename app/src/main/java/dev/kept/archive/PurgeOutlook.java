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
 * The conversations that an agent will delete soon, and which of them are on tape. A conversation is all its files to
 * be deleted.
 *
 * @param agent the agent's display name
 * @param provider name of its provider
 * @param after time after its last change at which a file is deleted
 * @param by time at which the last of them is deleted; if there are none, the time until which that holds
 * @param files files to be deleted
 * @param complete true if all files were examined, not only as many as the bounds allow
 */
public record PurgeOutlook(
        String agent, String provider, Path root, Duration after, Instant by, List<Going> files, boolean complete) {
    /** The time ahead that counts as soon. */
    public static final Duration SOON = Duration.ofDays(7);

    public PurgeOutlook {
        files = List.copyOf(files);
    }

    /**
     * The state of a file that its agent will delete, the best first: a conversation is in the state of its worst file.
     */
    public enum FileState {
        /** The bytes were compared with the tape and are the same. */
        VERIFIED,
        /** The owner had it forgotten. */
        FORGOTTEN,
        /** The tape is as long as the file, but they were not compared since one of them was changed. */
        NOT_COMPARED,
        /** The file was changed after the tape was written. */
        CHANGED,
        /** The file differs from its tape although nothing changed it since, or one of them cannot be read. */
        DIFFERENT,
        /** There is no tape, or it is shorter than the file. */
        NOT_ON_TAPE
    }

    /**
     * A file to be deleted.
     *
     * @param conversation id of its conversation
     * @param at time of its deletion
     */
    public record Going(Path file, String conversation, Instant at, FileState state) {
        /** Returns this file as one of another conversation. */
        Going of(SessionKey other) {
            return new Going(file, other.sessionId(), at, state);
        }
    }

    /** Returns the conversations to be deleted, each with the state of its worst file. */
    public Map<String, FileState> conversations() {
        Map<String, FileState> conversations = new TreeMap<>();
        files.forEach(each -> conversations.merge(
                each.conversation(), each.state(), (one, other) -> one.compareTo(other) > 0 ? one : other));
        return conversations;
    }

    /** Returns the number of conversations in a state. */
    public long count(FileState state) {
        return conversations().values().stream().filter(state::equals).count();
    }

    /** Returns the file in that state that is deleted first. */
    public Optional<Path> first(FileState state) {
        return files.stream()
                .filter(each -> each.state() == state)
                .min(Comparator.comparing(Going::at).thenComparing(Going::file))
                .map(Going::file);
    }
}

package dev.kept.recording;

import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.contract.RecordingFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sources that a session's main line stands in: one, and another one for each time that its agent goes on in a new file
 * (Codex when a person goes back, Gemini when it takes up an old document). Places of two tapes have no order; the order is
 * that in which the conversation went on in them. Owned by the pipeline thread.
 */
final class ConversationSources {
    private final Map<String, Source> sources = new LinkedHashMap<>(2);

    /** Where the step stands that was carried out last. */
    private String current = "";

    /** Where the steps that wait end. */
    private String arriving = "";

    /** One source, as far as it was shown. */
    static final class Source {
        private RecordingFacts facts;
        private TapePosition position = TapePosition.START;
        private final List<Obey> orders = new ArrayList<>(0);

        private Source(RecordingFacts facts) {
            this.facts = facts;
        }

        RecordingFacts facts() {
            return facts;
        }

        /** The first place whose event was not delivered yet. */
        TapePosition position() {
            return position;
        }

        void reach(TapePosition next) {
            if (position.isBefore(next)) {
                position = next;
            }
        }

        /** Commands that wait until it is known where the conversation goes on. */
        List<Obey> orders() {
            return orders;
        }
    }

    /** Notes what is known of a source now. */
    Source meet(RecordingFacts facts) {
        Source source = sources.computeIfAbsent(facts.sourceId(), _ -> new Source(facts));
        source.facts = facts;
        return source;
    }

    Optional<Source> find(String sourceId) {
        return Optional.ofNullable(sources.get(sourceId));
    }

    /** Whether that source was met, and no other. */
    boolean areOnly(String sourceId) {
        return sources.size() == 1 && sources.containsKey(sourceId);
    }

    /** All steps so far stand in that source. */
    void beIn(String sourceId) {
        current = sourceId;
        arriving = sourceId;
    }

    /** The source that the steps end in. */
    Optional<Source> arriving() {
        return find(arriving);
    }

    /** Whether what is taken next from that source goes on where the steps end. */
    boolean endIn(String sourceId) {
        return arriving.equals(sourceId);
    }

    /** Whether commands wait until it is known where the conversation goes on. */
    boolean haveOrders() {
        return sources.values().stream().anyMatch(source -> !source.orders.isEmpty());
    }

    /** Those commands. */
    Stream<Obey> allOrders() {
        return sources.values().stream().flatMap(source -> source.orders.stream());
    }

    /** A step that moves there waits. */
    void moveTo(String sourceId) {
        arriving = sourceId;
    }

    /** Such a step is carried out. */
    void moved(String sourceId) {
        current = sourceId;
    }

    String currentId() {
        return current;
    }

    Optional<Source> current() {
        return find(current);
    }

    /** What is known of the session: where it is now, or of what was met of it so far. */
    Optional<RecordingFacts> facts() {
        return current().or(() -> sources.values().stream().findFirst()).map(Source::facts);
    }

    /** Whether all of these were met. */
    boolean have(Set<String> sourceIds) {
        return sources.keySet().containsAll(sourceIds);
    }

    /** What is known of the sources that are older than that one. */
    List<RecordingFacts> before(RecordingFacts than) {
        return sources.values().stream()
                .map(Source::facts)
                .filter(facts -> facts.createdAt().isBefore(than.createdAt()))
                .toList();
    }

    /** When the conversation was begun, as far as its files tell: a copy is younger than what it is a copy of. */
    Instant createdAt() {
        return sources.values().stream()
                .map(source -> source.facts.createdAt())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }
}

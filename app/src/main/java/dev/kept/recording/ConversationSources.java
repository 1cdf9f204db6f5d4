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
 * The sources of a session's main branch: one, and another one for each time that the agent continues in a new file
 * (Codex when a person goes back, Gemini when it resumes an old document). Positions on two tapes cannot be compared;
 * the order is that in which the conversation continued in them. Owned by the pipeline thread.
 */
final class ConversationSources {
    private final Map<String, Source> sources = new LinkedHashMap<>(2);

    /** Source of the step that was carried out last. */
    private String current = "";

    /** Source of the last pending step. */
    private String arriving = "";

    /** One source, as far as it was delivered. */
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

        /** Returns the first position whose event was not delivered yet. */
        TapePosition position() {
            return position;
        }

        void reach(TapePosition next) {
            if (position.isBefore(next)) {
                position = next;
            }
        }

        /** Returns the commands that wait until it is known where the conversation continues. */
        List<Obey> orders() {
            return orders;
        }
    }

    /** Adds a source, or updates the facts of a known one. */
    Source register(RecordingFacts facts) {
        Source source = sources.computeIfAbsent(facts.sourceId(), _ -> new Source(facts));
        source.facts = facts;
        return source;
    }

    Optional<Source> find(String sourceId) {
        return Optional.ofNullable(sources.get(sourceId));
    }

    /** Reports whether that source is known, and no other. */
    boolean isOnly(String sourceId) {
        return sources.size() == 1 && sources.containsKey(sourceId);
    }

    /** Makes that source the one of all steps so far. */
    void setCurrent(String sourceId) {
        current = sourceId;
        arriving = sourceId;
    }

    /** Returns the source of the last step, pending steps included. */
    Optional<Source> arriving() {
        return find(arriving);
    }

    /** Reports whether the last step, pending steps included, is in that source. */
    boolean endsIn(String sourceId) {
        return arriving.equals(sourceId);
    }

    /** Reports whether commands wait until it is known where the conversation continues. */
    boolean hasOrders() {
        return sources.values().stream().anyMatch(source -> !source.orders.isEmpty());
    }

    /** Returns those commands, of all sources. */
    Stream<Obey> allOrders() {
        return sources.values().stream().flatMap(source -> source.orders.stream());
    }

    /** Notes that a pending step moves to that source. */
    void moveTo(String sourceId) {
        arriving = sourceId;
    }

    /** Notes that the step which moves to that source was carried out. */
    void completeMove(String sourceId) {
        current = sourceId;
    }

    String currentId() {
        return current;
    }

    Optional<Source> current() {
        return find(current);
    }

    /** Returns the facts of the current source, or of the first known one. */
    Optional<RecordingFacts> facts() {
        return current().or(() -> sources.values().stream().findFirst()).map(Source::facts);
    }

    /** Reports whether all of these sources are known. */
    boolean containsAll(Set<String> sourceIds) {
        return sources.keySet().containsAll(sourceIds);
    }

    /** Returns the facts of the sources that are older than that one. */
    List<RecordingFacts> olderThan(RecordingFacts than) {
        return sources.values().stream()
                .map(Source::facts)
                .filter(facts -> facts.createdAt().isBefore(than.createdAt()))
                .toList();
    }

    /**
     * Returns the time at which the conversation began, as far as its files say. A copy is younger than its original.
     */
    Instant createdAt() {
        return sources.values().stream()
                .map(source -> source.facts.createdAt())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }
}

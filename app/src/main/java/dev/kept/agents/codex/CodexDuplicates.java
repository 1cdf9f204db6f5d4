package dev.kept.agents.codex;

import dev.kept.model.TapeReference;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Texts of one of the two streams whose twin in the other stream has not come yet.
 *
 * <p>A prompt is an item of the role {@code user} followed by an event; an answer is an event followed by an item
 * (counted: 2,636 of 2,636). One of the two is emitted. If the other one comes first, it waits here. A text whose twin
 * does not come in time is emitted in its place, so that one stream makes up for another that a version does not write.
 * The records that come decide which streams there are, not the version.
 */
final class CodexDuplicates {
    private static final int MAX_WAITING = 16;
    private static final int MAX_CHARACTERS = 256 * 1024;
    private static final int STATEMENT_BYTES = 160;

    private final Deque<Statement> waiting = new ArrayDeque<>();
    private final Deque<String> emitted = new ArrayDeque<>();
    private int characters;

    /** A record's own mark of its author. */
    enum Mark {
        /** No mark. */
        NONE,
        /** No mark, in a record that was copied from another thread. */
        COPIED,
        /** A mark that a person is the author. */
        PERSON
    }

    /**
     * A text of a record.
     *
     * @param eventId the id of its event if it is emitted
     * @param subtype the kind of text of the agent's own; empty for a prompt or an answer
     * @param mark the record's own mark of its author
     */
    record Statement(
            String eventId,
            String recordType,
            Optional<Instant> timestamp,
            String subtype,
            String text,
            List<TapeReference> references,
            Mark mark) {
        Statement {
            references = List.copyOf(references);
        }

        /** Creates a text of the model, or one without a mark. */
        Statement(
                String eventId,
                String recordType,
                Optional<Instant> timestamp,
                String text,
                List<TapeReference> references) {
            this(eventId, recordType, timestamp, "", text, references, Mark.NONE);
        }

        void save(StateWriter out) {
            out.text(eventId);
            out.text(recordType);
            out.text(timestamp.map(Instant::toString).orElse(""));
            out.text(subtype);
            out.text(text);
            out.all(references, reference -> {
                out.text(reference.mediaType());
                out.number(reference.generation());
                out.number(reference.offset());
                out.number(reference.length());
                out.text(reference.sha256());
            });
            out.text(mark.name());
        }

        static Statement restore(StateReader in) throws IOException {
            try {
                return new Statement(
                        in.text(),
                        in.text(),
                        time(in.text()),
                        in.text(),
                        in.text(),
                        in.all(Statement::reference),
                        Mark.valueOf(in.text()));
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new IOException("not a state: " + e.getMessage(), e);
            }
        }

        private static Optional<Instant> time(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        }

        private static TapeReference reference(StateReader in) throws IOException {
            return new TapeReference(in.text(), in.number(1, Integer.MAX_VALUE), in.number(), in.number(), in.text());
        }
    }

    /**
     * Adds a text that waits for its twin. Returns the oldest texts, removed because too much waits; they must be
     * emitted now.
     */
    List<Statement> add(Statement statement) {
        waiting.add(statement);
        characters += statement.text().length();
        List<Statement> over = new ArrayList<>();
        while (waiting.size() > MAX_WAITING || (characters > MAX_CHARACTERS && waiting.size() > 1)) {
            Statement oldest = waiting.remove();
            characters -= oldest.text().length();
            over.add(oldest);
        }
        return over;
    }

    /** Removes and returns the first waiting text that matches. */
    Optional<Statement> removeFirst(Predicate<Statement> asked) {
        for (Iterator<Statement> all = waiting.iterator(); all.hasNext(); ) {
            Statement next = all.next();
            if (asked.test(next)) {
                all.remove();
                characters -= next.text().length();
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    /** Returns the last text that was added, without removing it. */
    Optional<Statement> peekLast() {
        return Optional.ofNullable(waiting.peekLast());
    }

    /** Removes and returns the texts up to the first one that matches; none if no text matches. */
    List<Statement> removeThrough(Predicate<Statement> asked) {
        List<Statement> removed = new ArrayList<>();
        if (waiting.stream().anyMatch(asked)) {
            boolean found = false;
            while (!found) {
                Statement next = waiting.remove();
                characters -= next.text().length();
                removed.add(next);
                found = asked.test(next);
            }
        }
        return removed;
    }

    /** Removes and returns all waiting texts. */
    List<Statement> removeAll() {
        List<Statement> all = List.copyOf(waiting);
        waiting.clear();
        characters = 0;
        return all;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Records a text that was emitted before its twin came; the twin is then a repetition. */
    void addEmitted(String fingerprint) {
        emitted.add(fingerprint);
        if (emitted.size() > MAX_WAITING) {
            emitted.remove();
        }
    }

    /** Removes a recorded text; returns true if its twin was emitted before. */
    boolean removeEmitted(String fingerprint) {
        return emitted.remove(fingerprint);
    }

    /** Forgets the recorded texts: their twins cannot come in the next turn. */
    void clearEmitted() {
        emitted.clear();
    }

    void save(StateWriter out) {
        out.all(waiting, statement -> statement.save(out));
        out.all(emitted, out::text);
    }

    void restore(StateReader in) throws IOException {
        for (Statement statement : in.all(Statement::restore)) {
            waiting.add(statement);
            characters += statement.text().length();
        }
        emitted.addAll(in.all(StateReader::text));
    }

    /** Returns a text without white space, in which twins may differ. */
    static String squeezed(String text) {
        StringBuilder squeezed = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                squeezed.append(text.charAt(i));
            }
        }
        return squeezed.toString();
    }

    /** Returns the heap that a text uses, in bytes. */
    static long heldBytes(Statement statement) {
        return STATEMENT_BYTES + 2L * statement.text().length();
    }

    /** Returns the heap that this object uses, in bytes. */
    long heldBytes() {
        return 128 + (long) waiting.size() * STATEMENT_BYTES + 2L * characters + emitted.size() * 80L;
    }
}

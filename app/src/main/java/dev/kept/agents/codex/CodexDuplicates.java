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
 * What one of the two streams said and the other has not said yet.
 *
 * <p>A prompt is an item of the role {@code user} and, right behind it, an event; an answer is an event and then an item
 * (counted: 2,636 of 2,636). One of the two is told, whichever comes first waits here when it is not that one. What has no
 * twin by the time that one would have come is told in its place: so a stream that a version does not write is made good by
 * the other. Which stream there is is seen by what comes, not by the version.
 */
final class CodexDuplicates {
    private static final int MAX_WAITING = 16;
    private static final int MAX_CHARACTERS = 256 * 1024;
    private static final int SAYING_BYTES = 160;

    private final Deque<Saying> waiting = new ArrayDeque<>();
    private final Deque<String> told = new ArrayDeque<>();
    private int characters;

    /** What a record itself says of who wrote it. */
    enum Mark {
        /** Nothing. */
        NONE,
        /** Nothing; and it was copied from another thread. */
        COPIED,
        /** A person. */
        PERSON
    }

    /**
     * What a record said.
     *
     * @param eventId what its event will be called if it is told
     * @param subtype the kind of text of the agent's own that it is; empty for what somebody said
     * @param mark what the record itself says of who wrote it
     */
    record Saying(
            String eventId,
            String recordType,
            Optional<Instant> timestamp,
            String subtype,
            String text,
            List<TapeReference> references,
            Mark mark) {
        Saying {
            references = List.copyOf(references);
        }

        /** What a model, or nobody in particular, said. */
        Saying(
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

        static Saying restore(StateReader in) throws IOException {
            try {
                return new Saying(
                        in.text(),
                        in.text(),
                        time(in.text()),
                        in.text(),
                        in.text(),
                        in.all(Saying::reference),
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

    /** Waits for a twin. Returns what must be told now because too much waits. */
    List<Saying> await(Saying saying) {
        waiting.add(saying);
        characters += saying.text().length();
        List<Saying> over = new ArrayList<>();
        while (waiting.size() > MAX_WAITING || (characters > MAX_CHARACTERS && waiting.size() > 1)) {
            Saying oldest = waiting.remove();
            characters -= oldest.text().length();
            over.add(oldest);
        }
        return over;
    }

    /** Takes the first one that waits and is what is asked for. */
    Optional<Saying> take(Predicate<Saying> asked) {
        for (Iterator<Saying> all = waiting.iterator(); all.hasNext(); ) {
            Saying next = all.next();
            if (asked.test(next)) {
                all.remove();
                characters -= next.text().length();
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    /** The one that waits for the shortest time; it goes on waiting. */
    Optional<Saying> last() {
        return Optional.ofNullable(waiting.peekLast());
    }

    /**
     * Takes the first one that is what is asked for, as the last of all that wait for as long or longer; none if there
     * is none.
     */
    List<Saying> takeThrough(Predicate<Saying> asked) {
        List<Saying> taken = new ArrayList<>();
        if (waiting.stream().anyMatch(asked)) {
            boolean found = false;
            while (!found) {
                Saying next = waiting.remove();
                characters -= next.text().length();
                taken.add(next);
                found = asked.test(next);
            }
        }
        return taken;
    }

    /** Takes all that wait. */
    List<Saying> takeAll() {
        List<Saying> all = List.copyOf(waiting);
        waiting.clear();
        characters = 0;
        return all;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Notes what was told before its twin came; that one says nothing new. */
    void told(String fingerprint) {
        told.add(fingerprint);
        if (told.size() > MAX_WAITING) {
            told.remove();
        }
    }

    /** True once for what was told before. */
    boolean wasTold(String fingerprint) {
        return told.remove(fingerprint);
    }

    /** What is left of an earlier turn has no twin in the next. */
    void forgetTold() {
        told.clear();
    }

    void save(StateWriter out) {
        out.all(waiting, saying -> saying.save(out));
        out.all(told, out::text);
    }

    void restore(StateReader in) throws IOException {
        for (Saying saying : in.all(Saying::restore)) {
            waiting.add(saying);
            characters += saying.text().length();
        }
        told.addAll(in.all(StateReader::text));
    }

    /** A text without white space: twins differ in that. */
    static String squeezed(String text) {
        StringBuilder squeezed = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                squeezed.append(text.charAt(i));
            }
        }
        return squeezed.toString();
    }

    /** Bytes of heap that one of them takes. */
    static long heldBytes(Saying saying) {
        return SAYING_BYTES + 2L * saying.text().length();
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 128 + (long) waiting.size() * SAYING_BYTES + 2L * characters + told.size() * 80L;
    }
}

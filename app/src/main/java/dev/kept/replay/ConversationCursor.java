package dev.kept.replay;

import dev.kept.model.ConversationEvent;
import dev.kept.provider.support.EventIdSet;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a conversation from all tapes that it stands in, one after another, each event once: what a later tape repeats is
 * passed over. Memory is that of one reader, and 12 to 24 bytes for each event id where there is more than one tape. Not
 * thread-safe.
 */
public final class ConversationCursor implements Closeable {
    private final List<BranchSource> parts;
    private final EventIdSet told = new EventIdSet();
    private int part;
    private long bytesBefore;
    private final Map<String, BranchSource> earlierLines = new LinkedHashMap<>();
    private @Nullable ReplayCursor open;

    /**
     * Opens the first tape.
     *
     * @param parts the sources that hold the conversation, in the order in which it went on in them; at least one
     */
    public ConversationCursor(List<BranchSource> parts) {
        this.parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a conversation stands somewhere");
        }
    }

    /**
     * The next event of the conversation's own line, without taking it; empty at the end of what is on tape now. Asked
     * again, it looks for more in the last tape.
     */
    public Optional<ConversationEvent> peek() throws IOException {
        while (true) {
            ReplayCursor reader = reader();
            Optional<ConversationEvent> next = reader.peekToTheEnd();
            if (next.isEmpty() && part + 1 == parts.size()) {
                return next;
            }
            if (next.isEmpty()) {
                bytesBefore += reader.bytesRead();
                earlierLines.putAll(otherLines());
                close();
                part++;
            } else if (isNews(next.get())) {
                return next;
            } else {
                reader.take();
            }
        }
    }

    private boolean isNews(ConversationEvent event) {
        return event.header().line().equals(parts.get(part).line())
                && (part == 0 || !told.contains(event.header().eventId()));
    }

    /** Takes the event that {@link #peek} showed. */
    public void take() throws IOException {
        ConversationEvent event = peek().orElseThrow(() -> new IllegalStateException("nothing was shown"));
        if (parts.size() > 1) {
            told.add(event.header().eventId());
        }
        reader().take();
    }

    private ReplayCursor reader() throws IOException {
        ReplayCursor reader = open;
        if (reader == null) {
            reader = new ReplayCursor(parts.get(part));
            open = reader;
        }
        return reader;
    }

    /** The source that the event stands in which {@link #peek} showed. */
    public BranchSource source() {
        return parts.get(part);
    }

    /** Whether that source, as far as it was read, holds events of a subagent's line. */
    public boolean hasMet(String line) throws IOException {
        return reader().hasMet(line);
    }

    /** Returns the lines of subagents that stand in the sources, as far as they were read, each with its first source. */
    public Map<String, BranchSource> otherLines() {
        Map<String, BranchSource> all = new LinkedHashMap<>(earlierLines);
        ReplayCursor reader = open;
        if (reader != null) {
            reader.otherLines().forEach(line -> all.putIfAbsent(line, parts.get(part)));
        }
        return all;
    }

    /** Bytes that were read from all tapes so far. */
    public long bytesRead() {
        ReplayCursor reader = open;
        return bytesBefore + (reader == null ? 0 : reader.bytesRead());
    }

    @Override
    public void close() throws IOException {
        ReplayCursor reader = open;
        open = null;
        if (reader != null) {
            reader.close();
        }
    }
}

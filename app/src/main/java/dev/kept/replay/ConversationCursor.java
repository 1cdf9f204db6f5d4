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
 * Reader of a conversation from all its tapes, one after another, each event once: what a later tape repeats is
 * skipped. Memory is that of one reader, and 12 to 24 bytes for each event id if there is more than one tape. Not
 * thread-safe.
 */
public final class ConversationCursor implements Closeable {
    private final List<BranchSource> parts;
    private final EventIdSet seen = new EventIdSet();
    private int part;
    private long bytesBefore;
    private final Map<String, BranchSource> earlierBranches = new LinkedHashMap<>();
    private @Nullable ReplayCursor open;

    /**
     * Opens the first tape.
     *
     * @param parts the sources that hold the conversation, in its order; at least one
     */
    public ConversationCursor(List<BranchSource> parts) {
        this.parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a conversation needs at least one source");
        }
    }

    /**
     * Returns the next event of the conversation's own branch, without consuming it; empty at the current end of the
     * tape. A later call looks for more in the last tape.
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
                earlierBranches.putAll(otherBranches());
                close();
                part++;
            } else if (isNews(next.get())) {
                return next;
            } else {
                reader.consume();
            }
        }
    }

    private boolean isNews(ConversationEvent event) {
        return event.header().line().equals(parts.get(part).branch())
                && (part == 0 || !seen.contains(event.header().eventId()));
    }

    /** Consumes the event that {@link #peek} returned. */
    public void consume() throws IOException {
        ConversationEvent event = peek().orElseThrow(() -> new IllegalStateException("nothing was shown"));
        if (parts.size() > 1) {
            seen.add(event.header().eventId());
        }
        reader().consume();
    }

    private ReplayCursor reader() throws IOException {
        ReplayCursor reader = open;
        if (reader == null) {
            reader = new ReplayCursor(parts.get(part));
            open = reader;
        }
        return reader;
    }

    /** Returns the source of the event that {@link #peek} returned. */
    public BranchSource source() {
        return parts.get(part);
    }

    /** Reports whether that source, as far as it was read, holds events of a subagent's branch. */
    public boolean hasSeen(String branch) throws IOException {
        return reader().hasSeen(branch);
    }

    /** Returns the subagent branches in the sources, as far as they were read, each with its first source. */
    public Map<String, BranchSource> otherBranches() {
        Map<String, BranchSource> all = new LinkedHashMap<>(earlierBranches);
        ReplayCursor reader = open;
        if (reader != null) {
            reader.otherBranches().forEach(branch -> all.putIfAbsent(branch, parts.get(part)));
        }
        return all;
    }

    /** Returns the number of bytes that were read from all tapes so far. */
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

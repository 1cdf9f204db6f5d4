package dev.kept.archive;

import dev.kept.model.SessionKey;
import dev.kept.provider.SourceKind;
import dev.kept.recording.render.ConversationExport;
import dev.kept.replay.BranchSource;
import dev.kept.replay.ToolOutputFiles;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A session as its tapes tell it.
 *
 * @param tapes those of the main line first, oldest first; at least one
 * @param metadata of all its tapes together
 * @param replaced the events that a later one replaces: see {@link ReplacedEvents}
 */
public record StoredSession(
        SessionKey key, List<StoredTape> tapes, SessionSnapshotStatusMetadata metadata, Set<String> replaced) {
    public StoredSession {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(metadata, "metadata");
        tapes = List.copyOf(tapes);
        replaced = Set.copyOf(replaced);
        if (tapes.isEmpty()) {
            throw new IllegalArgumentException("a session has at least one tape");
        }
    }

    /** The tape of the conversation itself; of a subagent where that is all there is. */
    public StoredTape main() {
        return tapes.getFirst();
    }

    /**
     * The tapes of the conversation itself, in the order in which their files were made: it went on from one in the next. Of
     * files that were made at once, as where a home is copied, the names decide: agents put the time into them. Of a
     * conversation that is not there, those of its subagents.
     */
    public List<StoredTape> conversation() {
        StoredTape first = main();
        return tapes.stream()
                .filter(tape -> tape.equals(first)
                        || (tape.kind().layout() != SourceKind.Layout.OPAQUE
                                && tape.isMainLine() == first.isMainLine()))
                .sorted(Comparator.comparing(StoredTape::createdAt)
                        .thenComparing(tape -> tape.card().path()))
                .toList();
    }

    /** Where the conversation itself is read from, in that order. */
    public List<BranchSource> parts() {
        return conversation().stream().map(this::source).toList();
    }

    /** All of it, as an export takes it. */
    public ConversationExport.Subject toExport() {
        Map<String, BranchSource> subagents = new HashMap<>();
        ToolOutputFiles outputs = new ToolOutputFiles();
        for (StoredTape each : tapes) {
            switch (each.kind().layout()) {
                case LINES -> {
                    if (!each.isMainLine() && main().isMainLine()) {
                        subagents.put(each.line(), source(each));
                    }
                }
                case OPAQUE -> outputs.found(key, each.card().path(), each.folder());
                case DOCUMENT -> {}
            }
        }
        return new ConversationExport.Subject(key, parts(), subagents, outputs, name(), metadata.firstEventAt());
    }

    private BranchSource source(StoredTape tape) {
        return new BranchSource(
                tape.provider(),
                tape.kind(),
                tape.folder(),
                key.sessionId(),
                tape.line(),
                List.of(),
                Optional.of(replaced));
    }

    /** The tape of the subagent that goes by an id, or by one that begins like this, if it is the only one. */
    public Optional<StoredTape> subagent(String beginning) {
        List<StoredTape> found = tapes.stream()
                .filter(tape -> !tape.isMainLine() && tape.kind().layout() != SourceKind.Layout.OPAQUE)
                .filter(tape -> tape.line().startsWith(beginning) || tape.line().equals(SafeId.of(beginning)))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Where the line of one of its tapes is read from. */
    public BranchSource part(StoredTape tape) {
        return source(tape);
    }

    /** When something was last said; where that is not known, when the session was first seen. */
    public Instant lastSaid() {
        return metadata.lastMessageAt()
                .or(metadata::lastEventAt)
                .orElse(main().card().firstSeen());
    }

    /** Bytes that all generations of all tapes take on disk. */
    public long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (StoredTape tape : tapes) {
            bytes += tape.bytesOnDisk();
        }
        return bytes;
    }

    /** Bytes of the newest generation of every tape. */
    public long bytes() {
        return tapes.stream().mapToLong(StoredTape::length).sum();
    }

    /** The title, or what was said first; may be empty. */
    public String name() {
        return metadata.name();
    }
}

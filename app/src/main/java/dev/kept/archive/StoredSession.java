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
 * A session as recorded on its tapes.
 *
 * @param tapes at least one tape; those of the main branch first, oldest first
 * @param metadata metadata of all its tapes together
 * @param replaced ids of events that a later one replaces: see {@link ReplacedEvents}
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

    /** Returns the first tape of the conversation itself; a subagent's if there is no other. */
    public StoredTape main() {
        return tapes.getFirst();
    }

    /**
     * Returns the tapes of the conversation itself, in the order in which their files were created: it continues from
     * one in the next. Files created at the same time, as in a copied home, are ordered by name, because agents put the
     * time into the names. If the conversation itself is missing, the tapes of its subagents are returned.
     */
    public List<StoredTape> conversation() {
        StoredTape first = main();
        return tapes.stream()
                .filter(tape -> tape.equals(first)
                        || (tape.kind().layout() != SourceKind.Layout.OPAQUE
                                && tape.isMainBranch() == first.isMainBranch()))
                .sorted(Comparator.comparing(StoredTape::createdAt)
                        .thenComparing(tape -> tape.manifest().path()))
                .toList();
    }

    /** Returns the sources of the conversation itself, in that order. */
    public List<BranchSource> parts() {
        return conversation().stream().map(this::source).toList();
    }

    /** Returns the whole session as the subject of an export. */
    public ConversationExport.Subject toExport() {
        Map<String, BranchSource> subagents = new HashMap<>();
        ToolOutputFiles outputs = new ToolOutputFiles();
        for (StoredTape each : tapes) {
            switch (each.kind().layout()) {
                case LINES -> {
                    if (!each.isMainBranch() && main().isMainBranch()) {
                        subagents.put(each.branch(), source(each));
                    }
                }
                case OPAQUE -> outputs.add(key, each.manifest().path(), each.folder());
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
                tape.branch(),
                List.of(),
                Optional.of(replaced));
    }

    /** Returns the tape of the only subagent whose id is, or begins with, the given one. */
    public Optional<StoredTape> subagent(String beginning) {
        List<StoredTape> found = tapes.stream()
                .filter(tape -> !tape.isMainBranch() && tape.kind().layout() != SourceKind.Layout.OPAQUE)
                .filter(tape ->
                        tape.branch().startsWith(beginning) || tape.branch().equals(SafeId.of(beginning)))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Returns the source of a tape's branch. */
    public BranchSource part(StoredTape tape) {
        return source(tape);
    }

    /**
     * Returns the time of the last message; if unknown, of the last event; if unknown, the time at which the session
     * was first seen.
     */
    public Instant lastMessageAt() {
        return metadata.lastMessageAt()
                .or(metadata::lastEventAt)
                .orElse(main().manifest().firstSeen());
    }

    /** Returns the bytes on disk of all generations of all tapes. */
    public long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (StoredTape tape : tapes) {
            bytes += tape.bytesOnDisk();
        }
        return bytes;
    }

    /** Returns the bytes of the newest generation of every tape. */
    public long bytes() {
        return tapes.stream().mapToLong(StoredTape::length).sum();
    }

    /** Returns the title, or the beginning of the first message; may be empty. */
    public String name() {
        return metadata.name();
    }
}

package dev.kept.archive;

import dev.kept.model.SessionKey;
import dev.kept.provider.SessionNameFiles;
import dev.kept.session.SessionFamilies;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.text.SafeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of tapes, each with all its tapes: every command that works on a session works on such a set. The
 * records decide about a tape's session; the path counts only if they name none.
 */
final class SessionSets {
    private final Map<SessionKey, List<StoredTape>> tapes = new LinkedHashMap<>();
    private final Map<StoredTape, Place> places = new HashMap<>();

    /**
     * The place of a tape according to its records.
     *
     * @param session session that they name; for a subagent's, the one whose agent started it
     * @param branch branch that the tape holds
     */
    record Place(SessionKey session, String branch) {}

    /** Groups tapes whose places are known; other tapes are in no set. */
    static SessionSets of(List<StoredTape> tapes, MetadataCache cache) {
        SessionSets sets = new SessionSets();
        for (StoredTape tape : tapes) {
            cache.place(tape).ifPresent(place -> sets.places.put(tape.withBranch(place.branch()), place));
        }
        SessionFamilies families = sets.families();
        List<StoredTape> mainFirst = new ArrayList<>(sets.places.keySet());
        mainFirst.sort(Comparator.comparing((StoredTape tape) -> !tape.isMainBranch())
                .thenComparing(tape -> tape.manifest().firstSeen())
                .thenComparing(tape -> tape.manifest().path()));
        for (StoredTape tape : mainFirst) {
            sets.tapes
                    .computeIfAbsent(families.root(sets.place(tape).session()), _ -> new ArrayList<>())
                    .add(tape);
        }
        return sets;
    }

    private Place place(StoredTape tape) {
        Place place = places.get(tape);
        if (place == null) {
            throw new IllegalStateException("the place of " + tape.folder() + " is not known");
        }
        return place;
    }

    private SessionFamilies families() {
        Set<SessionKey> conversations = new HashSet<>();
        places.forEach((tape, place) -> {
            if (tape.isMainBranch()) {
                conversations.add(place.session());
            }
        });
        SessionFamilies families = new SessionFamilies();
        List<StoredTape> inOrder = new ArrayList<>(places.keySet());
        inOrder.sort(Comparator.comparing((StoredTape tape) -> tape.manifest().firstSeen())
                .thenComparing(tape -> tape.manifest().path()));
        for (StoredTape tape : inOrder) {
            Place place = place(tape);
            tape.kind()
                    .ownId(tape.branch())
                    .map(own -> new SessionKey(place.session().provider(), own))
                    .filter(part -> !conversations.contains(part))
                    .ifPresent(part -> families.addPart(part, place.session()));
        }
        return families;
    }

    /** Returns the tapes of the sessions that match an id or its beginning: their own, or one of their files. */
    List<StoredTape> like(String beginning) {
        String whole = SafeId.of(beginning);
        List<StoredTape> found = new ArrayList<>();
        tapes.forEach((key, of) -> {
            boolean meant = isLike(key.sessionId(), beginning, whole)
                    || of.stream()
                            .anyMatch(tape -> isLike(place(tape).session().sessionId(), beginning, whole)
                                    || tape.kind()
                                            .ownId(tape.branch())
                                            .filter(id -> isLike(id, beginning, whole))
                                            .isPresent());
            if (meant) {
                found.addAll(of);
            }
        });
        return found;
    }

    private static boolean isLike(String id, String beginning, String whole) {
        return id.startsWith(beginning) || id.equals(whole);
    }

    /** Returns the sessions of tapes that were read completely. */
    List<StoredSession> sessions(MetadataCache cache) {
        Map<StoredTape, SessionSnapshotStatusMetadata> known = new HashMap<>();
        tapes.forEach((key, of) -> of.forEach(tape -> cache.get(tape)
                .ifPresent(
                        metadata -> known.put(tape, StoredMetadata.seen(StoredMetadata.named(metadata, key), tape)))));
        nameFolders(known);
        SessionNameFiles names = new SessionNameFiles();
        known.replaceAll((tape, metadata) -> tape.isMainBranch()
                ? names.name(
                                tape.provider(),
                                tape.manifest().root(),
                                tape.manifest().path())
                        .map(name -> StoredMetadata.entitled(metadata, name))
                        .orElse(metadata)
                : metadata);
        List<StoredSession> sessions = new ArrayList<>(tapes.size());
        tapes.forEach((key, of) -> {
            List<StoredTape> read = of.stream().filter(known::containsKey).toList();
            if (!read.isEmpty()) {
                List<SessionSnapshotStatusMetadata> parts = read.stream()
                        .flatMap(tape -> Optional.ofNullable(known.get(tape)).stream())
                        .toList();
                Set<String> replaced = new HashSet<>();
                read.forEach(tape -> replaced.addAll(cache.replaced(tape)));
                sessions.add(new StoredSession(key, read, StoredMetadata.merged(parts), replaced));
            }
        });
        return sessions;
    }

    /** Resolves the folders of which only a digest is known, if a session of any agent was in that folder. */
    private static void nameFolders(Map<StoredTape, SessionSnapshotStatusMetadata> known) {
        Set<String> folders = new LinkedHashSet<>();
        known.values().forEach(metadata -> folders.add(metadata.workingDirectory()));
        folders.remove("");
        known.replaceAll((tape, metadata) -> metadata.workingDirectory().isEmpty()
                ? folders.stream()
                        .filter(tape::isDerivedFrom)
                        .findFirst()
                        .map(folder -> StoredMetadata.in(metadata, folder))
                        .orElse(metadata)
                : metadata);
    }
}

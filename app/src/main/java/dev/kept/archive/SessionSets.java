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
 * The sessions that tapes belong to, each with all its tapes: every command that works on a session works on such a set.
 * What the records say decides; a path speaks for files that say nothing.
 */
final class SessionSets {
    private final Map<SessionKey, List<StoredTape>> tapes = new LinkedHashMap<>();
    private final Map<StoredTape, Place> places = new HashMap<>();

    /**
     * The place of a tape, as its records say it.
     *
     * @param session the session that they name; for a subagent's, the one whose agent began it
     * @param line the line that stands on it
     */
    record Place(SessionKey session, String line) {}

    /** Groups tapes whose places are known; the others are in no set. */
    static SessionSets of(List<StoredTape> tapes, MetadataCache cache) {
        SessionSets sets = new SessionSets();
        for (StoredTape tape : tapes) {
            cache.place(tape).ifPresent(place -> sets.places.put(tape.on(place.line()), place));
        }
        SessionFamilies families = sets.families();
        List<StoredTape> mainFirst = new ArrayList<>(sets.places.keySet());
        mainFirst.sort(Comparator.comparing((StoredTape tape) -> !tape.isMainLine())
                .thenComparing(tape -> tape.card().firstSeen())
                .thenComparing(tape -> tape.card().path()));
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
            if (tape.isMainLine()) {
                conversations.add(place.session());
            }
        });
        SessionFamilies families = new SessionFamilies();
        List<StoredTape> inOrder = new ArrayList<>(places.keySet());
        inOrder.sort(Comparator.comparing((StoredTape tape) -> tape.card().firstSeen())
                .thenComparing(tape -> tape.card().path()));
        for (StoredTape tape : inOrder) {
            Place place = place(tape);
            tape.kind()
                    .ownId(tape.line())
                    .map(own -> new SessionKey(place.session().provider(), own))
                    .filter(part -> !conversations.contains(part))
                    .ifPresent(part -> families.belongs(part, place.session()));
        }
        return families;
    }

    /** The tapes of the sessions that an id, or the beginning of one, may mean: their own, or one that a file of them has. */
    List<StoredTape> like(String beginning) {
        String whole = SafeId.of(beginning);
        List<StoredTape> found = new ArrayList<>();
        tapes.forEach((key, of) -> {
            boolean meant = isLike(key.sessionId(), beginning, whole)
                    || of.stream()
                            .anyMatch(tape -> isLike(place(tape).session().sessionId(), beginning, whole)
                                    || tape.kind()
                                            .ownId(tape.line())
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

    /** The sessions of tapes that were read whole. */
    List<StoredSession> sessions(MetadataCache cache) {
        Map<StoredTape, SessionSnapshotStatusMetadata> known = new HashMap<>();
        tapes.forEach((key, of) -> of.forEach(tape -> cache.get(tape)
                .ifPresent(
                        metadata -> known.put(tape, StoredMetadata.seen(StoredMetadata.named(metadata, key), tape)))));
        nameFolders(known);
        SessionNameFiles names = new SessionNameFiles();
        known.replaceAll((tape, metadata) -> tape.isMainLine()
                ? names.name(tape.provider(), tape.card().root(), tape.card().path())
                        .map(name -> StoredMetadata.entitled(metadata, name))
                        .orElse(metadata)
                : metadata);
        List<StoredSession> sessions = new ArrayList<>(tapes.size());
        tapes.forEach((key, of) -> {
            List<StoredTape> read = of.stream().filter(known::containsKey).toList();
            if (!read.isEmpty()) {
                List<SessionSnapshotStatusMetadata> told = read.stream()
                        .flatMap(tape -> Optional.ofNullable(known.get(tape)).stream())
                        .toList();
                Set<String> replaced = new HashSet<>();
                read.forEach(tape -> replaced.addAll(cache.replaced(tape)));
                sessions.add(new StoredSession(key, read, StoredMetadata.merged(told), replaced));
            }
        });
        return sessions;
    }

    /** Names the folders that only a digest tells and in which another session, of any agent, was. */
    private static void nameFolders(Map<StoredTape, SessionSnapshotStatusMetadata> known) {
        Set<String> folders = new LinkedHashSet<>();
        known.values().forEach(metadata -> folders.add(metadata.workingDirectory()));
        folders.remove("");
        known.replaceAll((tape, metadata) -> metadata.workingDirectory().isEmpty()
                ? folders.stream()
                        .filter(tape::isMadeOf)
                        .findFirst()
                        .map(folder -> StoredMetadata.in(metadata, folder))
                        .orElse(metadata)
                : metadata);
    }
}

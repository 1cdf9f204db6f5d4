package dev.kept.archive;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.SessionKey;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.Tombstones;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The permanent removal of what is kept of sessions: tapes, journals, caches. What stays is a tombstone without
 * content, so that the next scan of the agents' files does not bring them back.
 *
 * <p>A request is written first ({@code run/forget.json}), and carried out by the holder of the instance lock: the
 * command line, or the daemon when it starts, before it opens anything. Repeating it after a crash is harmless.
 */
public final class Forgetting {
    private static final String FILE_NAME = "forget.json";

    private final KeptHome home;

    public Forgetting(KeptHome home) {
        this.home = home;
    }

    private Path requestFile() {
        return home.run().resolve(FILE_NAME);
    }

    /** Reports whether a request is pending. */
    public boolean isRequested() {
        return Files.exists(requestFile());
    }

    /** Writes a request to forget these sessions. */
    public void request(List<StoredSession> sessions) throws IOException {
        List<JsonValue> tapes = new ArrayList<>();
        List<JsonValue> journals = new ArrayList<>();
        List<JsonValue> parts = new ArrayList<>();
        for (StoredSession session : sessions) {
            journals.add(named(session.key().provider(), session.key().sessionId()));
            for (String part : parts(session)) {
                parts.add(named(session.key().provider(), part));
            }
            session.tapes()
                    .forEach(tape -> tapes.add(
                            named(tape.provider().name(), tape.manifest().sourceId())));
        }
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("tapes", new JsonArray(tapes));
        members.put("sessions", new JsonArray(journals));
        members.put("parts", new JsonArray(parts));
        PrivateFiles.replace(requestFile(), new JsonObject(members).toJson() + "\n");
    }

    /**
     * Returns the ids of a session's subagents, which may have started others. The id in the name of a file may be
     * another session's.
     */
    private static Set<String> parts(StoredSession session) {
        Set<String> ids = new LinkedHashSet<>();
        for (StoredTape tape : session.tapes()) {
            if (!tape.isMainBranch()) {
                tape.kind().ownId(tape.branch()).ifPresent(ids::add);
            }
        }
        return ids;
    }

    private static JsonValue named(String provider, String id) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("provider", new JsonString(provider));
        members.put("id", new JsonString(id));
        return new JsonObject(members);
    }

    /**
     * Carries out the pending request, if any. Call it while holding the instance lock, before a tape is opened.
     *
     * @throws IOException if something could not be removed; the request stays
     */
    public void carryOut(Instant now) throws IOException {
        if (!isRequested()) {
            return;
        }
        JsonObject request = read();
        for (Named tape : named(request, "tapes")) {
            Optional<Path> found = ForeignPath.below(home.tapes(), tape.provider() + "/" + tape.id())
                    .filter(Files::isDirectory);
            if (found.isEmpty()) {
                continue;
            }
            Path folder = found.get();
            if (Files.exists(folder.resolve(TapeManifest.FILE_NAME))) {
                TapeManifest manifest = TapeManifest.read(folder);
                Tombstones tombstones = Tombstones.open(home.tapes());
                tombstones.add(tape.provider(), List.of(manifest.path()), now);
                if (!manifest.sourceId().equals(TapeLibrary.sourceId(manifest.path()))) {
                    // Its agent moves the file; the tape is named after the file's lasting name.
                    tombstones.addTape(tape.provider(), manifest.sourceId(), now);
                }
            }
            delete(folder);
        }
        JournalFiles journals = new JournalFiles(home.journals());
        Map<String, List<String>> ids = new LinkedHashMap<>();
        Stream.of("sessions", "parts")
                .flatMap(list -> named(request, list).stream())
                .forEach(session -> ids.computeIfAbsent(session.provider(), _ -> new ArrayList<>())
                        .add(session.id()));
        Tombstones sessions = Tombstones.open(home.tapes());
        for (Map.Entry<String, List<String>> each : ids.entrySet()) {
            sessions.addSession(each.getKey(), each.getValue(), now);
        }
        for (Named session : named(request, "sessions")) {
            journals.delete(new SessionKey(session.provider(), session.id()));
        }
        // The caches can be rebuilt, and contain first words. The folder stays: the daemon may write in it, but not
        // create it.
        if (Files.isDirectory(home.state())) {
            try (Stream<Path> caches = Files.list(home.state())) {
                for (Path each : caches.toList()) {
                    delete(each);
                }
            }
        }
        Files.deleteIfExists(home.statusFile());
        Files.deleteIfExists(requestFile());
    }

    private JsonObject read() throws IOException {
        try {
            if (JsonReader.parse(Files.readString(requestFile())) instanceof JsonObject request) {
                return request;
            }
            throw new IOException(requestFile() + ": not a list of what to forget; remove it");
        } catch (MalformedJsonException e) {
            throw new IOException(requestFile() + ": not a list of what to forget; remove it", e);
        }
    }

    /** A tape by its folder's name, or a session by its id. */
    private record Named(String provider, String id) {}

    private static List<Named> named(JsonObject request, String name) {
        List<Named> all = new ArrayList<>();
        for (JsonValue value : request.array(name)) {
            if (value instanceof JsonObject object
                    && !object.stringOr("provider", "").isEmpty()
                    && !object.stringOr("id", "").isEmpty()) {
                all.add(new Named(object.stringOr("provider", ""), object.stringOr("id", "")));
            }
        }
        return all;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(tree)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }
}

package dev.kept.archive;

import dev.kept.config.PrivateFiles;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.EventHeader;
import dev.kept.session.SessionSnapshotStatusMetadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cache of what was read of tapes: {@code state/sessions.jsonl}, a line per tape. An entry is valid only for the
 * version of Kept, the generation and the length that it was made for, so deleting the file, or keeping an old one,
 * costs nothing but time. Not thread-safe; of two processes that write it the last one wins.
 */
final class MetadataCache {
    private final Path file;
    private final String version;
    private final Map<String, Entry> entries = new HashMap<>();
    private boolean changed;

    /** An entry. Generation and length are those read completely; 0 where only the tape's place was determined. */
    private record Entry(
            int generation, long length, String branch, SessionSnapshotStatusMetadata metadata, Set<String> replaced) {}

    MetadataCache(Path file, String version) {
        this.file = file;
        this.version = version;
        try {
            read();
        } catch (IOException | DateTimeException | MalformedJsonException unusable) {
            entries.clear();
        }
    }

    private void read() throws IOException, MalformedJsonException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (JsonReader.parse(line) instanceof JsonObject entry
                        && entry.stringOr("version", "").equals(version)) {
                    entries.put(
                            entry.stringOr("tape", ""),
                            new Entry(
                                    Math.toIntExact(entry.longOr("generation", 0)),
                                    entry.longOr("length", -1),
                                    entry.stringOr("line", EventHeader.MAIN_LINE),
                                    StoredMetadata.fromJson(
                                            entry.object("metadata").orElse(JsonObject.EMPTY)),
                                    strings(entry.array("replaced"))));
                }
            }
        }
    }

    private static Set<String> strings(List<JsonValue> from) {
        Set<String> strings = new LinkedHashSet<>();
        for (JsonValue value : from) {
            if (value instanceof JsonText text) {
                strings.add(text.value());
            }
        }
        return strings;
    }

    /** Returns the ids of events that a later event of the tape replaces, as far as it was read. */
    Set<String> replaced(StoredTape tape) {
        Entry entry = entries.get(name(tape));
        return entry == null ? Set.of() : entry.replaced();
    }

    private static String name(StoredTape tape) {
        return tape.provider().name() + "/" + tape.manifest().sourceId();
    }

    /** Reports whether an entry was made with the tape's current session. */
    private static boolean isOf(StoredTape tape, Entry entry) {
        return tape.kind().continues().isEmpty()
                || !entry.metadata()
                        .key()
                        .sessionId()
                        .equals(tape.kind().sessionId().orElse(""));
    }

    Optional<SessionSnapshotStatusMetadata> get(StoredTape tape) {
        Entry entry = entries.get(name(tape));
        return entry != null
                        && isOf(tape, entry)
                        && entry.generation() == tape.manifest().newest().number()
                        && entry.length() == tape.length()
                ? Optional.of(entry.metadata())
                : Optional.empty();
    }

    /** Returns the place of a tape, as far as it was read; a tape that grows keeps its place. */
    Optional<SessionSets.Place> place(StoredTape tape) {
        return Optional.ofNullable(entries.get(name(tape)))
                .filter(entry -> isOf(tape, entry))
                .map(entry -> new SessionSets.Place(entry.metadata().key(), entry.branch()));
    }

    /** Stores what was found in a tape that was read completely. */
    void put(StoredTape tape, TapeScan.Found found) {
        put(tape, tape.manifest().newest().number(), tape.length(), found.branch(), found.metadata(), found.replaced());
    }

    /** Stores the place of a tape of which no more was read. */
    void put(StoredTape tape, SessionSets.Place place) {
        put(tape, 0, 0, place.branch(), StoredMetadata.nothing(place.session()), Set.of());
    }

    private void put(
            StoredTape tape,
            int generation,
            long length,
            String branch,
            SessionSnapshotStatusMetadata metadata,
            Set<String> replaced) {
        entries.put(name(tape), new Entry(generation, length, branch, metadata, replaced));
        changed = true;
    }

    /** Writes new entries for the next time. A failure costs nothing but the time to read again. */
    void save() {
        if (!changed) {
            return;
        }
        StringBuilder text = new StringBuilder();
        entries.forEach((name, entry) -> {
            Map<String, JsonValue> members = new LinkedHashMap<>();
            members.put("version", new JsonString(version));
            members.put("tape", new JsonString(name));
            members.put("generation", new JsonNumber(Integer.toString(entry.generation())));
            members.put("length", new JsonNumber(Long.toString(entry.length())));
            members.put("line", new JsonString(entry.branch()));
            members.put("metadata", StoredMetadata.toJson(entry.metadata()));
            if (!entry.replaced().isEmpty()) {
                members.put(
                        "replaced",
                        new JsonArray(entry.replaced().stream()
                                .<JsonValue>map(JsonString::new)
                                .toList()));
            }
            text.append(new JsonObject(members).toJson()).append('\n');
        });
        try {
            PrivateFiles.replace(file, text.toString());
            changed = false;
        } catch (IOException unwritable) {
            // The tapes are read again next time.
        }
    }
}

package dev.kept.archive;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.Snippet;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Operations on metadata of sessions that are not in memory: changes, merging, and JSON for the cache. Pure. */
final class StoredMetadata {
    private StoredMetadata() {}

    /** Returns the metadata of a tape without records. */
    static SessionSnapshotStatusMetadata nothing(SessionKey key) {
        Optional<Instant> never = Optional.empty();
        return new SessionSnapshotStatusMetadata(
                key, "", "", Origin.WORDS, "", "", "", "", "", never, never, never, 0, true, 0, 0, TokenUsage.NONE, 0);
    }

    /** Returns the metadata for another session key, without the figures of what is in memory. */
    static SessionSnapshotStatusMetadata named(SessionSnapshotStatusMetadata of, SessionKey key) {
        return with(of, key, of.workingDirectory(), of.fileModifiedAtMs(), of.sourcePresent());
    }

    /** Returns the metadata with a name from beside its file, unless it has one of the same or a better origin. */
    static SessionSnapshotStatusMetadata entitled(SessionSnapshotStatusMetadata of, SessionFact.Title name) {
        String title = Snippet.of(name.text());
        boolean known = !of.title().isEmpty() && of.titleOrigin().compareTo(name.origin()) <= 0;
        return title.isEmpty() || known
                ? of
                : with(
                        of,
                        of.key(),
                        title,
                        name.origin(),
                        of.workingDirectory(),
                        of.fileModifiedAtMs(),
                        of.sourcePresent());
    }

    /** Returns the metadata with the current state of the agent's file and of the notes beside it. */
    static SessionSnapshotStatusMetadata seen(SessionSnapshotStatusMetadata of, StoredTape tape) {
        String folder =
                of.workingDirectory().isEmpty() ? tape.workingDirectory().orElse("") : of.workingDirectory();
        return with(of, of.key(), folder, tape.sourceModifiedAtMs(), tape.sourcePresent());
    }

    /** Returns the metadata with that working directory. */
    static SessionSnapshotStatusMetadata in(SessionSnapshotStatusMetadata of, String folder) {
        return with(of, of.key(), folder, of.fileModifiedAtMs(), of.sourcePresent());
    }

    private static SessionSnapshotStatusMetadata with(
            SessionSnapshotStatusMetadata of, SessionKey key, String folder, long modifiedAtMs, boolean present) {
        return with(of, key, of.title(), of.titleOrigin(), folder, modifiedAtMs, present);
    }

    private static SessionSnapshotStatusMetadata with(
            SessionSnapshotStatusMetadata of,
            SessionKey key,
            String title,
            Origin origin,
            String folder,
            long modifiedAtMs,
            boolean present) {
        return new SessionSnapshotStatusMetadata(
                key,
                of.snippet(),
                title,
                origin,
                folder,
                of.gitBranch(),
                of.clientVersion(),
                of.model(),
                of.forkedFrom(),
                of.firstEventAt(),
                of.lastEventAt(),
                of.lastMessageAt(),
                modifiedAtMs,
                present,
                of.eventCount(),
                0,
                of.usage(),
                0);
    }

    /** Merges the metadata of a session's tapes, the main branch's first: where they differ, the first counts. */
    static SessionSnapshotStatusMetadata merged(List<SessionSnapshotStatusMetadata> parts) {
        SessionSnapshotStatusMetadata all = parts.getFirst();
        for (SessionSnapshotStatusMetadata next : parts.subList(1, parts.size())) {
            SessionSnapshotStatusMetadata snippet = all.snippet().isEmpty() ? next : all;
            SessionSnapshotStatusMetadata title = isEntitledBy(all, next) ? next : all;
            all = new SessionSnapshotStatusMetadata(
                    all.key(),
                    snippet.snippet(),
                    title.title(),
                    title.title().isEmpty() ? snippet.titleOrigin() : title.titleOrigin(),
                    first(all.workingDirectory(), next.workingDirectory()),
                    first(all.gitBranch(), next.gitBranch()),
                    first(all.clientVersion(), next.clientVersion()),
                    first(all.model(), next.model()),
                    first(all.forkedFrom(), next.forkedFrom()),
                    Stream.of(all.firstEventAt(), next.firstEventAt())
                            .flatMap(Optional::stream)
                            .min(Instant::compareTo),
                    later(all.lastEventAt(), next.lastEventAt()),
                    later(all.lastMessageAt(), next.lastMessageAt()),
                    all.fileModifiedAtMs(),
                    all.sourcePresent(),
                    all.eventCount() + next.eventCount(),
                    0,
                    all.usage().plus(next.usage()),
                    0);
        }
        return all;
    }

    /**
     * Reports whether the next title replaces the current one: the better origin wins, and of equal origins the later
     * title.
     */
    private static boolean isEntitledBy(SessionSnapshotStatusMetadata all, SessionSnapshotStatusMetadata next) {
        return !next.title().isEmpty()
                && (all.title().isEmpty() || next.titleOrigin().compareTo(all.titleOrigin()) <= 0);
    }

    private static String first(String a, String b) {
        return a.isEmpty() ? b : a;
    }

    private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
        return Stream.of(a, b).flatMap(Optional::stream).max(Instant::compareTo);
    }

    static JsonObject toJson(SessionSnapshotStatusMetadata of) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("provider", new JsonString(of.key().provider()));
        members.put("sessionId", new JsonString(of.key().sessionId()));
        put(members, "snippet", of.snippet());
        put(members, "title", of.title());
        put(members, "titleOrigin", of.titleOrigin().publicName());
        put(members, "workingDirectory", of.workingDirectory());
        put(members, "gitBranch", of.gitBranch());
        put(members, "clientVersion", of.clientVersion());
        put(members, "model", of.model());
        put(members, "forkedFrom", of.forkedFrom());
        of.firstEventAt().ifPresent(at -> put(members, "firstEventAt", at.toString()));
        of.lastEventAt().ifPresent(at -> put(members, "lastEventAt", at.toString()));
        of.lastMessageAt().ifPresent(at -> put(members, "lastMessageAt", at.toString()));
        members.put("eventCount", new JsonNumber(Long.toString(of.eventCount())));
        TokenUsage usage = of.usage();
        members.put("input", new JsonNumber(Long.toString(usage.input())));
        members.put("cacheCreation", new JsonNumber(Long.toString(usage.cacheCreation())));
        members.put("cacheRead", new JsonNumber(Long.toString(usage.cacheRead())));
        members.put("output", new JsonNumber(Long.toString(usage.output())));
        return new JsonObject(members);
    }

    private static void put(Map<String, JsonValue> members, String name, String value) {
        if (!value.isEmpty()) {
            members.put(name, new JsonString(value));
        }
    }

    /** Parses the output of {@link #toJson}; throws {@link java.time.DateTimeException} for anything else. */
    static SessionSnapshotStatusMetadata fromJson(JsonObject from) {
        return new SessionSnapshotStatusMetadata(
                new SessionKey(from.stringOr("provider", ""), from.stringOr("sessionId", "")),
                from.stringOr("snippet", ""),
                from.stringOr("title", ""),
                from.string("titleOrigin").flatMap(Origin::of).orElse(Origin.WORDS),
                from.stringOr("workingDirectory", ""),
                from.stringOr("gitBranch", ""),
                from.stringOr("clientVersion", ""),
                from.stringOr("model", ""),
                from.stringOr("forkedFrom", ""),
                from.string("firstEventAt").map(Instant::parse),
                from.string("lastEventAt").map(Instant::parse),
                from.string("lastMessageAt").map(Instant::parse),
                0,
                true,
                from.longOr("eventCount", 0),
                0,
                new TokenUsage(
                        from.longOr("input", 0),
                        from.longOr("cacheCreation", 0),
                        from.longOr("cacheRead", 0),
                        from.longOr("output", 0)),
                0);
    }
}

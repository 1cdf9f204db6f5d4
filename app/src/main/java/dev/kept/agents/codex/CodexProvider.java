package dev.kept.agents.codex;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.RootVariable;
import dev.kept.provider.SessionFact.Title;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Codex.
 *
 * <pre>
 * sessions/YYYY/MM/DD/rollout-&lt;local time&gt;-&lt;thread&gt;.jsonl           a thread
 *                     rollout-&lt;local time&gt;-&lt;thread&gt;_&lt;id&gt;.jsonl      the same thread, after a rewind
 *                     rollout-*.jsonl.zst                         a thread without new records for days
 * archived_sessions/rollout-*.jsonl[.zst]                         the same file, moved here by {@code codex archive}
 * session_index.jsonl                                             the names that people gave threads
 * </pre>
 *
 * A file keeps its name when it is archived, compressed, unpacked and brought back, so it stays the same source.
 */
public final class CodexProvider implements Provider {
    private static final String UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
    private static final Pattern THREAD = Pattern.compile("rollout-.*?(" + UUID + ")(?:_" + UUID + ")?");
    private static final String SESSIONS = "sessions";
    private static final String ARCHIVED = "archived_sessions";
    private static final Path NAMES = Path.of("session_index.jsonl");

    @Override
    public String name() {
        return "codex";
    }

    @Override
    public String displayName() {
        return "Codex";
    }

    @Override
    public List<Path> roots(Path home, Map<String, String> environment) {
        return List.of(RootVariable.directory(home, environment.getOrDefault("CODEX_HOME", ""))
                .orElseGet(() -> home.resolve(".codex")));
    }

    @Override
    public List<Path> sessionFolders() {
        return List.of(Path.of(SESSIONS), Path.of(ARCHIVED));
    }

    @Override
    public List<Path> nameLists() {
        return List.of(NAMES);
    }

    @Override
    public List<Path> nameNotes(Path relative) {
        return List.of(NAMES);
    }

    /** Reads the index of names, one JSON object per line; the last one of a thread counts. */
    @Override
    public Optional<Title> sessionName(Path relative, Path note, String text) {
        Optional<String> thread = stem(String.valueOf(relative.getFileName()))
                .map(THREAD::matcher)
                .filter(Matcher::matches)
                .map(name -> name.group(1));
        int at = thread.isEmpty() ? -1 : text.lastIndexOf("\"" + thread.get() + "\"");
        if (at < 0) {
            return Optional.empty();
        }
        int end = text.indexOf('\n', at);
        String line = text.substring(text.lastIndexOf('\n', at) + 1, end < 0 ? text.length() : end);
        try {
            return JsonReader.parse(line) instanceof JsonObject entry && thread.equals(entry.string("id"))
                    ? entry.string("thread_name")
                            .filter(name -> !name.isBlank())
                            .map(name -> new Title(name, true))
                    : Optional.empty();
        } catch (MalformedJsonException cutOff) {
            return Optional.empty();
        }
    }

    @Override
    public SourceKind recognize(Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        if (names.size() < 2
                || !(names.getFirst().equals(SESSIONS) || names.getFirst().equals(ARCHIVED))) {
            return beside(names.isEmpty() ? "" : names.getFirst());
        }
        Optional<String> stem = stem(names.getLast());
        if (stem.isEmpty()) {
            return names.getLast().startsWith("rollout-") && names.getLast().contains(".tmp")
                    ? new SourceKind.Beside("a thread that is being packed or unpacked")
                    : new SourceKind.Unknown();
        }
        Matcher thread = THREAD.matcher(stem.get());
        return new SourceKind.Session(
                thread.matches() ? Optional.of(thread.group(1)) : Optional.empty(), EventHeader.MAIN_LINE);
    }

    @Override
    public Optional<String> stableName(Path relative) {
        return stem(String.valueOf(relative.getFileName()));
    }

    @Override
    public boolean isRecord(JsonObject value) {
        boolean rollout = value.get("timestamp").isPresent()
                && value.get("type").isPresent()
                && value.get("payload").isPresent();
        return rollout || value.get("record_type").isPresent();
    }

    @Override
    public SessionParser parser(SourceKind.Session source) {
        return new CodexParser(source);
    }

    /** Returns the name of a rollout without its suffixes; empty for any other file. */
    private static Optional<String> stem(String file) {
        for (String suffix : List.of(".jsonl", ".jsonl.zst")) {
            if (file.startsWith("rollout-") && file.endsWith(suffix)) {
                return Optional.of(file.substring(0, file.length() - suffix.length()));
            }
        }
        return Optional.empty();
    }

    private static SourceKind beside(String name) {
        if (name.endsWith(".sqlite") || name.endsWith(".sqlite-wal") || name.endsWith(".sqlite-shm")) {
            return new SourceKind.Beside("an index of the threads, or the agent's own state");
        }
        return switch (name) {
            case "history.jsonl" -> new SourceKind.Beside("a list of prompts");
            case "session_index.jsonl" -> new SourceKind.Beside("a list of thread names");
            case "config.toml", "auth.json", "AGENTS.md", "rules", "prompts", "skills", "plugins", "version.json" ->
                new SourceKind.Beside("the agent's settings");
            case "log",
                    "logs",
                    "tmp",
                    ".tmp",
                    "cache",
                    "packages",
                    "memories",
                    "shell_snapshots",
                    "thread-writer-locks",
                    "installation_id",
                    "models_cache.json",
                    "internal_storage.json",
                    ".sandbox_migration" -> new SourceKind.Beside("the agent's own state");
            default -> new SourceKind.Unknown();
        };
    }
}

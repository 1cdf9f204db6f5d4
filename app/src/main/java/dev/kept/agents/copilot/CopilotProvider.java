package dev.kept.agents.copilot;

import dev.kept.json.JsonValue.JsonObject;
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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GitHub Copilot CLI.
 *
 * <pre>
 * session-state/&lt;session&gt;/events.jsonl       the conversation, with its subagents; an id, or a name
 *                        /workspace.yaml, … beside it
 *              /&lt;session&gt;.jsonl              the conversation, before 1.0
 * </pre>
 */
public final class CopilotProvider implements Provider {
    private static final String FOLDER = "session-state";
    private static final String CONVERSATION = "events.jsonl";
    private static final String WORKSPACE = "workspace.yaml";
    private static final Pattern FLAT =
            Pattern.compile("([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\\.jsonl");
    private static final Set<String> BESIDE = Set.of(
            "checkpoints",
            "files",
            "plan.md",
            "research",
            "rewind-file-snapshots",
            "rewind-snapshots",
            "session.db",
            "session.db-shm",
            "session.db-wal",
            "vscode.metadata.json",
            "workspace.yaml");

    private static final Set<String> BESIDE_SESSIONS = Set.of("command-history-state.json", "session-store.db");

    @Override
    public String name() {
        return "copilot";
    }

    @Override
    public String displayName() {
        return "Copilot";
    }

    @Override
    public List<Path> roots(Path home, Map<String, String> environment) {
        return List.of(RootVariable.directory(home, environment.getOrDefault("COPILOT_HOME", ""))
                .orElseGet(() -> home.resolve(".copilot")));
    }

    @Override
    public List<Path> sessionFolders() {
        return List.of(Path.of(FOLDER));
    }

    @Override
    public boolean isRecord(JsonObject value) {
        return value.get("type").isPresent()
                && value.get("data").isPresent()
                && value.get("id").isPresent()
                && value.get("timestamp").isPresent();
    }

    @Override
    public SessionParser parser(SourceKind.Session source) {
        return new CopilotParser(source);
    }

    @Override
    public List<Path> nameNotes(Path relative) {
        return relative.getNameCount() == 3 ? List.of(relative.resolveSibling(WORKSPACE)) : List.of();
    }

    @Override
    public Optional<Path> namedBy(Path note) {
        return note.endsWith(WORKSPACE) && note.getNameCount() == 3
                ? Optional.of(note.resolveSibling(CONVERSATION))
                : Optional.empty();
    }

    @Override
    public Optional<Title> sessionName(Path relative, Path note, String text) {
        return CopilotWorkspace.title(text);
    }

    @Override
    public SourceKind recognize(Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        if (names.size() < 2 || !names.getFirst().equals(FOLDER)) {
            return BESIDE_SESSIONS.contains(names.isEmpty() ? "" : names.getFirst())
                    ? new SourceKind.Beside("the agent's own state")
                    : new SourceKind.Unknown();
        }
        String file = names.getLast();
        if (file.endsWith(".lock")) {
            return new SourceKind.Beside("says that a session is in use");
        }
        String session = names.get(1);
        Matcher flat = FLAT.matcher(session);
        if (names.size() == 2 && flat.matches()) {
            return new SourceKind.Session(Optional.of(flat.group(1)), EventHeader.MAIN_LINE);
        }
        // Programs that run Copilot name their sessions as they like.
        if (names.size() == 3 && file.equals(CONVERSATION) && !session.startsWith(".")) {
            return new SourceKind.Session(Optional.of(session), EventHeader.MAIN_LINE);
        }
        return names.size() > 2 && BESIDE.contains(names.get(2))
                ? new SourceKind.Beside("the agent's own state")
                : new SourceKind.Unknown();
    }
}

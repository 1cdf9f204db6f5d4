package dev.kept.provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of the places where coding agents are known to keep conversations. Each row is one store, whether or not this
 * version reads it. A store is looked up by its path alone: no file is opened and no directory listed.
 *
 * <p>Stores that an agent keeps inside each project, as Aider and Crush do, have no known path and are not in the
 * table.
 */
public final class AgentStores {
    private static final String DATA = "XDG_DATA_HOME";
    private static final String SHARE = ".local/share";
    private static final String CONFIG = "XDG_CONFIG_HOME";
    private static final String DOT_CONFIG = ".config";
    private static final String MAC = "Library/Application Support";
    private static final String EXTENSIONS = "User/globalStorage/";

    private static final String JSONL = "JSON lines";
    private static final String JSON = "JSON documents";
    private static final String SQLITE = "SQLite";

    /**
     * The known stores.
     *
     * <p>The column {@code source} begins with {@code driven} for a store that was observed in a home directory of that
     * version, {@code reader} for the path at which open-source programs that read the store look, and {@code
     * documented} for the agent's own documentation or source code.
     */
    public static final List<Store> ALL = List.of(
            // Agents that this version reads, at their default places.
            read("Claude Code", "claude", ".claude/projects", JSONL, "driven: 2.1.332"),
            read("Claude Code", "claude", ".config/claude/projects", JSONL, "reader: ccusage, agentsview"),
            read("Codex", "codex", ".codex/sessions", JSONL, "driven: 0.171.0; codex-rs, recorder.rs"),
            read("Codex", "codex", ".codex/archived_sessions", JSONL, "driven: 0.169.0; codex-rs, recorder.rs"),
            read("Gemini CLI", "gemini", ".gemini/tmp", JSONL, "driven: 0.61.0; gemini-cli, storage.ts"),
            read("GitHub Copilot CLI", "copilot", ".copilot/session-state", JSONL, "driven: 1.0.102"),
            // Agents that this version does not read.
            other("Claude Desktop", "", MAC, "Claude/local-agent-mode-sessions", JSONL, "reader: agentsview"),
            other("Qwen Code", "", ".qwen", "projects", JSONL, "driven: 0.24.4"),
            other("Pi", "PI_CODING_AGENT_DIR", ".pi/agent", "sessions", JSONL, "driven: 0.73.1, 1.6.0"),
            other("Pi", "PI_CODING_AGENT_SESSION_DIR", "", "", JSONL, "reader: deja"),
            other("OpenCode", DATA, SHARE, "opencode/opencode.db", SQLITE, "driven: 1.18.33"),
            other("OpenCode", DATA, SHARE, "opencode/storage", JSON, "reader: agentsview"),
            other("OpenCode", "OPENCODE_DB", "", "", SQLITE, "reader: agentsview"),
            other("Kilo Code", DATA, SHARE, "kilo/kilo.db", SQLITE, "driven: 7.7.9"),
            other("Kilo Code", CONFIG, DOT_CONFIG, code("kilocode.kilo-code"), JSON, "reader: agentsview"),
            other("Kilo Code", "", MAC, code("kilocode.kilo-code"), JSON, "reader: agentsview"),
            other("Cline", "CLINE_DIR", ".cline", "data/sessions", JSON, "driven: 3.0.65"),
            other("Cline", "CLINE_DATA_DIR", "", "sessions", JSON, "reader: codeburn"),
            other("Cline", "CLINE_SESSION_DATA_DIR", "", "", JSON, "reader: codeburn"),
            other("Cline", CONFIG, DOT_CONFIG, code("saoudrizwan.claude-dev"), JSON, "reader: agentsview"),
            other("Cline", "", MAC, code("saoudrizwan.claude-dev"), JSON, "reader: agentsview"),
            other("Roo Code", CONFIG, DOT_CONFIG, code("rooveterinaryinc.roo-cline"), JSON, "reader: agentsview"),
            other("Roo Code", "", MAC, code("rooveterinaryinc.roo-cline"), JSON, "reader: agentsview"),
            other("Cursor CLI", "", ".cursor", "projects", JSONL, "reader: agentsview"),
            other("Cursor CLI", "", ".cursor", "chats", SQLITE, "reader: deja"),
            other("Cursor", CONFIG, DOT_CONFIG, "Cursor/" + EXTENSIONS + "state.vscdb", SQLITE, "reader: deja"),
            other("Cursor", "", MAC, "Cursor/" + EXTENSIONS + "state.vscdb", SQLITE, "reader: deja"),
            other("Windsurf", CONFIG, DOT_CONFIG, "Windsurf/" + EXTENSIONS + "state.vscdb", SQLITE, "reader: codeburn"),
            other("Windsurf", "", MAC, "Windsurf/" + EXTENSIONS + "state.vscdb", SQLITE, "reader: codeburn"),
            other(
                    "VS Code Copilot Chat",
                    CONFIG,
                    DOT_CONFIG,
                    "Code/" + EXTENSIONS + "emptyWindowChatSessions",
                    JSONL,
                    "documented: vscode, chatSessionStore.ts"),
            other(
                    "VS Code Copilot Chat",
                    "",
                    MAC,
                    "Code/" + EXTENSIONS + "emptyWindowChatSessions",
                    JSONL,
                    "documented: vscode, chatSessionStore.ts"),
            other("Kimi Code", "KIMI_CODE_HOME", ".kimi-code", "sessions", JSONL, "driven: 2.1.0"),
            other("Kimi Code", "", ".kimi", "sessions", JSONL, "reader: agentsview"),
            other("Goose", DATA, SHARE, "goose/sessions", SQLITE, "reader: agentsview, deja"),
            other("Grok Build", "", ".grok", "sessions", JSONL, "reader: agentsview"),
            other("Antigravity", "", ".gemini/antigravity", "brain", JSONL, "reader: agentsview"),
            other("Antigravity", "", ".gemini/antigravity-cli", "brain", JSONL, "reader: deja"),
            other("Zed", DATA, SHARE, "zed/threads/threads.db", SQLITE, "reader: deja"),
            other("Zed", "", MAC, "Zed/threads/threads.db", SQLITE, "reader: deja"),
            other("Amp", DATA, SHARE, "amp/threads", JSON, "reader: agentsview"),
            other("Auggie", "", ".augment", "sessions", JSON, "reader: agentsview"),
            other("Factory Droid", "", ".factory", "sessions", JSONL, "reader: agentsview, codeburn"),
            other("iFlow", "", ".iflow", "projects", JSONL, "seen: a session file of 1.0.0"));

    private AgentStores() {}

    /**
     * A place where an agent keeps conversations.
     *
     * @param agent the agent's display name
     * @param reader the name of the provider that reads the store; empty if this version has none
     * @param variable the environment variable that gives {@code base}; empty if there is none
     * @param base the default base, relative to the home directory; empty if there is no default
     * @param path the path relative to the base; empty if the base is the store
     * @param what the kind of data in the store
     * @param source the evidence for this row
     */
    public record Store(
            String agent,
            Optional<String> reader,
            String variable,
            String base,
            String path,
            String what,
            String source) {
        /** Returns the path of the store; empty if the environment gives none. */
        Optional<Path> place(Path home, Map<String, String> environment) {
            Optional<Path> configured = RootVariable.directory(home, environment.getOrDefault(variable, ""));
            Optional<Path> root =
                    base.isEmpty() ? configured : Optional.of(configured.orElseGet(() -> home.resolve(base)));
            return root.map(directory -> path.isEmpty() ? directory : directory.resolve(path));
        }
    }

    /** A store that exists. */
    public record Present(Store store, Path place) {}

    private static Store read(String agent, String reader, String path, String what, String source) {
        return new Store(agent, Optional.of(reader), "", path, "", what, source);
    }

    private static Store other(String agent, String variable, String base, String path, String what, String source) {
        return new Store(agent, Optional.empty(), variable, base, path, what, source);
    }

    /** Returns the tasks folder of a Visual Studio Code extension, relative to the user's configuration directory. */
    private static String code(String extension) {
        return "Code/" + EXTENSIONS + extension + "/tasks";
    }

    /** Returns the stores that exist, in the order of the table. */
    public static List<Present> present(Path home, Map<String, String> environment) {
        List<Present> present = new ArrayList<>();
        for (Store store : ALL) {
            store.place(home, environment)
                    .filter(Files::exists)
                    .filter(place ->
                            present.stream().noneMatch(each -> each.place().equals(place)))
                    .ifPresent(place -> present.add(new Present(store, place)));
        }
        return present;
    }

    /** Returns the display name of the agent that a provider reads. */
    public static String agent(Provider provider) {
        return ALL.stream()
                .filter(store -> store.reader().filter(provider.name()::equals).isPresent())
                .map(Store::agent)
                .findFirst()
                .orElseGet(provider::displayName);
    }
}

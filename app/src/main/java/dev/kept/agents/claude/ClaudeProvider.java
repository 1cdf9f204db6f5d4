package dev.kept.agents.claude;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.EventHeader;
import dev.kept.provider.HandoverMarks;
import dev.kept.provider.Provider;
import dev.kept.provider.RootVariable;
import dev.kept.provider.SessionFact.Title;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.support.AgentSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Claude Code.
 *
 * <pre>
 * projects/&lt;folder of work&gt;/&lt;session&gt;.jsonl                              the conversation
 *                          /agent-&lt;id&gt;.jsonl                             a subagent, 2.0
 *                          /&lt;session&gt;/subagents/agent-&lt;id&gt;.jsonl          a subagent, later
 *                                    /subagents/agent-aside_question-*   a side question after a copied conversation
 *                                    /subagents/agent-acompact-*         a copy of the conversation, for compaction
 *                                    /subagents/workflows/wf_*&#47;agent-*   a workflow's subagents
 *                                    /subagents/workflows/wf_*&#47;journal.jsonl  their starts and results
 *                                    /custom-title.json                  the name that a person gave the session
 *                                    /tool-results/*                     outputs too large for the conversation
 * </pre>
 */
public final class ClaudeProvider implements Provider {
    /** The beginning of the branch name of a side question. */
    static final String SIDE_QUESTION = "aside_question";

    private static final Pattern SESSION =
            Pattern.compile("([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\\.jsonl");
    private static final Pattern AGENT = Pattern.compile("agent-(.+)\\.jsonl");
    private static final String JSONL = ".jsonl";
    private static final String TITLE = "custom-title.json";

    /** The default of Claude's setting {@code cleanupPeriodDays}. */
    private static final String CLEANUP = "cleanupPeriodDays";

    private static final long USUAL_CLEANUP_DAYS = 30;

    @Override
    public String name() {
        return "claude";
    }

    @Override
    public String displayName() {
        return "Claude";
    }

    @Override
    public List<Path> roots(Path home, Map<String, String> environment) {
        List<Path> configured = RootVariable.directories(home, environment.getOrDefault("CLAUDE_CONFIG_DIR", ""));
        return configured.isEmpty()
                ? List.of(home.resolve(".claude"), home.resolve(".config").resolve("claude"))
                : configured;
    }

    @Override
    public List<Path> sessionFolders() {
        return List.of(Path.of("projects"));
    }

    @Override
    public SourceKind recognize(Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        if (names.size() < 3 || !names.getFirst().equals("projects")) {
            return besideProjects(names);
        }
        String file = names.getLast();
        if (names.contains("memory")) {
            return new SourceKind.Beside("the agent's memory");
        }
        if (names.contains("tool-results")) {
            return toolOutput(names);
        }
        if (names.size() >= 5 && names.get(3).equals("workflows")) {
            return new SourceKind.Beside("how a workflow ran; its journal and its subagents have files of their own");
        }
        if (file.endsWith(".meta.json")) {
            return new SourceKind.Beside("a subagent's description");
        }
        if (file.equals("sessions-index.json")) {
            return new SourceKind.Beside("an index of the sessions");
        }
        if (file.equals(TITLE) && names.size() == 4) {
            return new SourceKind.Beside("a title that a person gave");
        }
        if (names.size() == 3) {
            return inProject(file);
        }
        return names.size() >= 5 && names.get(3).equals("subagents")
                ? subagent(names.get(2), names)
                : new SourceKind.Unknown();
    }

    @Override
    public List<Path> nameNotes(Path relative) {
        String file = String.valueOf(relative.getFileName());
        return relative.getNameCount() == 3 && file.endsWith(JSONL)
                ? List.of(relative.resolveSibling(file.substring(0, file.length() - JSONL.length()))
                        .resolve(TITLE))
                : List.of();
    }

    @Override
    public Optional<Path> namedBy(Path note) {
        Path session = note.getParent();
        return session != null && note.getNameCount() == 4 && note.endsWith(TITLE)
                ? Optional.of(session.resolveSibling(session.getFileName() + JSONL))
                : Optional.empty();
    }

    @Override
    public Optional<Title> sessionName(Path relative, Path note, String text) {
        try {
            return JsonReader.parse(text) instanceof JsonObject named
                    ? named.string("customTitle")
                            .filter(title -> !title.isBlank())
                            .map(title -> new Title(title, true))
                    : Optional.empty();
        } catch (MalformedJsonException beingWritten) {
            return Optional.empty();
        }
    }

    /** Returns the shorter of the times in both settings files; empty if neither has a finite one. */
    @Override
    public Optional<Duration> purgesAfter(Path root) {
        Optional<Duration> own = cleanupPeriod(AgentSettings.read(root.resolve("settings.json")));
        // Applies to sessions that are started in the folder of the settings.
        Optional<JsonObject> local = AgentSettings.read(root.resolve("settings.local.json"))
                .filter(settings -> settings.get(CLEANUP).isPresent());
        return local.isEmpty()
                ? own
                : Stream.of(own, cleanupPeriod(local)).flatMap(Optional::stream).min(Comparator.naturalOrder());
    }

    private static Optional<Duration> cleanupPeriod(Optional<JsonObject> settings) {
        return AgentSettings.days(settings.orElse(JsonObject.EMPTY), CLEANUP, USUAL_CLEANUP_DAYS);
    }

    @Override
    public boolean isRecord(JsonObject value) {
        return value.get("type").isPresent()
                && (value.get("sessionId").isPresent()
                        || value.get("leafUuid").isPresent()
                        || value.get("snapshot").isPresent());
    }

    @Override
    public SessionParser parser(SourceKind.Session source) {
        return new ClaudeParser(source);
    }

    @Override
    public Optional<HandoverMarks> handovers() {
        return Optional.of(new ClaudeHandovers());
    }

    private static SourceKind besideProjects(List<String> names) {
        return switch (names.isEmpty() ? "" : names.getFirst()) {
            case "history.jsonl" -> new SourceKind.Beside("a list of prompts");
            case "file-history" -> new SourceKind.Beside("backups of edited files");
            case "todos", "tasks", "plans" -> new SourceKind.Beside("lists and plans that the conversation tells of");
            case "settings.json", "settings.local.json", "stats-cache.json", ".credentials.json" ->
                new SourceKind.Beside("the agent's settings");
            case "sessions",
                    "session-env",
                    "shell-snapshots",
                    "statsig",
                    "telemetry",
                    "debug",
                    "cache",
                    "ide",
                    "plugins" -> new SourceKind.Beside("the agent's own state");
            default -> new SourceKind.Unknown();
        };
    }

    private static SourceKind inProject(String file) {
        Matcher session = SESSION.matcher(file);
        if (session.matches()) {
            return new SourceKind.Session(Optional.of(session.group(1)), EventHeader.MAIN_LINE);
        }
        Matcher agent = AGENT.matcher(file);
        if (agent.matches()) {
            return agentOf(Optional.empty(), agent.group(1));
        }
        return file.endsWith(JSONL)
                ? new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE)
                : new SourceKind.Unknown();
    }

    /**
     * Returns the kind of a tool's large output: one text file in the folder of its session, or of its session's
     * subagents.
     */
    private static SourceKind toolOutput(List<String> names) {
        return names.get(names.size() - 2).equals("tool-results") && names.size() >= 5
                ? new SourceKind.Session(Optional.of(names.get(2)), "tool-results", SourceKind.Layout.OPAQUE)
                : new SourceKind.Unknown();
    }

    private static SourceKind subagent(String session, List<String> names) {
        String file = names.getLast();
        Matcher agent = AGENT.matcher(file);
        if (agent.matches()) {
            return agentOf(Optional.of(session), agent.group(1));
        }
        return file.equals("journal.jsonl")
                ? new SourceKind.Session(Optional.of(session), names.get(names.size() - 2))
                : new SourceKind.Unknown();
    }

    private static SourceKind agentOf(Optional<String> session, String agent) {
        return agent.startsWith("acompact")
                ? new SourceKind.Beside("a copy of the conversation, made to compact it")
                : new SourceKind.Session(session, agent);
    }
}

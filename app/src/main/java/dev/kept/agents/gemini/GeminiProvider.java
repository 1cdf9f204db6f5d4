package dev.kept.agents.gemini;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.RootVariable;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.support.AgentSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gemini CLI.
 *
 * <pre>
 * projects.json, trustedFolders.json               which folder of work has which project, and which there are
 * tmp/&lt;project&gt;/.project_root                      the folder of work
 *              /chats/session-&lt;minute&gt;-&lt;id&gt;.json   the conversation, before 0.39
 *                    /session-&lt;minute&gt;-&lt;id&gt;.jsonl  the conversation
 *                    /&lt;session&gt;/&lt;id&gt;.jsonl          a subagent
 *              /logs.json, checkpoints/, …         beside it
 * </pre>
 *
 * A project is a short name, or, before 0.2x, the SHA-256 of the folder's path. The file's name has the first eight
 * characters of the session's id; those of servers all begin alike, so one file may hold several sessions.
 */
public final class GeminiProvider implements Provider {
    private static final String USUAL_AGE = "30d";
    private static final Pattern PERIOD = Pattern.compile("([1-9]\\d{0,5})([hdwm])");
    private static final Path TMP = Path.of("tmp");
    private static final Path PROJECTS = Path.of("projects.json");
    private static final Path TRUSTED = Path.of("trustedFolders.json");
    private static final String PROJECT_ROOT = ".project_root";
    private static final String CHATS = "chats";
    private static final Set<String> BESIDE = Set.of(
            PROJECT_ROOT,
            "background-processes",
            "bin",
            "checkpoints",
            "images",
            "logs",
            "memory",
            "otel",
            "plans",
            "shell_history",
            "skills",
            "tasks",
            "tool-outputs",
            "tool_output",
            "tracker");

    @Override
    public String name() {
        return "gemini";
    }

    @Override
    public String displayName() {
        return "Gemini";
    }

    @Override
    public List<Path> roots(Path home, Map<String, String> environment) {
        return List.of(RootVariable.directory(home, environment.getOrDefault("GEMINI_CLI_HOME", ""))
                .orElse(home)
                .resolve(".gemini"));
    }

    @Override
    public List<Path> sessionFolders() {
        return List.of(TMP);
    }

    /**
     * Returns the retention time: 30 days without a setting; empty if deletion is off, or if Gemini does not accept the
     * setting.
     */
    @Override
    public Optional<Duration> purgesAfter(Path root) {
        JsonObject retention = AgentSettings.read(root.resolve("settings.json"))
                .flatMap(settings -> settings.object("general"))
                .flatMap(general -> general.object("sessionRetention"))
                .orElse(JsonObject.EMPTY);
        if (retention.members().containsKey("enabled") && !retention.isTrue("enabled")) {
            return Optional.empty();
        }
        String age = retention.stringOr("maxAge", USUAL_AGE);
        Matcher period = PERIOD.matcher(age);
        return period.matches()
                ? AgentSettings.bounded(length(period.group(2)).multipliedBy(Long.parseLong(period.group(1))))
                : Optional.empty();
    }

    private static Duration length(String unit) {
        return switch (unit) {
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            case "w" -> Duration.ofDays(7);
            default -> Duration.ofDays(30);
        };
    }

    @Override
    public boolean isRecord(JsonObject value) {
        boolean message = value.get("id").isPresent()
                && value.get("timestamp").isPresent()
                && value.get("type").isPresent();
        boolean header =
                value.get("sessionId").isPresent() && value.get("projectHash").isPresent();
        return message
                || header
                || value.get("$set").isPresent()
                || value.get("$rewindTo").isPresent();
    }

    @Override
    public SessionParser parser(SourceKind.Session source) {
        return new GeminiParser(source);
    }

    @Override
    public SourceKind recognize(Path relative) {
        List<String> names = new ArrayList<>();
        relative.forEach(name -> names.add(name.toString()));
        if (names.size() < 3 || !names.getFirst().equals("tmp")) {
            return besideProjects(names);
        }
        String file = names.getLast();
        if (names.get(1).equals("bin")) {
            return new SourceKind.Beside("the agent's own programs");
        }
        if (!names.get(2).equals(CHATS)) {
            return besideChats(names.get(2));
        }
        if (file.contains(".unreadable-")) {
            return new SourceKind.Beside("set aside by the agent, which could not read it");
        }
        if (file.endsWith(".tmp")) {
            return new SourceKind.Beside("on its way to a file's place");
        }
        if (names.size() == 4) {
            return session(Optional.empty(), EventHeader.MAIN_LINE, file);
        }
        return names.size() == 5 ? session(Optional.of(names.get(3)), stem(file), file) : new SourceKind.Unknown();
    }

    private static SourceKind session(Optional<String> session, String line, String file) {
        if (file.endsWith(".jsonl")) {
            return new SourceKind.Session(session, line);
        }
        return file.endsWith(".json")
                ? new SourceKind.Session(session, line, SourceKind.Layout.DOCUMENT)
                : new SourceKind.Unknown();
    }

    private static String stem(String file) {
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    private static SourceKind besideChats(String name) {
        if (BESIDE.contains(name)) {
            return new SourceKind.Beside("the agent's own state");
        }
        if (name.startsWith("logs.json")) {
            return new SourceKind.Beside("typed prompts that the conversation tells of");
        }
        return name.startsWith("checkpoint")
                ? new SourceKind.Beside("a copy of the conversation, made to go back to")
                : new SourceKind.Unknown();
    }

    private static SourceKind besideProjects(List<String> names) {
        return switch (names.getFirst()) {
            case "tmp" -> new SourceKind.Beside("the agent's own state");
            case "projects.json", "history" -> new SourceKind.Beside("which folder of work has which project");
            case "settings.json",
                    "trustedFolders.json",
                    "state.json",
                    "installation_id",
                    "google_accounts.json",
                    "oauth_creds.json",
                    "extensions",
                    "commands",
                    "skills",
                    "policies" -> new SourceKind.Beside("the agent's settings");
            default -> new SourceKind.Unknown();
        };
    }

    @Override
    public List<Path> nameLists() {
        return List.of(PROJECTS, TRUSTED);
    }

    @Override
    public List<Path> notes(Path relative) {
        return isInProject(relative)
                ? List.of(relative.subpath(0, 2).resolve(PROJECT_ROOT), PROJECTS, TRUSTED)
                : List.of();
    }

    private static boolean isInProject(Path relative) {
        return relative.getNameCount() > 2 && relative.startsWith(TMP);
    }

    @Override
    public boolean isDerivedFrom(Path relative, String folder) {
        return isInProject(relative) && ProjectFolder.digest(folder).equals(project(relative));
    }

    private static String project(Path relative) {
        return relative.getName(1).toString();
    }

    @Override
    public Optional<String> workingDirectory(Path relative, Path note, String text) {
        if (note.endsWith(PROJECT_ROOT)) {
            return Optional.of(text.strip()).filter(path -> !path.isEmpty());
        }
        try {
            if (JsonReader.parse(text) instanceof JsonObject file) {
                return note.equals(PROJECTS)
                        ? listed(relative, file.object("projects").orElse(JsonObject.EMPTY))
                        : made(relative, file);
            }
        } catch (MalformedJsonException halfWritten) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private Optional<String> listed(Path relative, JsonObject projects) {
        return projects.members().keySet().stream()
                .filter(path -> projects.stringOr(path, "").equals(project(relative)))
                .findFirst()
                .or(() -> made(relative, projects));
    }

    /** Returns the folder, among the keys of an object, from which the project's name was made. */
    private Optional<String> made(Path relative, JsonObject byFolder) {
        return byFolder.members().keySet().stream()
                .filter(folder -> isDerivedFrom(relative, folder))
                .findFirst();
    }
}

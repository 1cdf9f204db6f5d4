package dev.kept.config;

import dev.kept.config.KeptConfig.ProviderSettings;
import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.RemoteImages;
import dev.kept.config.RecordingSettings.Subagents;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The list of all settings: key, default, bounds, and explanation for people. */
final class Settings {
    /** The least memory limit: below it the Java runtime itself would not fit. */
    static final int SMALLEST_MEMORY_MB = 96;

    static final Setting<Integer> DAEMON_MAX_MEMORY_MB = new Setting<>(
            "daemonMaxMemoryMb",
            128,
            "128",
            "The most memory the daemon may use, in MiB: the whole process as the operating system sees it.\n"
                    + "The smallest is " + SMALLEST_MEMORY_MB + ".",
            node -> node.wholeNumber(
                    SMALLEST_MEMORY_MB, 1024 * 1024, "below the " + SMALLEST_MEMORY_MB + " MiB that the daemon needs"));

    static final Setting<List<Path>> ALLOWED_WRITE_ROOTS = new Setting<>(
            "allowedWriteRoots",
            List.of(),
            "[]",
            "Directories that recordings may be written to, beside the recordings directory that Kept always has.\n"
                    + "`kept allow DIR` and `kept disallow DIR` edit this list for you.",
            node -> node.directories("create it, or run: kept disallow DIR"));

    static final Setting<SandboxMode> SANDBOX = new Setting<>(
            "sandbox",
            SandboxMode.AUTO,
            "auto",
            "Whether the operating system confines the daemon: auto (where it can), required (or do not start), off.",
            node -> node.choice(SandboxMode.class));

    static final Setting<Integer> MAX_SESSIONS = new Setting<>(
            "maxSessions",
            10_000,
            "10000",
            "How many sessions are held in memory with their events. All of them stay on disk.",
            node -> node.wholeNumber(1, 10_000_000, "and at least one session must fit"));

    static final Setting<Integer> MAX_EVENTS_PER_SESSION = new Setting<>(
            "maxEventsPerSession",
            100_000,
            "100000",
            "How many events of one session are held in memory; of a longer one, the latest. All stay on disk.",
            node -> node.wholeNumber(1, 100_000_000, "and at least one event must fit"));

    static final Setting<Boolean> HEADLESS = new Setting<>(
            "commands.headless",
            false,
            "false",
            "Whether ::commands are obeyed in prompts that a script may have fed (claude -p, codex exec).",
            ConfigNode::flag);

    /**
     * The settings in the file for one provider.
     *
     * @param recordings its own values of the settings whose keys begin with {@link #RECORDINGS}
     */
    record ReadProvider(ProviderSettings settings, Map<Setting<?>, Object> recordings) {
        ReadProvider {
            recordings = Map.copyOf(recordings);
        }
    }

    /** The key of an agent's directories that links may lead into. */
    static final String FOLLOW = "follow";

    static final Setting<Map<String, ReadProvider>> PROVIDERS =
            new Setting<>("providers", Map.of(), "{}", """
            Agents, by name. All that Kept knows are followed, where they usually keep their files. Links among their
            session files are followed into the directories of `follow`; `kept follow DIR` and `kept unfollow DIR` edit
            these lists for you. For example:
              claude:
                enabled: false
                roots: [~/elsewhere/claude]
                follow: [~/dotfiles/claude]
                recordings: {thinking: folded}""", Settings::readProviders);

    /** The prefix of every setting that a provider can override. */
    static final String RECORDINGS = "recordings.";

    static final Setting<Thinking> THINKING = new Setting<>(
            RECORDINGS + "thinking",
            Thinking.NONE,
            "none",
            "What recordings look like; an agent's own go below providers.NAME.recordings. See docs/recordings.md.\n"
                    + "What the agent thought before it answered: full, folded or none.",
            node -> node.choice(Thinking.class));

    static final Setting<Tools> TOOL_CALLS = new Setting<>(
            RECORDINGS + "toolCalls",
            Tools.FOLDED,
            "folded",
            "Calls of tools and their results: full, folded, names (a line each, errors whole) or none.",
            node -> node.choice(Tools.class));

    static final Setting<Boolean> SYSTEM_EVENTS = new Setting<>(
            RECORDINGS + "systemEvents",
            false,
            "false",
            "Whether recordings show what the agent's program put into the conversation: reminders, summaries, hooks.",
            ConfigNode::flag);

    static final Setting<Subagents> SUBAGENTS = new Setting<>(
            RECORDINGS + "subagents",
            Subagents.FOLD,
            "fold",
            "The work of subagents: fold (below the call that started it), inline or omit.",
            node -> node.choice(Subagents.class));

    static final Setting<Images> IMAGES = new Setting<>(
            RECORDINGS + "images",
            Images.COPY,
            "copy",
            "Images and documents: copy (a file beside the note), link (a line that says where it is kept) or none.",
            node -> node.choice(Images.class));

    static final Setting<RemoteImages> REMOTE_IMAGES = new Setting<>(
            RECORDINGS + "remoteImages",
            RemoteImages.LINK,
            "link",
            "Images that a message names by an address: link, or keep (whoever opens the note fetches them).",
            node -> node.choice(RemoteImages.class));

    static final Setting<String> USER_NAME =
            new Setting<>(RECORDINGS + "userName", "You", "You", "The name over what you said.", node -> node.text(80));

    static final Setting<ZoneId> TIME_ZONE = new Setting<>(
            RECORDINGS + "timeZone",
            ZoneId.systemDefault(),
            "system",
            "The zone of the times in recordings: system, or a name such as Europe/Berlin.",
            Settings::readZone);

    static final Setting<FileNameTemplate> FILE_NAME = new Setting<>(
            RECORDINGS + "fileName",
            FileNameTemplate.STANDARD,
            "\"" + FileNameTemplate.STANDARD.text() + "\"",
            "The name of a file when a command names none. Placeholders: {date} {time} {slug} {id} {provider} {project}.",
            Settings::readFileName);

    static final Setting<Optional<Path>> DIRECTORY = new Setting<>(
            RECORDINGS + "directory",
            Optional.empty(),
            "usual",
            "Where such a file goes: usual (KEPT_HOME/recordings), or a directory inside allowedWriteRoots.",
            node -> node.isText("usual") ? Optional.empty() : Optional.of(node.directory()));

    static final Setting<Integer> TOOL_RESULT_MAX_CHARS = new Setting<>(
            RECORDINGS + "toolResultMaxChars",
            8_000,
            "8000",
            "Longer inputs and results of tools are shortened in recordings; the full text is in a file beside the note.",
            node -> node.wholeNumber(200, 1_000_000, "too little to recognize a result by"));

    static final Setting<List<String>> KEEP_SECRETS_IN = new Setting<>(
            RECORDINGS + "keepSecretsIn",
            List.of(),
            "[]",
            "Recordings show [secret:…] in the place of known forms of secrets, but for the files that match one of these\n"
                    + "patterns, e.g. [~/private/**]. See docs/secrets.md.",
            ConfigNode::globs);

    static final Setting<FsyncPolicy> FSYNC = new Setting<>(
            "tape.fsync",
            FsyncPolicy.GROUP,
            "group",
            "When the copies are forced to disk: group (what arrived together, at once),\n"
                    + "never (a loss of power may lose the last seconds; a crash of Kept loses nothing).",
            node -> node.choice(FsyncPolicy.class));

    static final Setting<Boolean> ALLOW_NETWORK_DISK = new Setting<>(
            "tape.allowNetworkDisk",
            false,
            "false",
            "Whether KEPT_HOME may lie on a network file system. Only if no other machine runs Kept there; a loss of power\n"
                    + "may then cost more than the last moment.",
            ConfigNode::flag);

    /** In the order of the default file. */
    static final List<Setting<?>> ALL = List.of(
            ALLOWED_WRITE_ROOTS,
            DAEMON_MAX_MEMORY_MB,
            SANDBOX,
            MAX_SESSIONS,
            MAX_EVENTS_PER_SESSION,
            HEADLESS,
            PROVIDERS,
            THINKING,
            TOOL_CALLS,
            SYSTEM_EVENTS,
            SUBAGENTS,
            IMAGES,
            REMOTE_IMAGES,
            USER_NAME,
            TIME_ZONE,
            FILE_NAME,
            DIRECTORY,
            TOOL_RESULT_MAX_CHARS,
            KEEP_SECRETS_IN,
            FSYNC,
            ALLOW_NETWORK_DISK,
            KeepSettings.SEAL_AFTER,
            KeepSettings.MAX_UNPACKED_BYTES,
            KeepSettings.MAX_UNPACK_RATIO,
            KeepSettings.FIRST_IMPORT,
            KeepSettings.EXCLUDE,
            KeepSettings.RETENTION,
            KeepSettings.MAX_TAPE_BYTES,
            KeepSettings.MIN_FREE_BYTES);

    private Settings() {}

    private static ZoneId readZone(ConfigNode node) throws ConfigException {
        String name = node.text(80);
        if (name.equals("system")) {
            return ZoneId.systemDefault();
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw node.wrong(
                    node.key() + ": there is no time zone \"" + name + "\"",
                    Nearest.to(name, ZoneId.getAvailableZoneIds())
                            .map(meant -> "did you mean " + meant + "?")
                            .orElse("write system, or a name such as Europe/Berlin"));
        }
    }

    private static Map<String, ReadProvider> readProviders(ConfigNode node) throws ConfigException {
        Map<String, ReadProvider> providers = new LinkedHashMap<>();
        for (Map.Entry<ScalarNode, Node> member : node.members().entrySet()) {
            String name = member.getKey().getValue();
            List<String> known = node.source().providers().stream().sorted().toList();
            if (!known.contains(name)) {
                throw ConfigNode.wrongAt(
                        node.source().file(),
                        member.getKey(),
                        "there is no provider \"" + name + "\"",
                        Nearest.to(name, known)
                                .map(meant -> "did you mean " + meant + "?")
                                .orElse("Kept knows " + String.join(", ", known)));
            }
            providers.put(name, readProvider(new ConfigNode(node.source(), "providers." + name, member.getValue())));
        }
        return providers;
    }

    private static FileNameTemplate readFileName(ConfigNode node) throws ConfigException {
        try {
            return new FileNameTemplate(node.text(200));
        } catch (IllegalArgumentException e) {
            String[] parts = String.valueOf(e.getMessage()).split("; ", 2);
            throw node.wrong(node.key() + ": " + parts[0], parts[parts.length - 1]);
        }
    }

    private static ReadProvider readProvider(ConfigNode node) throws ConfigException {
        boolean enabled = true;
        Optional<List<Path>> roots = Optional.empty();
        List<Path> follow = List.of();
        Map<Setting<?>, Object> recordings = Map.of();
        for (Map.Entry<ScalarNode, Node> member : node.members().entrySet()) {
            String key = node.key() + "." + member.getKey().getValue();
            ConfigNode value = new ConfigNode(node.source(), key, member.getValue());
            switch (member.getKey().getValue()) {
                case "enabled" -> enabled = value.flag();
                case "roots" -> roots = Optional.of(value.directories("create it, or remove it from the list"));
                case FOLLOW ->
                    follow = value.directories("create it, or run: kept unfollow DIR --agent " + agent(node.key()));
                case "recordings" -> recordings = readRecordings(value);
                default ->
                    throw ConfigReader.unknownKey(
                            node.source().file(),
                            member.getKey(),
                            key,
                            List.of("enabled", FOLLOW, "recordings", "roots"));
            }
        }
        return new ReadProvider(new ProviderSettings(enabled, roots, follow), recordings);
    }

    private static String agent(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static Map<Setting<?>, Object> readRecordings(ConfigNode node) throws ConfigException {
        Map<String, Setting<?>> known = new TreeMap<>();
        ALL.stream()
                .filter(setting -> setting.key().startsWith(RECORDINGS))
                .forEach(setting -> known.put(setting.name(), setting));
        Map<Setting<?>, Object> values = new HashMap<>();
        for (Map.Entry<ScalarNode, Node> member : node.members().entrySet()) {
            String key = node.key() + "." + member.getKey().getValue();
            Setting<?> setting = known.get(member.getKey().getValue());
            if (setting == null) {
                throw ConfigReader.unknownKey(node.source().file(), member.getKey(), key, known.keySet());
            }
            values.put(setting, setting.reader().read(new ConfigNode(node.source(), key, member.getValue())));
        }
        return values;
    }
}

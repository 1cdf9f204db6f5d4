package dev.kept.config;

import dev.kept.config.KeptConfig.ProviderSettings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The one list of what can be configured: key, default, bounds, and words for people. */
final class Settings {
    /** Below it the Java runtime itself would not fit. */
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
            node -> node.directories("create it, or run: kept disallow 'DIR'"));

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

    static final Setting<Map<String, ProviderSettings>> PROVIDERS =
            new Setting<>("providers", Map.of(), "{}", """
            Agents, by name. All that Kept knows are followed, where they usually keep their files. For example:
              claude:
                enabled: false
                roots: [~/elsewhere/claude]""", Settings::readProviders);

    static final Setting<Boolean> THINKING = new Setting<>(
            "recordings.thinking",
            false,
            "false",
            "Whether recordings contain what the agent thought before it answered.",
            ConfigNode::flag);

    static final Setting<String> USER_NAME =
            new Setting<>("recordings.userName", "You", "You", "The name over what you said.", node -> node.text(80));

    static final Setting<ZoneId> TIME_ZONE = new Setting<>(
            "recordings.timeZone",
            ZoneId.systemDefault(),
            "system",
            "The zone of the times in recordings: system, or a name such as Europe/Berlin.",
            Settings::readZone);

    static final Setting<Integer> TOOL_RESULT_MAX_CHARS = new Setting<>(
            "recordings.toolResultMaxChars",
            20_000,
            "20000",
            "Longer results of tools are cut in recordings, and say so. The whole stays on the tape.",
            node -> node.wholeNumber(200, 10_000_000, "too little to recognize a result by"));

    static final Setting<FsyncPolicy> FSYNC = new Setting<>(
            "tape.fsync",
            FsyncPolicy.GROUP,
            "group",
            "When the copies are forced to disk: group (what arrived together, at once),\n"
                    + "never (a loss of power may lose the last seconds; a crash of Kept loses nothing).",
            node -> node.choice(FsyncPolicy.class));

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
            USER_NAME,
            TIME_ZONE,
            TOOL_RESULT_MAX_CHARS,
            FSYNC,
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

    private static Map<String, ProviderSettings> readProviders(ConfigNode node) throws ConfigException {
        Map<String, ProviderSettings> providers = new LinkedHashMap<>();
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

    private static ProviderSettings readProvider(ConfigNode node) throws ConfigException {
        boolean enabled = true;
        Optional<List<Path>> roots = Optional.empty();
        for (Map.Entry<ScalarNode, Node> member : node.members().entrySet()) {
            String key = node.key() + "." + member.getKey().getValue();
            ConfigNode value = new ConfigNode(node.source(), key, member.getValue());
            switch (member.getKey().getValue()) {
                case "enabled" -> enabled = value.flag();
                case "roots" -> roots = Optional.of(value.directories("create it, or remove it from the list"));
                default ->
                    throw ConfigReader.unknownKey(
                            node.source().file(), member.getKey(), key, List.of("enabled", "roots"));
            }
        }
        return new ProviderSettings(enabled, roots);
    }
}

package dev.kept.config;

import dev.kept.config.KeptConfig.Commands;
import dev.kept.config.KeptConfig.Keeping;
import dev.kept.config.KeptConfig.ProviderSettings;
import dev.kept.config.KeptConfig.Tape;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads config.yaml, and rejects it as a whole if anything in it is not understood. */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads the configuration of a home; without a file, the defaults apply.
     *
     * @param providers the names of the providers there are
     * @throws ConfigException if anything in the file is unknown, of the wrong type, out of range or missing on disk
     * @throws IOException if the file cannot be read
     */
    public static KeptConfig read(KeptHome home, Set<String> providers) throws ConfigException, IOException {
        if (!Files.exists(home.configFile())) {
            return KeptConfig.defaults();
        }
        Path file = home.configFile();
        return read(file, readText(file), home.userHome(), providers);
    }

    static KeptConfig read(Path file, String text, Path userHome, Set<String> providers) throws ConfigException {
        Map<Setting<?>, Object> values = new HashMap<>();
        Optional<Node> root = compose(file, text);
        if (root.isPresent()) {
            ConfigNode.Source source = new ConfigNode.Source(file, userHome, Set.copyOf(providers));
            readInto(values, new ConfigNode(source, "", root.get()));
            KeptConfig config = build(values);
            checkDirectories(new ConfigNode(source, "", root.get()), config);
            return config;
        }
        return build(values);
    }

    /** Rejects a directory for generated files that may not be written: every command without a path would fail. */
    private static void checkDirectories(ConfigNode root, KeptConfig config) throws ConfigException {
        checkDirectory(root, config, config.recordings(), List.of("recordings", Settings.DIRECTORY.name()));
        for (Map.Entry<String, RecordingSettings> each : config.recordingsOf().entrySet()) {
            checkDirectory(
                    root,
                    config,
                    each.getValue(),
                    List.of("providers", each.getKey(), "recordings", Settings.DIRECTORY.name()));
        }
    }

    private static void checkDirectory(
            ConfigNode root, KeptConfig config, RecordingSettings settings, List<String> place) throws ConfigException {
        Path own = root.source().file().resolveSibling("recordings");
        boolean allowed = settings.directory()
                .map(wanted -> wanted.startsWith(own)
                        || config.allowedWriteRoots().stream().anyMatch(wanted::startsWith))
                .orElse(true);
        Optional<ConfigNode> written = root.at(place);
        if (!allowed && written.isPresent()) {
            throw written.get()
                    .wrong(
                            String.join(".", place) + " is not inside a directory that may be written: "
                                    + settings.directory().orElseThrow(),
                            "run: kept allow "
                                    + ShellWord.of(settings.directory().orElseThrow()));
        }
    }

    static String readText(Path file) throws ConfigException, IOException {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new ConfigException(file, "the file is not UTF-8", "save it as UTF-8");
        }
    }

    static Optional<Node> compose(Path file, String text) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setLabel(file.toString())
                .build();
        try {
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            throw new ConfigException(
                    file,
                    mark.map(Mark::getLine).orElse(0) + 1,
                    mark.map(Mark::getColumn).orElse(0) + 1,
                    "this is not YAML: " + e.getProblem(),
                    "look for a missing space after a colon, a tab, or an open quote");
        } catch (YamlEngineException e) {
            throw new ConfigException(file, "this is not YAML: " + e.getMessage(), "write it as UTF-8 text");
        }
    }

    /** Returns the entry of a top-level key; empty if it is missing or the file is not a mapping. */
    static Optional<NodeTuple> topLevel(Optional<Node> root, String key) {
        return root.stream()
                .filter(MappingNode.class::isInstance)
                .flatMap(mapping -> ((MappingNode) mapping).getValue().stream())
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key))
                .findFirst();
    }

    private static void readInto(Map<Setting<?>, Object> values, ConfigNode parent) throws ConfigException {
        for (Map.Entry<ScalarNode, Node> member : parent.members().entrySet()) {
            String name = member.getKey().getValue();
            String key = parent.key().isEmpty() ? name : parent.key() + "." + name;
            ConfigNode node = new ConfigNode(parent.source(), key, member.getValue());
            Optional<Setting<?>> setting =
                    Settings.ALL.stream().filter(each -> each.key().equals(key)).findFirst();
            if (setting.isPresent()) {
                values.put(setting.get(), setting.get().reader().read(node));
            } else if (Settings.ALL.stream().anyMatch(each -> each.key().startsWith(key + "."))) {
                readInto(values, node);
            } else {
                throw unknownKey(parent.source().file(), member.getKey(), key, siblings(parent.key()));
            }
        }
    }

    private static Collection<String> siblings(String parent) {
        String prefix = parent.isEmpty() ? "" : parent + ".";
        return Settings.ALL.stream()
                .map(Setting::key)
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()).split("\\.", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static ConfigException unknownKey(Path file, Node name, String key, Collection<String> known) {
        String word = key.substring(key.lastIndexOf('.') + 1);
        String remedy = Nearest.to(word, known)
                .map(meant -> "did you mean " + meant + "?")
                .orElse("known here: " + String.join(", ", List.copyOf(known)));
        return ConfigNode.wrongAt(file, name, "unknown key " + key, remedy);
    }

    static KeptConfig build(Map<Setting<?>, Object> values) {
        Map<String, ProviderSettings> providers = new HashMap<>();
        Map<String, RecordingSettings> recordingsOf = new HashMap<>();
        get(values, Settings.PROVIDERS).forEach((name, read) -> {
            providers.put(name, read.settings());
            if (!read.recordings().isEmpty()) {
                Map<Setting<?>, Object> own = new HashMap<>(values);
                own.putAll(read.recordings());
                recordingsOf.put(name, recordings(own));
            }
        });
        return new KeptConfig(
                get(values, Settings.DAEMON_MAX_MEMORY_MB),
                get(values, Settings.ALLOWED_WRITE_ROOTS),
                get(values, Settings.SANDBOX),
                get(values, Settings.MAX_SESSIONS),
                get(values, Settings.MAX_EVENTS_PER_SESSION),
                new Commands(get(values, Settings.HEADLESS)),
                providers,
                recordings(values),
                recordingsOf,
                new Tape(
                        get(values, Settings.FSYNC),
                        get(values, Settings.ALLOW_NETWORK_DISK),
                        get(values, KeepSettings.SEAL_AFTER),
                        get(values, KeepSettings.MAX_UNPACKED_BYTES),
                        get(values, KeepSettings.MAX_UNPACK_RATIO)),
                new Keeping(
                        get(values, KeepSettings.FIRST_IMPORT),
                        get(values, KeepSettings.EXCLUDE),
                        get(values, KeepSettings.RETENTION),
                        get(values, KeepSettings.MAX_TAPE_BYTES),
                        get(values, KeepSettings.MIN_FREE_BYTES)));
    }

    private static RecordingSettings recordings(Map<Setting<?>, Object> values) {
        return new RecordingSettings(
                get(values, Settings.THINKING),
                get(values, Settings.TOOL_CALLS),
                get(values, Settings.SYSTEM_EVENTS),
                get(values, Settings.SUBAGENTS),
                get(values, Settings.IMAGES),
                get(values, Settings.REMOTE_IMAGES),
                get(values, Settings.USER_NAME),
                get(values, Settings.TIME_ZONE),
                get(values, Settings.FILE_NAME),
                get(values, Settings.DIRECTORY),
                get(values, Settings.TOOL_RESULT_MAX_CHARS),
                get(values, Settings.KEEP_SECRETS_IN));
    }

    /** Returns the value of a setting. The reader of that setting stored it, so the cast cannot fail. */
    @SuppressWarnings("unchecked")
    private static <T> T get(Map<Setting<?>, Object> values, Setting<T> setting) {
        return (T) values.getOrDefault(setting, setting.standard());
    }
}

package dev.kept.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * An editor of config.yaml as text, so that the owner's comments and order stay.
 *
 * <p>Every edit is parsed before it is written: a file whose structure is not understood is not changed, and the
 * message says what to write instead.
 */
public final class ConfigFile {
    private static final YamlList ALLOWED = new YamlList(List.of(Settings.ALLOWED_WRITE_ROOTS.key()));

    private final KeptHome home;

    public ConfigFile(KeptHome home) {
        this.home = home;
    }

    /** Writes the commented default file unless there is one; returns true if it was written. */
    public boolean createDefault() throws IOException {
        return create(DefaultConfig.text());
    }

    /**
     * Writes the commented default file with another first import, unless there is a file; returns true if it was
     * written.
     *
     * @param firstImport a value of the key {@code keep.firstImport}
     */
    public boolean createDefault(String firstImport) throws IOException {
        String key = "  firstImport: ";
        return create(DefaultConfig.text()
                .replace("#keep:\n", "keep:\n")
                .replace("#" + key + KeepSettings.FIRST_IMPORT.written(), key + firstImport));
    }

    private boolean create(String text) throws IOException {
        if (Files.exists(home.configFile())) {
            return false;
        }
        PrivateFiles.createDirectory(home.directory());
        PrivateFiles.replace(home.configFile(), text);
        return true;
    }

    /** Returns the directories of the list as they are written in the file, whether or not they exist. */
    public List<Path> allowed() throws ConfigException, IOException {
        return directories(ALLOWED);
    }

    /**
     * Allows a directory; returns false if it was allowed already. Creates the file if it is missing.
     *
     * @param directory an existing directory
     */
    public boolean allow(Path directory) throws ConfigException, IOException {
        return add(ALLOWED, directory);
    }

    /** Removes a directory from the list; returns false if it was not in it. The directory need not exist any more. */
    public boolean disallow(Path directory) throws ConfigException, IOException {
        return remove(ALLOWED, directory);
    }

    /**
     * Returns the directories that links of an agent may lead into, as they are written in the file, whether or not
     * they exist.
     */
    public List<Path> followed(String agent) throws ConfigException, IOException {
        return directories(followedBy(agent));
    }

    /**
     * Lets links among an agent's session files lead into a directory; returns false if they may already. Creates the
     * file if it is missing.
     *
     * @param directory an existing directory
     */
    public boolean follow(String agent, Path directory) throws ConfigException, IOException {
        return add(followedBy(agent), directory);
    }

    /** Removes a directory from that list; returns false if it was not in it. The directory need not exist any more. */
    public boolean unfollow(String agent, Path directory) throws ConfigException, IOException {
        return remove(followedBy(agent), directory);
    }

    private static YamlList followedBy(String agent) {
        return new YamlList(List.of(Settings.PROVIDERS.key(), agent, Settings.FOLLOW));
    }

    private List<Path> directories(YamlList list) throws ConfigException, IOException {
        return Files.exists(home.configFile()) ? paths(list, ConfigReader.readText(home.configFile())) : List.of();
    }

    private boolean add(YamlList list, Path directory) throws ConfigException, IOException {
        createDefault();
        Path wanted = directory.toAbsolutePath().normalize();
        String text = ConfigReader.readText(home.configFile());
        List<Path> before = paths(list, text);
        if (before.contains(wanted)) {
            return false;
        }
        List<Path> after = new ArrayList<>(before);
        after.add(wanted);
        String element = YamlText.of(wanted.toString());
        write(list, text, list.with(text, ConfigReader.compose(home.configFile(), text), element), after);
        return true;
    }

    private boolean remove(YamlList list, Path directory) throws ConfigException, IOException {
        if (!Files.exists(home.configFile())) {
            return false;
        }
        Path unwanted = directory.toAbsolutePath().normalize();
        String before = ConfigReader.readText(home.configFile());
        String text = before;
        List<Path> after = new ArrayList<>(paths(list, text));
        boolean changed = false;
        while (after.contains(unwanted)) {
            text = list.without(text, ConfigReader.compose(home.configFile(), text), after.indexOf(unwanted));
            after.remove(unwanted);
            changed = true;
        }
        if (changed) {
            write(list, before, text, after);
        }
        return changed;
    }

    private List<Path> paths(YamlList list, String text) throws ConfigException {
        Optional<Node> value = list.in(ConfigReader.compose(home.configFile(), text));
        List<Path> paths = new ArrayList<>();
        if (value.isPresent()) {
            ConfigNode.Source source = new ConfigNode.Source(home.configFile(), home.userHome(), Set.of());
            for (Node each : new ConfigNode(source, list.key(), value.get()).elements()) {
                paths.add(new ConfigNode(source, list.key(), each).path());
            }
        }
        return paths;
    }

    private void write(YamlList list, String before, String text, List<Path> expected)
            throws ConfigException, IOException {
        boolean asExpected;
        try {
            asExpected = paths(list, text).equals(expected)
                    && (list.keys().size() == 1 || saysTheSameBeside(list, before, text));
        } catch (ConfigException e) {
            asExpected = false;
        }
        if (!asExpected) {
            throw new ConfigException(
                    home.configFile(),
                    list.key() + " is written in a way that Kept cannot edit",
                    "edit it by hand, one directory per line after \"- \"");
        }
        PrivateFiles.replace(home.configFile(), text);
    }

    private static boolean saysTheSameBeside(YamlList list, String before, String after) {
        try {
            Load load = new Load(LoadSettings.builder().build());
            return without(list.keys(), load.loadFromString(before))
                    .equals(without(list.keys(), load.loadFromString(after)));
        } catch (YamlEngineException unreadable) {
            return false;
        }
    }

    /** Returns the content of a file without one list, and without the keys that are empty then. */
    private static Optional<Object> without(List<String> keys, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> members)) {
            return Optional.ofNullable(value);
        }
        Map<Object, Object> rest = new HashMap<>();
        members.forEach((key, member) -> {
            boolean onTheWay = !keys.isEmpty() && keys.getFirst().equals(key);
            Optional<Object> kept = !onTheWay
                    ? Optional.of(Optional.ofNullable(member))
                    : keys.size() == 1 ? Optional.empty() : without(keys.subList(1, keys.size()), member);
            kept.ifPresent(said -> rest.put(key, said));
        });
        return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
    }
}

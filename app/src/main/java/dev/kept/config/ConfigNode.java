package dev.kept.config;

import dev.kept.text.ShellWord;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of config.yaml with its key and its place, so that a message can name exactly what is wrong.
 *
 * @param key the dotted path of the value
 */
record ConfigNode(Source source, String key, Node node) {

    /**
     * The context that all values of one file share.
     *
     * @param userHome the directory that {@code ~/} refers to
     * @param providers the names of the providers there are
     */
    record Source(Path file, Path userHome, Set<String> providers) {}

    ConfigException wrong(String what, String remedy) {
        return wrongAt(source.file(), node, what, remedy);
    }

    static ConfigException wrongAt(Path file, Node node, String what, String remedy) {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        int column = node.getStartMark().map(Mark::getColumn).orElse(0) + 1;
        return new ConfigException(file, line, column, what, remedy);
    }

    /** Returns true if the key has no value. */
    boolean isEmpty() {
        return node.getTag().equals(Tag.NULL);
    }

    /** Returns true if the value is exactly that word. */
    boolean isText(String word) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    int wholeNumber(int smallest, int largest, String tooSmall) throws ConfigException {
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (!node.getTag().equals(Tag.INT)) {
            throw wrong(
                    key + " must be a whole number, not " + shown(),
                    "write a number from " + smallest + " to " + largest + " without quotes");
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException outOfRange) {
            value = text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        if (value < smallest) {
            throw wrong(key + " is " + text + ", " + tooSmall, "write " + smallest + " or more");
        }
        if (value > largest) {
            throw wrong(key + " is " + text + ", more than is possible", "write " + largest + " or less");
        }
        return (int) value;
    }

    boolean flag() throws ConfigException {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
            return scalar.getValue().equalsIgnoreCase("true");
        }
        throw wrong(key + " must be true or false, not " + shown(), "write true or false without quotes");
    }

    String text(int longest) throws ConfigException {
        if (!(node instanceof ScalarNode scalar) || !node.getTag().equals(Tag.STR)) {
            throw wrong(key + " must be text, not " + shown(), "put the text in quotes");
        }
        String value = scalar.getValue().strip();
        if (value.isEmpty() || value.length() > longest || value.codePoints().anyMatch(Character::isISOControl)) {
            throw wrong(
                    key + " must be one line of 1 to " + longest + " characters",
                    "shorten it, or leave the key out for the default");
        }
        return value;
    }

    <E extends Enum<E>> E choice(Class<E> kind) throws ConfigException {
        List<String> names = Arrays.stream(kind.getEnumConstants())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        // YAML readers of other versions take a bare "off" for false; this one does not, but a person may write false.
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        int index = names.indexOf(text);
        if (index < 0) {
            throw wrong(
                    key + " must be " + orList(names) + ", not " + shown(),
                    Nearest.to(text, names)
                            .map(meant -> "did you mean " + meant + "?")
                            .orElse("write one of them"));
        }
        return kind.getEnumConstants()[index];
    }

    /** Returns the directories of a list: each absolute or below {@code ~/}, and existing. */
    List<Path> directories(String remedyForMissing) throws ConfigException {
        List<Path> directories = new ArrayList<>();
        for (Node each : elements()) {
            ConfigNode entry = new ConfigNode(source, key, each);
            Path directory = entry.path();
            if (!Files.isDirectory(directory)) {
                throw entry.wrong(
                        (Files.exists(directory) ? "this is not a directory: " : "this directory does not exist: ")
                                + directory,
                        remedyForMissing.replace("DIR", ShellWord.of(directory)));
            }
            if (!directories.contains(directory)) {
                directories.add(directory);
            }
        }
        return directories;
    }

    /** Returns one directory: absolute or below {@code ~/}, and existing. */
    Path directory() throws ConfigException {
        Path directory = path();
        if (!Files.isDirectory(directory)) {
            throw wrong(
                    (Files.exists(directory) ? "this is not a directory: " : "this directory does not exist: ")
                            + directory,
                    "create it, or remove " + key);
        }
        return directory;
    }

    /** Returns the globs of a list, each absolute; {@code ~/} is the home directory. */
    List<String> globs() throws ConfigException {
        List<String> globs = new ArrayList<>();
        for (Node each : elements()) {
            ConfigNode entry = new ConfigNode(source, key, each);
            String text = entry.text(500);
            if (text.startsWith("~/")) {
                String home = source.userHome().toString().replaceAll("([\\\\*?\\[\\]{}])", "\\\\$1");
                text = home + text.substring(1);
            }
            if (!text.startsWith("/")) {
                throw entry.wrong("\"" + text + "\" would match no destination", "begin it with / or ~/");
            }
            try {
                globs.add(text);
                FileSystems.getDefault().getPathMatcher("glob:" + text);
            } catch (PatternSyntaxException e) {
                throw entry.wrong(
                        "\"" + text + "\" is not a pattern (" + e.getDescription() + ")",
                        "write a path with * for any name and ** for any path");
            }
        }
        return globs;
    }

    /** Returns the elements of a list; none if the key has no value. */
    List<Node> elements() throws ConfigException {
        if (isEmpty()) {
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw wrong(key + " must be a list" + ofWhat() + ", not " + shown(), "write each on its own line after \"- \"");
    }

    /** Returns the absolute path in an element of a list, whether it exists or not. */
    Path path() throws ConfigException {
        if (!(node instanceof ScalarNode scalar) || !node.getTag().equals(Tag.STR)) {
            throw wrong("an entry of " + key + " must be a directory, not " + shown(), "put the path in quotes");
        }
        String text = scalar.getValue();
        try {
            if (text.equals("~") || text.startsWith("~/")) {
                return source.userHome()
                        .resolve(text.substring(Math.min(2, text.length())))
                        .normalize();
            }
            if (text.startsWith("/")) {
                return Path.of(text).normalize();
            }
        } catch (InvalidPathException e) {
            throw wrong("\"" + text + "\" is not a path (" + e.getReason() + ")", "write a path");
        }
        throw wrong(
                "\"" + text + "\" is a relative path, and Kept would not know relative to what",
                "begin it with / or ~/");
    }

    /** Returns the values of a mapping by their names, each name once and a scalar; none if the key has no value. */
    Map<ScalarNode, Node> members() throws ConfigException {
        if (isEmpty()) {
            return Map.of();
        }
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(
                    (key.isEmpty() ? "the file" : key) + " must hold keys and values, not " + shown(),
                    "write each as \"key: value\" on its own line");
        }
        Map<ScalarNode, Node> members = new LinkedHashMap<>();
        Map<String, ScalarNode> seen = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw wrongAt(source.file(), tuple.getKeyNode(), "a key must be a word", "write \"key: value\"");
            }
            ScalarNode earlier = seen.putIfAbsent(name.getValue(), name);
            if (earlier != null) {
                int line = earlier.getStartMark().map(Mark::getLine).orElse(0) + 1;
                throw wrongAt(
                        source.file(),
                        name,
                        "the key " + name.getValue() + " appears twice (first in line " + line + ")",
                        "remove one of them");
            }
            members.put(name, tuple.getValueNode());
        }
        return members;
    }

    /** Returns the value below these nested names; empty if the file has none. */
    Optional<ConfigNode> at(List<String> names) throws ConfigException {
        if (names.isEmpty()) {
            return Optional.of(this);
        }
        for (Map.Entry<ScalarNode, Node> member : members().entrySet()) {
            if (member.getKey().getValue().equals(names.getFirst())) {
                return new ConfigNode(source, names.getFirst(), member.getValue()).at(names.subList(1, names.size()));
            }
        }
        return Optional.empty();
    }

    private String ofWhat() {
        return key.endsWith(Settings.KEEP_SECRETS_IN.name()) ? " of patterns" : " of directories";
    }

    private String shown() {
        return switch (node) {
            case ScalarNode scalar when isEmpty() -> "nothing";
            case ScalarNode scalar -> "\"" + scalar.getValue() + "\"";
            case SequenceNode _ -> "a list";
            case MappingNode _ -> "keys and values";
            default -> "this";
        };
    }

    static String orList(List<String> words) {
        return words.size() < 2
                ? String.join("", words)
                : words.subList(0, words.size() - 1).stream().collect(Collectors.joining(", "))
                        + " or "
                        + words.getLast();
    }
}

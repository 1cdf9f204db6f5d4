package dev.kept.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Edits config.yaml as text, so that the owner's comments and order stay.
 *
 * <p>Every edit is read again before it is written: a file whose shape is not understood is left alone, and the person is
 * told what to write.
 */
public final class ConfigFile {
    private static final String KEY = Settings.ALLOWED_WRITE_ROOTS.key();

    private final KeptHome home;

    public ConfigFile(KeptHome home) {
        this.home = home;
    }

    /** Writes the commented default file unless there is one; true if it was written. */
    public boolean createDefault() throws IOException {
        return create(DefaultConfig.text());
    }

    /**
     * Writes the commented default file with another first import, unless there is a file; true if it was written.
     *
     * @param firstImport as the key {@code keep.firstImport} takes it
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

    /** The directories of the list as the file says them, whether or not they are there. */
    public List<Path> allowed() throws ConfigException, IOException {
        return Files.exists(home.configFile()) ? roots(ConfigReader.readText(home.configFile())) : List.of();
    }

    /**
     * Allows a directory; false if it was allowed already. Creates the file where it is missing.
     *
     * @param directory an existing directory
     */
    public boolean allow(Path directory) throws ConfigException, IOException {
        createDefault();
        Path wanted = directory.toAbsolutePath().normalize();
        String text = ConfigReader.readText(home.configFile());
        List<Path> before = roots(text);
        if (before.contains(wanted)) {
            return false;
        }
        List<Path> after = new ArrayList<>(before);
        after.add(wanted);
        write(withRoot(text, YamlText.of(wanted.toString())), after);
        return true;
    }

    /** Takes a directory from the list; false if it was not in it. The directory need not exist any more. */
    public boolean disallow(Path directory) throws ConfigException, IOException {
        if (!Files.exists(home.configFile())) {
            return false;
        }
        Path unwanted = directory.toAbsolutePath().normalize();
        String text = ConfigReader.readText(home.configFile());
        List<Path> after = new ArrayList<>(roots(text));
        boolean changed = false;
        while (after.contains(unwanted)) {
            text = withoutRoot(text, after.indexOf(unwanted));
            after.remove(unwanted);
            changed = true;
        }
        if (changed) {
            write(text, after);
        }
        return changed;
    }

    private List<Path> roots(String text) throws ConfigException {
        Optional<NodeTuple> tuple = ConfigReader.topLevel(ConfigReader.compose(home.configFile(), text), KEY);
        List<Path> paths = new ArrayList<>();
        if (tuple.isPresent()) {
            ConfigNode.Source source = new ConfigNode.Source(home.configFile(), home.userHome(), Set.of());
            for (Node each : new ConfigNode(source, KEY, tuple.get().getValueNode()).elements()) {
                paths.add(new ConfigNode(source, KEY, each).path());
            }
        }
        return paths;
    }

    private void write(String text, List<Path> expected) throws ConfigException, IOException {
        boolean asExpected;
        try {
            asExpected = roots(text).equals(expected);
        } catch (ConfigException e) {
            asExpected = false;
        }
        if (!asExpected) {
            throw new ConfigException(
                    home.configFile(),
                    KEY + " is written in a way that Kept cannot edit",
                    "edit it by hand, one directory per line after \"- \"");
        }
        PrivateFiles.replace(home.configFile(), text);
    }

    private String withRoot(String text, String root) throws ConfigException {
        Optional<NodeTuple> tuple = ConfigReader.topLevel(ConfigReader.compose(home.configFile(), text), KEY);
        if (tuple.isEmpty()) {
            String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
            return text + end + KEY + ":\n  - " + root + "\n";
        }
        if (!(tuple.get().getValueNode() instanceof SequenceNode list)) {
            int colon = text.indexOf(':', end(text, tuple.get().getKeyNode()));
            return text.substring(0, colon + 1) + "\n  - " + root + text.substring(colon + 1);
        }
        if (list.getValue().isEmpty()) {
            int open = start(text, list);
            int close = end(text, list);
            String indent = "\n" + " ".repeat(column(tuple.get().getKeyNode()) + 2);
            // A list that is written as [] becomes one directory per line, which people find easier to edit.
            return text.substring(0, open).stripTrailing() + indent + "- " + root + text.substring(close);
        }
        Node last = list.getValue().getLast();
        if (list.getFlowStyle() == FlowStyle.FLOW) {
            int at = end(text, last);
            return text.substring(0, at) + ", " + root + text.substring(at);
        }
        int lineStart = text.lastIndexOf('\n', start(text, last)) + 1;
        int dash = text.indexOf('-', lineStart);
        int lineEnd = endOfLine(text, end(text, last));
        return text.substring(0, lineEnd)
                + "\n"
                + text.substring(lineStart, dash)
                + "- "
                + root
                + text.substring(lineEnd);
    }

    private String withoutRoot(String text, int index) throws ConfigException {
        NodeTuple tuple = ConfigReader.topLevel(ConfigReader.compose(home.configFile(), text), KEY)
                .orElseThrow();
        SequenceNode list = (SequenceNode) tuple.getValueNode();
        Node node = list.getValue().get(index);
        if (list.getFlowStyle() == FlowStyle.FLOW) {
            return withoutFlowElement(text, list, index);
        }
        int lineStart = text.lastIndexOf('\n', start(text, node)) + 1;
        int lineEnd = Math.min(text.length(), endOfLine(text, end(text, node)) + 1);
        String rest = text.substring(0, lineStart) + text.substring(lineEnd);
        if (list.getValue().size() > 1) {
            return rest;
        }
        int colon = rest.indexOf(':', end(text, tuple.getKeyNode()));
        return rest.substring(0, colon + 1) + " []" + rest.substring(colon + 1);
    }

    private static String withoutFlowElement(String text, SequenceNode list, int index) {
        List<Node> nodes = list.getValue();
        int from = index > 0 ? end(text, nodes.get(index - 1)) : start(text, nodes.get(index));
        int to = index == 0 && nodes.size() > 1 ? start(text, nodes.get(1)) : end(text, nodes.get(index));
        return text.substring(0, from) + text.substring(to);
    }

    private static int column(Node node) {
        return node.getStartMark().map(Mark::getColumn).orElse(0);
    }

    private static int start(String text, Node node) {
        return node.getStartMark().map(mark -> offset(text, mark)).orElseThrow();
    }

    private static int end(String text, Node node) {
        return node.getEndMark().map(mark -> offset(text, mark)).orElseThrow();
    }

    /** Marks count code points; text counts characters. */
    private static int offset(String text, Mark mark) {
        int codePoints = Math.min(mark.getIndex(), text.codePointCount(0, text.length()));
        return text.offsetByCodePoints(0, codePoints);
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }
}

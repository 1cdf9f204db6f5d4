package dev.kept.config;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A list in a YAML text, edited in place: comments, order and quotes around it stay. Missing keys on the path to it are
 * added. In a structure that is not understood an edit may change the meaning of the text, so every result must be
 * parsed and checked before it is used.
 *
 * @param keys the keys from the top of the file to the list
 */
record YamlList(List<String> keys) {
    YamlList {
        keys = List.copyOf(keys);
    }

    /** Returns the dotted path of the list. */
    String key() {
        return String.join(".", keys);
    }

    /** Returns the list in the file; empty if it is missing. */
    Optional<Node> in(Optional<Node> file) {
        return tuple(file, keys.size()).map(NodeTuple::getValueNode);
    }

    private Optional<NodeTuple> tuple(Optional<Node> file, int depth) {
        Optional<NodeTuple> found = ConfigReader.topLevel(file, keys.getFirst());
        for (String key : keys.subList(1, depth)) {
            found = ConfigReader.topLevel(found.map(NodeTuple::getValueNode), key);
        }
        return found;
    }

    /** Returns the text with one element more, at the end of the list. */
    String with(String text, Optional<Node> file, String element) {
        for (int depth = keys.size(); depth > 0; depth--) {
            Optional<NodeTuple> there = tuple(file, depth);
            if (there.isPresent()) {
                return depth == keys.size()
                        ? withElement(text, there.get(), element)
                        : withMember(text, there.get(), keys.subList(depth, keys.size()), element);
            }
        }
        String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return text + end + block(keys, 0, element) + "\n";
    }

    /** Returns the nested keys, with a list of one element below the last, indented except for the first line. */
    private static String block(List<String> keys, int indent, String element) {
        StringBuilder block = new StringBuilder();
        int at = indent;
        for (String key : keys) {
            block.append(at == indent ? "" : " ".repeat(at)).append(key).append(":\n");
            at += 2;
        }
        return block.append(" ".repeat(at)).append("- ").append(element).toString();
    }

    private static String flow(List<String> keys, String element) {
        return String.join(": {", keys) + ": [" + element + "]" + "}".repeat(keys.size() - 1);
    }

    private static String withMember(String text, NodeTuple parent, List<String> missing, String element) {
        int own = column(parent.getKeyNode());
        if (!(parent.getValueNode() instanceof MappingNode mapping)) {
            int colon = text.indexOf(':', end(text, parent.getKeyNode()));
            int indent = own + 2;
            return text.substring(0, colon + 1)
                    + "\n"
                    + " ".repeat(indent)
                    + block(missing, indent, element)
                    + text.substring(colon + 1);
        }
        if (mapping.getValue().isEmpty() && isInsideFlow(text, mapping)) {
            int at = start(text, mapping) + 1;
            return text.substring(0, at) + flow(missing, element) + text.substring(at);
        }
        if (mapping.getValue().isEmpty()) {
            int indent = own + 2;
            return text.substring(0, start(text, mapping)).stripTrailing()
                    + "\n"
                    + " ".repeat(indent)
                    + block(missing, indent, element)
                    + text.substring(end(text, mapping));
        }
        NodeTuple last = mapping.getValue().getLast();
        if (mapping.getFlowStyle() == FlowStyle.FLOW) {
            int at = end(text, last.getValueNode());
            return text.substring(0, at) + ", " + flow(missing, element) + text.substring(at);
        }
        int indent = column(mapping.getValue().getFirst().getKeyNode());
        int lineEnd = endOfLine(text, endOfLast(text, last));
        return text.substring(0, lineEnd)
                + "\n"
                + " ".repeat(indent)
                + block(missing, indent, element)
                + text.substring(lineEnd);
    }

    private static String withElement(String text, NodeTuple tuple, String element) {
        int indent = column(tuple.getKeyNode()) + 2;
        if (!(tuple.getValueNode() instanceof SequenceNode list)) {
            int colon = text.indexOf(':', end(text, tuple.getKeyNode()));
            return text.substring(0, colon + 1)
                    + "\n"
                    + " ".repeat(indent)
                    + "- "
                    + element
                    + text.substring(colon + 1);
        }
        if (list.getValue().isEmpty()) {
            int open = start(text, list);
            int close = end(text, list);
            // A list that is written as [] becomes one directory per line, which people find easier to edit.
            return isInsideFlow(text, list)
                    ? text.substring(0, open) + "[" + element + "]" + text.substring(close)
                    : text.substring(0, open).stripTrailing()
                            + "\n"
                            + " ".repeat(indent)
                            + "- "
                            + element
                            + text.substring(close);
        }
        Node last = list.getValue().getLast();
        if (list.getFlowStyle() == FlowStyle.FLOW) {
            int at = end(text, last);
            return text.substring(0, at) + ", " + element + text.substring(at);
        }
        int lineStart = text.lastIndexOf('\n', start(text, last)) + 1;
        int dash = text.indexOf('-', lineStart);
        int lineEnd = endOfLine(text, end(text, last));
        return text.substring(0, lineEnd)
                + "\n"
                + text.substring(lineStart, dash)
                + "- "
                + element
                + text.substring(lineEnd);
    }

    /** Returns the text without an element of the list, which must be there. */
    String without(String text, Optional<Node> file, int index) {
        NodeTuple tuple = tuple(file, keys.size()).orElseThrow();
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

    /**
     * Returns the end of the last scalar. The mark of a block's end is where the next block begins, after any comments.
     */
    private static int endOfLast(String text, NodeTuple tuple) {
        Node value = tuple.getValueNode();
        boolean block = value instanceof CollectionNode<?> all
                && all.getFlowStyle() != FlowStyle.FLOW
                && !all.getValue().isEmpty();
        if (block && value instanceof MappingNode mapping) {
            return endOfLast(text, mapping.getValue().getLast());
        }
        if (block && value instanceof SequenceNode sequence) {
            return endOfLast(
                    text, new NodeTuple(tuple.getKeyNode(), sequence.getValue().getLast()));
        }
        return value instanceof ScalarNode && value.getTag().equals(Tag.NULL)
                ? end(text, tuple.getKeyNode())
                : end(text, value);
    }

    private static boolean isInsideFlow(String text, Node node) {
        int start = start(text, node);
        return text.substring(text.lastIndexOf('\n', start) + 1, start).contains("{");
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

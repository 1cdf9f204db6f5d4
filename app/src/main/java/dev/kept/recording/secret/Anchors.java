package dev.kept.recording.secret;

import dev.kept.recording.secret.rule.SecretRule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/**
 * An Aho-Corasick automaton that finds the anchors of all rules in one pass over a text, as one table.
 *
 * <p>{@code next[state << BITS | class of the character]} is the next state. The states at which an anchor ends are
 * numbered last, so that one comparison recognizes them. Upper and lower case are one class: an anchor that is matched
 * exactly is compared once more at its end, which is rare. Immutable.
 */
final class Anchors {
    private static final int ASCII = 128;
    /** Binary logarithm of the number of classes, so that a row of the table is found by a shift. */
    private static final int BITS = 6;

    static final int START = 0;

    /** An anchor and its rule. */
    record Anchor(SecretRule rule, String word) {
        int length() {
            return word.length();
        }

        /**
         * Reports whether the anchor ends at that index; false only for one that is matched exactly and differs in
         * case.
         */
        boolean matches(String text, int end) {
            return rule.anyCase() || text.startsWith(word, end - word.length());
        }
    }

    private final byte[] classes = new byte[ASCII];
    private final char[] next;
    private final int firstEnd;
    private final List<List<Anchor>> ends;

    Anchors(List<SecretRule> rules) {
        TreeSet<Character> used = new TreeSet<>();
        rules.forEach(rule -> rule.anchors()
                .forEach(anchor -> anchor.chars().forEach(c -> used.add(Character.toLowerCase((char) c)))));
        int classCount = 1;
        for (char c : used) {
            classes[c] = (byte) classCount;
            classes[Character.toUpperCase(c)] = (byte) classCount++;
        }
        int width = 1 << BITS;
        if (classCount > width) {
            throw new IllegalStateException("too many characters in anchors for the table: " + classCount);
        }
        List<Node> nodes = trie(rules, classCount);
        List<Node> ordered = new ArrayList<>(nodes);
        ordered.sort((a, b) -> Boolean.compare(!a.ends.isEmpty(), !b.ends.isEmpty()));
        for (int i = 0; i < ordered.size(); i++) {
            ordered.get(i).number = i;
        }
        if (ordered.size() > Character.MAX_VALUE) {
            throw new IllegalStateException("too many anchors for the table: " + ordered.size());
        }
        firstEnd = (int) nodes.stream().filter(node -> node.ends.isEmpty()).count();
        next = new char[ordered.size() * width];
        ends = ordered.subList(firstEnd, ordered.size()).stream()
                .map(node -> List.copyOf(node.ends))
                .toList();
        for (Node node : ordered) {
            for (int i = 0; i < classCount; i++) {
                next[node.number << BITS | i] = (char) node.next[i].number;
            }
        }
    }

    /** Returns the memory of the table, in bytes. */
    int tableBytes() {
        return next.length * Character.BYTES;
    }

    private static final class Node {
        private final Node[] next;
        private final List<Anchor> ends = new ArrayList<>();
        private int number;

        Node(int width) {
            next = new Node[width];
        }
    }

    /** Returns all nodes, the root first, each with a next one for every class. */
    private List<Node> trie(List<SecretRule> rules, int width) {
        Node root = new Node(width);
        for (SecretRule rule : rules) {
            for (String anchor : rule.anchors()) {
                Node node = root;
                for (int i = 0; i < anchor.length(); i++) {
                    int at = classes[anchor.charAt(i)];
                    if (node.next[at] == null) {
                        node.next[at] = new Node(width);
                    }
                    node = node.next[at];
                }
                node.ends.add(new Anchor(rule, anchor));
            }
        }
        List<Node> nodes = new ArrayList<>(List.of(root));
        Deque<Node[]> open = new ArrayDeque<>();
        for (int i = 0; i < width; i++) {
            if (root.next[i] == null) {
                root.next[i] = root;
            } else {
                open.add(new Node[] {root.next[i], root});
            }
        }
        while (!open.isEmpty()) {
            Node[] pair = open.remove();
            Node node = pair[0];
            Node fallback = pair[1];
            nodes.add(node);
            node.ends.addAll(fallback.ends);
            for (int i = 0; i < width; i++) {
                if (node.next[i] == null) {
                    node.next[i] = fallback.next[i];
                } else {
                    open.add(new Node[] {node.next[i], fallback.next[i]});
                }
            }
        }
        return nodes;
    }

    /**
     * Continues from a state until an anchor ends or the text does. The loop is over a string and locals, because the
     * daemon runs without a compiler that would optimize anything else.
     *
     * @return the index after the last consumed character, and in the lower half the state after it
     */
    long walk(String text, int from, int state) {
        char[] table = next;
        byte[] kinds = classes;
        int end = firstEnd;
        int length = text.length();
        int now = state;
        int i = from;
        while (i < length) {
            char c = text.charAt(i++);
            now = table[now << BITS | (c < ASCII ? kinds[c] : 0)];
            if (now >= end) {
                break;
            }
        }
        return (long) i << Integer.SIZE | now;
    }

    /** Reports whether at least one anchor ends in that state. */
    boolean isEnd(int state) {
        return state >= firstEnd;
    }

    /** Returns the anchors that end in a state for which {@link #isEnd} is true; the longest first. */
    List<Anchor> ending(int state) {
        return ends.get(state - firstEnd);
    }
}

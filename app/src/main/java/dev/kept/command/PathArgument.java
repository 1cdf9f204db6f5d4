package dev.kept.command;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Takes a path out of the forms that people write it in.
 *
 * <p>Bare to the end of the line, blanks included; in double, single or back quotes; as a mention, {@code @path} or
 * {@code @"path"}; as a Markdown link, {@code [text](path)} or {@code [text](<path>)}, of which the target counts. Inside
 * quotes everything is literal, an {@code @} too.
 */
final class PathArgument {
    /** Longer than any path that people type. */
    private static final int MAX_CHARS = 1024;

    /** What was read. */
    sealed interface Reading {}

    record Read(String path) implements Reading {}

    record Unclear(String reason) implements Reading {}

    private PathArgument() {}

    /** Reads an argument that is not blank and has no blanks around it. */
    static Reading read(String argument) {
        Reading reading =
                argument.startsWith("@") && argument.length() > 1 ? plain(argument.substring(1)) : anyForm(argument);
        return reading instanceof Read(String path) ? checked(path) : reading;
    }

    private static Reading anyForm(String argument) {
        if (argument.startsWith("[[")) {
            return new Unclear("A wiki link is not a path.");
        }
        if (argument.startsWith("[") && argument.contains("](")) {
            return link(argument);
        }
        return plain(argument);
    }

    private static Reading plain(String argument) {
        char first = argument.charAt(0);
        if (first != '"' && first != '\'' && first != '`') {
            return new Read(argument);
        }
        int end = argument.indexOf(first, 1);
        if (end < 0) {
            return new Unclear("The path begins with " + first + " and does not end with it.");
        }
        if (end != argument.length() - 1) {
            return new Unclear("There is text behind the path's closing " + first + ".");
        }
        return new Read(argument.substring(1, end));
    }

    private static Reading link(String argument) {
        int start = argument.indexOf("](") + 2;
        if (!argument.endsWith(")")) {
            return new Unclear("There is text behind the link.");
        }
        String target = argument.substring(start, argument.length() - 1).strip();
        if (target.startsWith("<") && target.endsWith(">")) {
            target = target.substring(1, target.length() - 1);
        } else if (target.chars().anyMatch(Character::isWhitespace)) {
            return new Unclear("The link's target has a blank in it; put it in <angle brackets>.");
        }
        return new Read(unescaped(target));
    }

    /** Editors write a blank in a link's target as {@code %20}. What is no such escape is the name itself. */
    private static String unescaped(String target) {
        try {
            return URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEscaped) {
            return target;
        }
    }

    private static Reading checked(String path) {
        if (path.length() > MAX_CHARS) {
            return new Unclear("The path has more than " + MAX_CHARS + " characters.");
        }
        if (path.isBlank()) {
            return new Unclear("The path is empty.");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return new Unclear("The path has a control character in it.");
        }
        if (path.matches("[A-Za-z][A-Za-z0-9+.-]+://.*")) {
            return new Unclear("An address is not a path.");
        }
        return new Read(path);
    }
}

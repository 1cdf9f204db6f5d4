package dev.kept.command;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A parser for the forms in which people write a path.
 *
 * <p>A path is bare up to the end of the line, blanks included; in double, single or back quotes; a mention, {@code
 * @path} or {@code @"path"}; or a Markdown link, {@code [text](path)} or {@code [text](<path>)}, of which the target
 * counts. Inside quotes everything is literal, an {@code @} too.
 */
final class PathArgument {
    /** The maximum length of a path; longer than any that people type. */
    private static final int MAX_CHARS = 1024;

    /** The result of parsing an argument. */
    sealed interface Result {}

    record Read(String path) implements Result {}

    record Unclear(String reason) implements Result {}

    private PathArgument() {}

    /** Parses an argument that is not blank and has no surrounding blanks. */
    static Result read(String argument) {
        Result reading =
                argument.startsWith("@") && argument.length() > 1 ? plain(argument.substring(1)) : anyForm(argument);
        return reading instanceof Read(String path) ? checked(path) : reading;
    }

    private static Result anyForm(String argument) {
        if (argument.startsWith("[[")) {
            return new Unclear("A wiki link is not a path.");
        }
        if (argument.startsWith("[") && argument.contains("](")) {
            return link(argument);
        }
        return plain(argument);
    }

    private static Result plain(String argument) {
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

    private static Result link(String argument) {
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

    /** Replaces {@code %20} in a link's target by a blank, as editors write it. Anything else is part of the name. */
    private static String unescaped(String target) {
        try {
            return URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEscaped) {
            return target;
        }
    }

    private static Result checked(String path) {
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

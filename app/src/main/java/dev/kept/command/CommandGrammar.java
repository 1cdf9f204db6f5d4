package dev.kept.command;

import dev.kept.command.CommandLine.NearMiss;
import dev.kept.command.CommandLine.Order;
import java.util.Optional;

/**
 * The grammar of orders in a message.
 *
 * <p>An order is on a line of its own that begins with {@code ::} and a verb. Orders are the first or the last lines of
 * the message, not counting blank lines. A line in a fence, in a quote or indented as code is text, and so is a line in
 * the middle of the message. A line that begins with {@code ::} but is neither an order nor similar to one is text too,
 * and ends the block.
 *
 * <p>This class does not decide whether a person wrote the message.
 */
public final class CommandGrammar {
    private static final String MARK = "::";

    private CommandGrammar() {}

    /** Parses a message. Never fails; takes time in proportion to the text, and memory for one line. */
    public static ParsedMessage parse(String text) {
        if (!text.contains(MARK)) {
            return ParsedMessage.NOTHING;
        }
        CommandBlocks blocks = new CommandBlocks();
        withoutAddedQuotes(text).lines().forEach(blocks::next);
        return blocks.end();
    }

    /**
     * Returns the command in a line, if it is one.
     *
     * @param at the number of the line
     * @param isLast whether only blank lines follow
     */
    static Optional<CommandLine> command(int at, String line, MarkdownScanner.Line kind, boolean isLast) {
        if (kind != MarkdownScanner.Line.TEXT || isIndentedAsCode(line)) {
            return Optional.empty();
        }
        String typed = line.strip();
        if (!typed.startsWith(MARK)) {
            return Optional.empty();
        }
        return readLine(at, isLast ? withoutStrayQuote(typed) : typed);
    }

    /**
     * Reports whether a line is indented like code. A line that continues a paragraph is not code, however far it is
     * indented, but nobody types an order that way.
     */
    private static boolean isIndentedAsCode(String line) {
        int content = 0;
        while (content < line.length() && line.charAt(content) == ' ') {
            content++;
        }
        return content >= 4 || (content < line.length() && line.charAt(content) == '\t');
    }

    /**
     * Removes the double quotes that {@code opencode run} puts around a prompt with a blank in it; inside them it puts
     * a backslash before each double quote. If there is no blank between the quotes, a person quoted the message, and
     * it is text.
     */
    private static String withoutAddedQuotes(String text) {
        String message = text.strip();
        if (message.length() < 2 || !message.startsWith("\"") || !message.endsWith("\"")) {
            return text;
        }
        String inside = message.substring(1, message.length() - 1);
        boolean added = inside.chars().anyMatch(Character::isWhitespace)
                && !inside.replace("\\\"", "").contains("\"");
        return added ? inside.replace("\\\"", "\"") : text;
    }

    /**
     * Removes the closing quote at the end of a message: {@code opencode run "a b"} puts the quotes of the shell around
     * it.
     */
    private static String withoutStrayQuote(String typed) {
        long quotes = typed.chars().filter(c -> c == '"').count();
        return typed.endsWith("\"") && quotes % 2 == 1
                ? typed.substring(0, typed.length() - 1).stripTrailing()
                : typed;
    }

    private static Optional<CommandLine> readLine(int at, String typed) {
        String rest = typed.substring(MARK.length());
        int wordEnd = 0;
        while (wordEnd < rest.length() && isLetter(rest.charAt(wordEnd))) {
            wordEnd++;
        }
        String word = rest.substring(0, wordEnd);
        String after = rest.substring(wordEnd);
        if (word.isEmpty()) {
            return spacedVerb(at, typed, rest);
        }
        Optional<Verb> meant = Verb.closest(word);
        if (meant.isEmpty()) {
            return Optional.empty();
        }
        Verb verb = meant.get();
        if (!after.isEmpty() && !Character.isWhitespace(after.charAt(0))) {
            // `::record(x)`, `::stop::all` and `::export<T>` are names in a program.
            return "(<:".indexOf(after.charAt(0)) >= 0
                    ? Optional.empty()
                    : nearMiss(
                            at,
                            typed,
                            "after ::" + word + " a blank or the end of the line is expected. " + verb.usage());
        }
        if (!word.equals(verb.word())) {
            return nearMiss(at, typed, "::" + word + " is not a command of Kept. " + verb.usage());
        }
        return Optional.of(arguments(at, typed, verb, after.strip()));
    }

    private static Optional<CommandLine> spacedVerb(int at, String typed, String rest) {
        String word = rest.strip().split("\\s", 2)[0];
        return Verb.of(word)
                .flatMap(verb ->
                        nearMiss(at, typed, "between :: and " + word + " there must be no blank. " + verb.usage()));
    }

    private static CommandLine arguments(int at, String typed, Verb verb, String argument) {
        if (argument.isEmpty()) {
            return verb.pathIsRequired()
                    ? new NearMiss(at, typed, "::" + verb.word() + " needs a path. " + verb.usage())
                    : new Order(at, verb.command(Optional.empty()));
        }
        if (!verb.takesPath()) {
            return new NearMiss(at, typed, "::" + verb.word() + " takes nothing after it. " + verb.usage());
        }
        return switch (PathArgument.read(argument)) {
            case PathArgument.Read read -> new Order(at, verb.command(Optional.of(read.path())));
            case PathArgument.Unclear unclear -> new NearMiss(at, typed, unclear.reason() + " " + verb.usage());
        };
    }

    private static Optional<CommandLine> nearMiss(int at, String typed, String message) {
        return Optional.of(new NearMiss(at, typed, message));
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}

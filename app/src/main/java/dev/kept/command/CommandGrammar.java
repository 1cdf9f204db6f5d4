package dev.kept.command;

import dev.kept.command.CommandLine.NearMiss;
import dev.kept.command.CommandLine.Order;
import java.util.Optional;

/**
 * Finds the orders in a message.
 *
 * <p>They stand on lines of their own, each beginning with {@code ::} and a verb, as the first or the last lines of the
 * message that are not blank; blank lines between them do not matter. A line in a fence, in a quote or indented as code,
 * and a line in the middle of the message, is text. So is a line that begins with {@code ::} and is neither an order nor
 * close to one, and it ends the block.
 *
 * <p>Whether a person wrote the message is not decided here.
 */
public final class CommandGrammar {
    private static final String MARK = "::";

    private CommandGrammar() {}

    /** Reads one message. Never fails; takes time in proportion to the text, and memory for one of its lines. */
    public static ParsedMessage parse(String text) {
        if (!text.contains(MARK)) {
            return ParsedMessage.NOTHING;
        }
        CommandBlocks blocks = new CommandBlocks();
        withoutAddedQuotes(text).lines().forEach(blocks::next);
        return blocks.end();
    }

    /**
     * The command in a line, if it is one.
     *
     * @param at the number of the line
     * @param isLast whether no line follows that is not blank
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

    /** A line that continues a paragraph is no code however far it is indented; nobody types an order that way. */
    private static boolean isIndentedAsCode(String line) {
        int content = 0;
        while (content < line.length() && line.charAt(content) == ' ') {
            content++;
        }
        return content >= 4 || (content < line.length() && line.charAt(content) == '\t');
    }

    /**
     * {@code opencode run} puts a prompt that has a blank in it between double quotes, and a backslash before those that it
     * has inside. A message between quotes without a blank was quoted by a person: that is text.
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

    /** {@code opencode run "a b"} puts the quotes of the shell around the message; the closing one is then its end. */
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
        Optional<Verb> meant = Verb.closeTo(word);
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
                            "after ::" + word + " a blank or the end of the line is expected. " + verb.howTo());
        }
        if (!word.equals(verb.word())) {
            return nearMiss(at, typed, "::" + word + " is not a command of Kept. " + verb.howTo());
        }
        return Optional.of(arguments(at, typed, verb, after.strip()));
    }

    private static Optional<CommandLine> spacedVerb(int at, String typed, String rest) {
        String word = rest.strip().split("\\s", 2)[0];
        return Verb.exactly(word)
                .flatMap(verb ->
                        nearMiss(at, typed, "between :: and " + word + " there must be no blank. " + verb.howTo()));
    }

    private static CommandLine arguments(int at, String typed, Verb verb, String argument) {
        if (argument.isEmpty()) {
            return verb.pathIsRequired()
                    ? new NearMiss(at, typed, "::" + verb.word() + " needs a path. " + verb.howTo())
                    : new Order(at, verb.command(Optional.empty()));
        }
        if (!verb.takesPath()) {
            return new NearMiss(at, typed, "::" + verb.word() + " takes nothing after it. " + verb.howTo());
        }
        return switch (PathArgument.read(argument)) {
            case PathArgument.Read read -> new Order(at, verb.command(Optional.of(read.path())));
            case PathArgument.Unclear unclear -> new NearMiss(at, typed, unclear.reason() + " " + verb.howTo());
        };
    }

    private static Optional<CommandLine> nearMiss(int at, String typed, String message) {
        return Optional.of(new NearMiss(at, typed, message));
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}

package dev.kept.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The words of the grammar, what may follow each, and which other words look like a slip for one. */
enum Verb {
    INIT("init", Argument.MAY),
    RECORD("record", Argument.NONE),
    CAPTURE("capture", Argument.MAY),
    EXPORT("export", Argument.MUST),
    STOP("stop", Argument.NONE);

    private enum Argument {
        NONE,
        MAY,
        MUST
    }

    private final String word;
    private final Argument argument;

    Verb(String word, Argument argument) {
        this.word = word;
        this.argument = argument;
    }

    String word() {
        return word;
    }

    boolean takesPath() {
        return argument != Argument.NONE;
    }

    boolean pathIsRequired() {
        return argument == Argument.MUST;
    }

    /** How a line with this verb is written, as a sentence. */
    String howTo() {
        return switch (argument) {
            case NONE -> "Write ::" + word + " alone on its line.";
            case MAY -> "Write ::" + word + " or ::" + word + " notes/name.md alone on its line.";
            case MUST -> "Write ::" + word + " notes/name.md alone on its line.";
        };
    }

    InChatCommand command(Optional<String> path) {
        return switch (this) {
            case INIT -> new InChatCommand.Initialize(path);
            case RECORD -> new InChatCommand.StartRecording();
            case CAPTURE -> new InChatCommand.Capture(path);
            case EXPORT -> new InChatCommand.Export(path.orElseThrow());
            case STOP -> new InChatCommand.Stop();
        };
    }

    static Optional<Verb> exactly(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word.equals(word)).findFirst();
    }

    /** The verb itself, or the one that a word misses by its case, or by one letter more, less, other or swapped. */
    static Optional<Verb> closeTo(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(verb -> oneSlipApart(lower, verb.word))
                .findFirst();
    }

    private static boolean oneSlipApart(String a, String b) {
        int start = 0;
        while (start < Math.min(a.length(), b.length()) && a.charAt(start) == b.charAt(start)) {
            start++;
        }
        int endA = a.length();
        int endB = b.length();
        while (endA > start && endB > start && a.charAt(endA - 1) == b.charAt(endB - 1)) {
            endA--;
            endB--;
        }
        int restA = endA - start;
        int restB = endB - start;
        boolean swapped = restA == 2
                && restB == 2
                && a.charAt(start) == b.charAt(start + 1)
                && a.charAt(start + 1) == b.charAt(start);
        return (restA <= 1 && restB <= 1) || swapped;
    }
}

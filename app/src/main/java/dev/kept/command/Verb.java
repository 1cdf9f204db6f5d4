package dev.kept.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The verbs of the grammar, and their arguments. Also recognises words that look like a slip for one. */
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

    /** Returns a sentence that shows the form of a line with this verb. */
    String usage() {
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

    static Optional<Verb> of(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word.equals(word)).findFirst();
    }

    /**
     * Returns the verb that a word spells, or the one from which it differs only by case, or by one letter that is
     * extra, missing, different or swapped.
     */
    static Optional<Verb> closest(String word) {
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

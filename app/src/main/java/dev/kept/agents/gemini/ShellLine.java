package dev.kept.agents.gemini;

import java.util.Optional;

/** A shell command of a person, as the agent reports it to the model together with the output. */
final class ShellLine {
    private static final String BEGINNING = "I ran the following shell command:\n";
    private static final String RESULT = "\n\nThis produced the following result:\n";

    private ShellLine() {}

    /** Returns the command if a text is such a report; empty for any other text. */
    static Optional<String> of(String text) {
        String report = text.strip();
        int end = report.indexOf(RESULT);
        if (!report.startsWith(BEGINNING) || end < 0) {
            return Optional.empty();
        }
        String line = report.substring(BEGINNING.length(), Math.max(BEGINNING.length(), end));
        int first = line.indexOf('\n');
        boolean fenced = line.startsWith("```") && first >= 0 && line.endsWith("\n```");
        return Optional.of(fenced ? line.substring(first + 1, Math.max(first + 1, line.length() - 4)) : line);
    }
}

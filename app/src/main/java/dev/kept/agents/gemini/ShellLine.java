package dev.kept.agents.gemini;

import java.util.Optional;

/** A line that a person gave to the shell, as the agent tells the model of it together with the output. */
final class ShellLine {
    private static final String BEGINNING = "I ran the following shell command:\n";
    private static final String RESULT = "\n\nThis produced the following result:\n";

    private ShellLine() {}

    /** Returns the line, if a text is the agent's telling of one. */
    static Optional<String> of(String text) {
        String told = text.strip();
        int end = told.indexOf(RESULT);
        if (!told.startsWith(BEGINNING) || end < 0) {
            return Optional.empty();
        }
        String line = told.substring(BEGINNING.length(), Math.max(BEGINNING.length(), end));
        int first = line.indexOf('\n');
        boolean fenced = line.startsWith("```") && first >= 0 && line.endsWith("\n```");
        return Optional.of(fenced ? line.substring(first + 1, Math.max(first + 1, line.length() - 4)) : line);
    }
}

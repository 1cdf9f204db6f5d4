package dev.kept.recording.writer;

import java.time.ZoneId;
import java.util.Objects;

/**
 * How a conversation looks as Markdown.
 *
 * @param userName the person's name in headings
 * @param zone the time zone of the times in headings
 * @param thinking whether what the model wrote to itself is shown, folded
 * @param systemEvents whether what the agent's program put into the conversation is shown, folded
 * @param tools how tool calls and their results are shown
 * @param toolTextLimit the most characters of one tool input or result; what is over it is left out in the middle
 */
public record MarkdownOptions(
        String userName, ZoneId zone, boolean thinking, boolean systemEvents, Tools tools, int toolTextLimit) {
    /** How much of a tool call is shown. */
    public enum Tools {
        /** Open. */
        FULL,
        FOLDED,
        /** One line a call, without its result unless that is an error. */
        NAMES,
        NONE
    }

    /** The smallest {@code toolTextLimit}. */
    public static final int MIN_TOOL_TEXT_LIMIT = 200;

    public MarkdownOptions {
        Objects.requireNonNull(userName, "userName");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(tools, "tools");
        if (toolTextLimit < MIN_TOOL_TEXT_LIMIT) {
            throw new IllegalArgumentException(
                    "toolTextLimit is " + toolTextLimit + "; at least " + MIN_TOOL_TEXT_LIMIT + " is needed");
        }
    }

    /** What holds without configuration. The zone has no default: a note must not change with the machine it is made on. */
    public static MarkdownOptions defaults(ZoneId zone) {
        return new MarkdownOptions("You", zone, false, false, Tools.FOLDED, 8_000);
    }
}

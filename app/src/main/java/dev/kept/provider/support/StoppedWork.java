package dev.kept.provider.support;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolResult;

/**
 * The names by which events tell of a subagent's work that was stopped, or that nothing in the conversation ended. Where only
 * the words of its call tell which one it was, the name is a digest of them: it is the line that begins with these words. Pure.
 */
public final class StoppedWork {
    /** The subtype of the message, without words, that tells of work which was stopped. */
    public static final String STOPPED = "subagent-stopped";

    /** The same of work that no call began, and that came to its end. */
    public static final String UNCLAIMED = "subagent-unclaimed";

    private static final String PROMPT = "prompt-";

    private StoppedWork() {}

    /** The name of the line that begins with a prompt. */
    public static String lineOf(String promptDigest) {
        return PROMPT + promptDigest;
    }

    /** Reports whether a line's name is that of its prompt. */
    public static boolean isOfPrompt(String line) {
        return line.startsWith(PROMPT);
    }

    /** Reports whether the line of that name begins with that prompt. */
    public static boolean isOf(String line, String prompt) {
        return line.equals(lineOf(digest(prompt)));
    }

    /** A digest of the words of a call. */
    public static String digest(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return Long.toHexString(hash);
    }

    /** Reports whether the work that an event names was stopped. */
    public static boolean isStopped(ConversationEvent naming) {
        return (naming instanceof ToolResult result && result.error())
                || (naming instanceof SystemMessage message && message.subtype().equals(STOPPED));
    }

    /** Reports whether the work that an event names may stand between the events of the line that it is named in. */
    public static boolean mayBeInline(ConversationEvent naming) {
        return naming instanceof ToolResult
                || (naming instanceof SystemMessage message
                        && (message.subtype().equals(STOPPED)
                                || message.subtype().equals(UNCLAIMED)));
    }
}

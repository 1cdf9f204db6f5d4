package dev.kept.provider.support;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolResult;

/**
 * The names of subagent work in events: work that was stopped, or that nothing in the conversation ended. If only the
 * words of its call identify the work, its name is a digest of them, and it is the branch that begins with these words.
 * Pure.
 */
public final class StoppedWork {
    /** The subtype of the message, without text, that reports stopped work. */
    public static final String STOPPED = "subagent-stopped";

    /** The subtype of the message, without text, that reports finished work which no call began. */
    public static final String UNCLAIMED = "subagent-unclaimed";

    private static final String PROMPT = "prompt-";

    private StoppedWork() {}

    /** Returns the name of the branch that begins with a prompt. */
    public static String branchOf(String promptDigest) {
        return PROMPT + promptDigest;
    }

    /** Reports whether a branch is named after its prompt. */
    public static boolean isOfPrompt(String line) {
        return line.startsWith(PROMPT);
    }

    /** Reports whether a branch of that name begins with that prompt. */
    public static boolean isOf(String line, String prompt) {
        return line.equals(branchOf(digest(prompt)));
    }

    /** Returns a digest of the text of a call. */
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

    /** Reports whether the work that an event names may be written between the events of the branch that names it. */
    public static boolean mayBeInline(ConversationEvent naming) {
        return naming instanceof ToolResult
                || (naming instanceof SystemMessage message
                        && (message.subtype().equals(STOPPED)
                                || message.subtype().equals(UNCLAIMED)));
    }
}

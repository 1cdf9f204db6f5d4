package dev.kept.recording.command;

import dev.kept.model.SessionKey;
import dev.kept.recording.contract.RecordingContext;

/**
 * Limits for commands in messages. A command beyond them is reported as a problem, and is neither carried out nor
 * decided. Orders from the command line are not limited here. Owned by the pipeline thread.
 */
public final class CommandBudget {
    /** Limit for the commands of one session that are carried out from its messages. */
    public static final int MAX_COMMANDS = 1_000;

    /** Limit for waiting commands, in all sessions together. */
    static final int MAX_WAITING = 2_048;

    /**
     * Limit for active recordings and exports, in all sessions together, beyond which no message starts another one.
     */
    static final int MAX_OPEN = 4_096;

    private final RecordingContext context;
    private int waiting;

    public CommandBudget(RecordingContext context) {
        this.context = context;
    }

    /**
     * Admits the commands of a message; none of them if there is no room for all.
     *
     * @param takenBefore the number of commands of the session that were decided, or wait
     * @param open the number of active recordings and exports
     */
    public MessageCommands admit(SessionKey key, MessageCommands given, long takenBefore, int open) {
        if (given.isEmpty()) {
            return given;
        }
        if (takenBefore + given.size() > MAX_COMMANDS) {
            refuse(
                    key,
                    "more than " + MAX_COMMANDS + " commands were typed in this session; no more are carried out",
                    "Use the command line: kept record, kept unrecord, kept export.");
            return MessageCommands.NONE;
        }
        if (waiting + given.size() > MAX_WAITING || open >= MAX_OPEN) {
            refuse(
                    key,
                    "a command was not carried out: " + MAX_WAITING + " others wait, or " + MAX_OPEN
                            + " recordings and exports are at work",
                    "Type it again when they have ended; see: kept status");
            return MessageCommands.NONE;
        }
        waiting += given.size();
        return given;
    }

    /** Notes that a command no longer waits. */
    public void release(String commandKey) {
        if (!commandKey.startsWith(CommandLineOrder.ORIGIN)) {
            waiting--;
        }
    }

    private void refuse(SessionKey key, String message, String remedy) {
        context.listener().problem(key, "command.many", message, remedy);
    }
}

package dev.kept.recording.command;

import dev.kept.model.SessionKey;
import dev.kept.recording.contract.RecordingContext;

/**
 * Room for the commands that stand in messages. One that finds none is told as a problem, is not carried out and not
 * decided. Who orders at the command line is not held up by this. Owned by the pipeline thread.
 */
public final class CommandBudget {
    /** The most commands of one session that are carried out from its messages. */
    public static final int MAX_COMMANDS = 1_000;

    /** The most commands that wait, in all sessions together. */
    static final int MAX_WAITING = 2_048;

    /** With so many recordings and exports at work, in all sessions together, no message begins another one. */
    static final int MAX_OPEN = 4_096;

    private final RecordingContext context;
    private int waiting;

    public CommandBudget(RecordingContext context) {
        this.context = context;
    }

    /**
     * Takes the commands of a message on; none of them if there is no room for all.
     *
     * @param takenBefore how many of the session were decided, or wait
     * @param open how many recordings and exports are at work
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

    /** A command waits no more. */
    public void leave(String commandKey) {
        if (!commandKey.startsWith(CommandLineOrder.ORIGIN)) {
            waiting--;
        }
    }

    private void refuse(SessionKey key, String message, String remedy) {
        context.listener().problem(key, "command.many", message, remedy);
    }
}

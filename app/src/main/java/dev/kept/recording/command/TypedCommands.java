package dev.kept.recording.command;

import dev.kept.command.CommandGrammar;
import dev.kept.command.CommandLine;
import dev.kept.command.ParsedMessage;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.SessionKey;
import dev.kept.recording.contract.RecordingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Filter for the commands in messages that count.
 *
 * <p>A command is carried out once, and only if a person just typed it: it is in a text that a person wrote on the main
 * branch, its key was not decided before (in whichever session a copy of the message is), it carries a time, and that
 * time is after Kept began to follow the root and less than {@link #MAX_LATENESS} ago. Owned by the pipeline thread.
 */
public final class TypedCommands {
    /** Greatest age of a command. Older ones wait; they are never carried out late without a person's confirmation. */
    public static final Duration MAX_LATENESS = Duration.ofHours(24);

    /** Suffix of the id of a message that came before with less text. */
    private static final Pattern WORDING = Pattern.compile("~\\d+$");

    private final RecordingContext context;
    private final DecidedCommandKeys decided = new DecidedCommandKeys();
    private final LateCommands late = new LateCommands();

    public TypedCommands(RecordingContext context) {
        this.context = context;
    }

    /** Notes that a command with that key was decided; returns false if one was before. */
    public boolean markDecided(String key, Instant at) {
        return decided.add(key, at);
    }

    /** Returns the commands that arrived too late. */
    public LateCommands late() {
        return late;
    }

    /** Returns the heap memory that is held, in bytes. */
    public long heldBytes() {
        return decided.heldBytes() + late.heldBytes();
    }

    /** Returns the commands of a message that are to be carried out. */
    public MessageCommands of(SourceInfo source, SessionKey key, UserMessage message) {
        if (!message.header().authorship().authored() || !message.text().contains("::")) {
            return MessageCommands.NONE;
        }
        ParsedMessage parsed = CommandGrammar.parse(message.text());
        MessageCommands undecided =
                new MessageCommands(undecided(message, parsed.first()), undecided(message, parsed.last()));
        if (undecided.isEmpty() || !mayOrder(source, key, message)) {
            return MessageCommands.NONE;
        }
        if (parsed.hasTooMany()) {
            context.listener()
                    .problem(
                            key,
                            "command.many",
                            "a message has more than " + ParsedMessage.MAX_COMMANDS
                                    + " commands; none of them was carried out",
                            "Type those that are wanted in a message of their own.");
            return MessageCommands.NONE;
        }
        return undecided;
    }

    /** Reports whether a message contains a command that a person wrote and that was not decided in any copy of it. */
    public boolean holdsUndecided(UserMessage message) {
        return message.header().authorship().authored()
                && message.text().contains("::")
                && !undecided(message, CommandGrammar.parse(message.text()).all())
                        .isEmpty();
    }

    private List<MessageCommands.Keyed> undecided(UserMessage message, List<CommandLine> lines) {
        List<MessageCommands.Keyed> undecided = new ArrayList<>();
        for (CommandLine line : lines) {
            // Without the session's id: a fork copies the message, and its copy is the same order. And without the
            // revision number: what was typed once is ordered once.
            String key = WORDING.matcher(message.header().eventId()).replaceFirst("") + "#" + line.line();
            if (!decided.contains(key)) {
                undecided.add(new MessageCommands.Keyed(key, line));
            }
        }
        return undecided;
    }

    private boolean mayOrder(SourceInfo source, SessionKey key, UserMessage message) {
        Instant now = context.clock().instant();
        Optional<Instant> at = message.header().timestamp();
        if (source.rootEnabledAt().isAfter(now)) {
            // It is unknown whether this was typed before or after Kept began to follow.
            context.listener()
                    .problem(
                            key,
                            "command.clock",
                            "a command was not obeyed: the clock was put back behind the time since which this folder is"
                                    + " followed",
                            "Run: kept restart, and type it again.");
            return false;
        }
        // Agents write milliseconds: what was typed in the millisecond of the start may have come after it.
        if (at.isPresent() && at.get().isBefore(source.rootEnabledAt().truncatedTo(ChronoUnit.MILLIS))) {
            return false;
        }
        if (at.isEmpty() || at.get().isBefore(now.minus(MAX_LATENESS)) || decided.mayHaveForgotten(at.get(), now)) {
            late.add(key, message.header().eventId(), at);
            return false;
        }
        if (message.header().authorship() == Authorship.HEADLESS && !context.headless()) {
            context.listener()
                    .problem(
                            key,
                            "command.headless",
                            "a command in the prompt of a headless run was not obeyed: a script may have fed it",
                            "If such prompts may give orders, set commands.headless: true in config.yaml, then: kept restart");
            return false;
        }
        return true;
    }
}

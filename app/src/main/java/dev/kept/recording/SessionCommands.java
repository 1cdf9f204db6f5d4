package dev.kept.recording;

import dev.kept.command.CommandLine;
import dev.kept.command.InChatCommand;
import dev.kept.model.SessionKey;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.command.CommandRules;
import dev.kept.recording.command.CommandRules.Decision;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.recording.contract.RecordingReport.Prepared;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.text.ForeignPath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one session, carried out one at a time. A command that names a file waits until a worker reports
 * whether the file may be written. {@link CommandRules} decides; the recorder applies the decision. Owned by the
 * pipeline thread.
 */
final class SessionCommands {
    private static final long PREPARE_SECONDS = 10;

    private record Asked(Obey step, InChatCommand command, long ticket, Instant at) {}

    private final SessionKey key;
    private final RecordingContext context;
    private final SessionRegistry sessionRegistry;
    private final SessionJournal journal;
    private final ConversationSources sources;
    private final SessionRecorder recorder;
    private @Nullable Asked asked;

    /** True if a command was not carried out, and will be when its message is read again. */
    private boolean hasPostponed;

    SessionCommands(
            SessionKey key,
            RecordingContext context,
            SessionRegistry sessionRegistry,
            SessionJournal journal,
            ConversationSources sources,
            SessionRecorder recorder) {
        this.key = key;
        this.context = context;
        this.sessionRegistry = sessionRegistry;
        this.journal = journal;
        this.sources = sources;
        this.recorder = recorder;
    }

    /** Reports whether a command waits for its result. */
    boolean isWaiting() {
        return asked != null;
    }

    /** Reports whether no command waits for its result or to be read again. */
    boolean isAllDecided() {
        return !isWaiting() && !hasPostponed;
    }

    private ConversationSources.Source here() {
        return sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
    }

    /** Returns the step for the command with that number in an order from outside the chat. */
    static Obey typed(CommandLineOrder order, int number) {
        return new Obey(
                order.key() + "#" + number,
                new CommandLine.Order(number, order.commands().get(number)),
                order.boundary(),
                order.workingDirectory(),
                false,
                Optional.of(order));
    }

    /** Carries a command out, or first asks where its path leads. */
    void obey(Obey step) {
        // Earlier events were not delivered to a session that nobody had recorded; they are read from the tape.
        here().reach(step.boundary());
        switch (step.line()) {
            case CommandLine.NearMiss miss -> {
                String message = "“" + miss.text() + "”: " + miss.message();
                decide(step, "?", Decision.failed(message, "Type it again."));
                context.listener().problem(key, "command.unclear", message, "Type it again.");
            }
            case CommandLine.Order order -> {
                InChatCommand command = order.command();
                Optional<Decision> decision = rules(step).withoutFile(command);
                if (decision.isPresent()) {
                    settle(step, command, decision.get());
                } else {
                    ask(step, command);
                }
            }
        }
    }

    private CommandRules rules(Obey step) {
        return new CommandRules(key, journal, sources.currentId(), step.boundary());
    }

    private void ask(Obey step, InChatCommand command) {
        long ticket = sessionRegistry.newTicket(recorder);
        Instant now = context.clock().instant();
        asked = new Asked(step, command, ticket, now);
        RecordingFacts known = here().facts();
        GeneratedName generated = GeneratedName.of(
                context.styles().settings(key.provider()),
                known.firstEventAt().orElse(now),
                context.styles().nameable(known.title()),
                key,
                ForeignPath.of(step.workingDirectory()));
        context.workers()
                .prepare(ticket, rules(step).argument(command), ForeignPath.of(step.workingDirectory()), generated);
    }

    /**
     * Handles a worker's answer about the path of the command that waits.
     *
     * @return whether the waiting steps can continue
     */
    boolean handlePrepared(Prepared prepared) {
        Asked waiting = asked;
        if (waiting == null || waiting.ticket() != prepared.ticket()) {
            return false;
        }
        asked = null;
        switch (prepared.verdict()) {
            case Prepared.Ready ready -> carryOut(waiting.step(), waiting.command(), ready.path());
            case Prepared.Refused(var refusal) -> handleRefused(waiting.step(), waiting.command(), refusal);
        }
        return true;
    }

    /** Gives up on an answer that takes too long. Returns whether the waiting steps can continue. */
    boolean tick(Instant now) {
        Asked waiting = asked;
        if (waiting == null || !now.isAfter(waiting.at().plusSeconds(PREPARE_SECONDS))) {
            return false;
        }
        asked = null;
        settle(
                waiting.step(),
                waiting.command(),
                Decision.failed(
                        "its destination did not answer within " + PREPARE_SECONDS + " s",
                        "Type it again when the file system answers."));
        return true;
    }

    private void handleRefused(Obey step, InChatCommand command, Refusal refusal) {
        context.listener().denied(key, refusal);
        if (refusal.code().liftedByAllow() && step.typed().isEmpty()) {
            // Not decided: after `kept allow` its message is read again, and it runs once.
            hasPostponed = true;
            context.listener()
                    .problem(
                            key,
                            "command.pending",
                            "::" + command.verb() + " waits: " + refusal.message(),
                            refusal.remedy());
        } else {
            settle(step, command, Decision.failed(refusal.message(), refusal.remedy()));
        }
    }

    private void carryOut(Obey step, InChatCommand command, Path path) {
        Optional<SessionKey> other = sessionRegistry.ownerOtherThan(key, path);
        RecordingFacts known = here().facts();
        CommandRules.Subject subject = new CommandRules.Subject(
                known.title(), known.firstEventAt(), context.clock().instant(), earlierSources());
        settle(
                step,
                command,
                other.map(owner -> Decision.failed(
                                path + " belongs to session " + owner.sessionId(), "Choose another file."))
                        .orElseGet(() -> rules(step).withFile(command, path, subject)));
    }

    /** Returns the sources from which the conversation moved on, each with the position where it did. */
    private List<SourceLeft> earlierSources() {
        Instant here = here().facts().createdAt();
        List<SourceLeft> earlier = new ArrayList<>();
        for (MainBranches.MainBranch line : context.mainBranches().of(key)) {
            if (line.facts().createdAt().isBefore(here)) {
                String id = line.facts().sourceId();
                earlier.add(new SourceLeft(id, journal.leftAt(id).orElse(line.end())));
                // Its events may not have been delivered to anyone; they are read from the tape.
                sources.register(line.facts()).reach(line.end());
            }
        }
        return earlier;
    }

    private void settle(Obey step, InChatCommand command, Decision decision) {
        decide(step, command.verb(), decision);
        step.typed().ifPresent(order -> answer(order, step.line().line(), decision));
        switch (decision.outcome()) {
            case DONE -> context.listener().obeyed(key, command.verb(), decision.message());
            case FAILED -> {
                // A person at the command line gets the result there.
                if (step.typed().isEmpty()) {
                    String message = "::" + command.verb() + ": " + decision.message();
                    context.listener().problem(key, "command.failed", message, decision.remedy());
                }
            }
        }
    }

    /** Continues with the rest of an order, or answers with its result. */
    private void answer(CommandLineOrder order, int number, Decision decision) {
        boolean done = decision.outcome() == CommandDecided.Outcome.DONE;
        if (done && number + 1 < order.commands().size()) {
            recorder.addFirst(typed(order, number + 1));
        } else {
            order.reply().accept(new CommandLineOrder.Reply(done, decision.message(), decision.remedy()));
        }
    }

    /** Makes a decision durable with all its consequences, and applies it. */
    private void decide(Obey step, String verb, Decision decision) {
        List<JournalEntry> entries = new ArrayList<>();
        entries.add(new CommandDecided(
                step.key(),
                verb,
                decision.outcome(),
                decision.message(),
                sources.currentId(),
                step.boundary(),
                context.clock().instant()));
        entries.addAll(decision.consequences());
        recorder.apply(entries);
    }
}

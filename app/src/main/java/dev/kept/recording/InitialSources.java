package dev.kept.recording;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.RecorderStep.Skipped;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.journal.SessionJournal;
import java.time.Instant;
import java.util.List;

/**
 * The step that orders a session's sources when the initial scan is complete. Until then they were delivered in any
 * order, and the conversation did not move between them. Now it is walked through by their age, as steps that are
 * carried out one after another. Where commands waited, recordings continue only up to the next of them. Owned by the
 * pipeline thread.
 */
final class InitialSources {
    private final SessionKey key;
    private final MainBranches mainBranches;
    private final SessionJournal journal;
    private final ConversationSources sources;
    private final PendingSteps steps;

    InitialSources(
            SessionKey key,
            MainBranches mainBranches,
            SessionJournal journal,
            ConversationSources sources,
            PendingSteps steps) {
        this.key = key;
        this.mainBranches = mainBranches;
        this.journal = journal;
        this.sources = sources;
        this.steps = steps;
    }

    /**
     * Turns what waited into steps.
     *
     * @param nothingRecorded whether no recording or export of the session is active
     * @param asking whether a command waits for its result
     */
    void addSteps(boolean nothingRecorded, boolean asking) {
        List<MainBranches.MainBranch> all = mainBranches.of(key);
        boolean idle = nothingRecorded && !asking;
        if (!idle || !steps.isEmpty() || sources.hasOrders()) {
            if (idle && all.size() > 1) {
                startIn(all);
            } else {
                continueIn(all);
            }
        }
        for (MainBranches.MainBranch branch : all) {
            String id = branch.facts().sourceId();
            if (!sources.endsIn(id) && !sources.currentId().equals(id) && !steps.movesTo(id)) {
                // All of it was delivered, or lies before what is recorded: what ends there, ends.
                sources.register(branch.facts()).reach(branch.end());
            }
        }
    }

    /** Adds the waiting commands in the order of their sources. Nothing was recorded before. */
    private void startIn(List<MainBranches.MainBranch> all) {
        ConversationSources.Source read =
                sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
        // The events between them are read from the tape if they are needed.
        steps.orders().forEach(read.orders()::add);
        steps.clear();
        boolean begun = false;
        for (MainBranches.MainBranch branch : all) {
            ConversationSources.Source source = sources.register(branch.facts());
            if (begun) {
                continueIn(source, branch.end());
            } else if (!source.orders().isEmpty()) {
                sources.setCurrent(branch.facts().sourceId());
                addOrders(source, branch.end());
                begun = true;
            }
        }
    }

    private void continueIn(List<MainBranches.MainBranch> all) {
        Instant here =
                sources.arriving().map(source -> source.facts().createdAt()).orElse(Instant.MAX);
        for (MainBranches.MainBranch branch : all) {
            ConversationSources.Source source = sources.register(branch.facts());
            String id = branch.facts().sourceId();
            boolean hasNews = journal.leftAt(id)
                    .map(left -> left.isBefore(source.position()))
                    .orElse(branch.facts().createdAt().isAfter(here));
            if (!sources.endsIn(id) && (hasNews || !source.orders().isEmpty())) {
                continueIn(source, branch.end());
            }
        }
    }

    private void continueIn(ConversationSources.Source source, TapePosition end) {
        String id = source.facts().sourceId();
        steps.add(new Move(id, journal.leftAt(id).orElse(TapePosition.START)));
        sources.moveTo(id);
        addOrders(source, end);
    }

    /** Adds the commands of a source that waited. Recordings continue only up to the next of them. */
    private void addOrders(ConversationSources.Source source, TapePosition end) {
        for (Obey order : source.orders()) {
            steps.add(new Skipped(order.boundary()));
            steps.add(order);
        }
        steps.add(new Skipped(end));
        source.orders().clear();
    }
}

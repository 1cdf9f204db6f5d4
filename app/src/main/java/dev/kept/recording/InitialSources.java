package dev.kept.recording;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Missed;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.journal.SessionJournal;
import java.time.Instant;
import java.util.List;

/**
 * What becomes of a session's sources when all that were there at the start are read. Until then they were shown in whatever
 * order, and nothing moved; now the conversation is gone through by their age, as steps that are carried out one after
 * another: where commands waited, what is recorded goes no further than the next of them. Owned by the pipeline thread.
 */
final class InitialSources {
    private final SessionKey key;
    private final MainBranches mainLines;
    private final SessionJournal journal;
    private final ConversationSources sources;
    private final PendingSteps steps;

    InitialSources(
            SessionKey key,
            MainBranches mainLines,
            SessionJournal journal,
            ConversationSources sources,
            PendingSteps steps) {
        this.key = key;
        this.mainLines = mainLines;
        this.journal = journal;
        this.sources = sources;
        this.steps = steps;
    }

    /**
     * Makes steps of what waited.
     *
     * @param nothingRecorded whether no recording or export of the session is at work
     * @param asking whether a command waits for its answer
     */
    void read(boolean nothingRecorded, boolean asking) {
        List<MainBranches.MainLine> all = mainLines.of(key);
        boolean idle = nothingRecorded && !asking;
        if (!idle || !steps.isEmpty() || sources.haveOrders()) {
            if (idle && all.size() > 1) {
                beginIn(all);
            } else {
                goOnIn(all);
            }
        }
        for (MainBranches.MainLine line : all) {
            String id = line.facts().sourceId();
            if (!sources.endIn(id) && !sources.currentId().equals(id) && !steps.goTo(id)) {
                // All of it was shown, or lies before what is recorded: what ends there ends.
                sources.meet(line.facts()).reach(line.end());
            }
        }
    }

    /** Nothing was recorded before: the commands that waited are carried out in the order of their sources. */
    private void beginIn(List<MainBranches.MainLine> all) {
        ConversationSources.Source read =
                sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
        // The events among them are read from the tape, should they be wanted.
        steps.orders().forEach(read.orders()::add);
        steps.clear();
        boolean begun = false;
        for (MainBranches.MainLine line : all) {
            ConversationSources.Source source = sources.meet(line.facts());
            if (begun) {
                goOnIn(source, line.end());
            } else if (!source.orders().isEmpty()) {
                sources.beIn(line.facts().sourceId());
                goThrough(source, line.end());
                begun = true;
            }
        }
    }

    private void goOnIn(List<MainBranches.MainLine> all) {
        Instant here =
                sources.arriving().map(source -> source.facts().createdAt()).orElse(Instant.MAX);
        for (MainBranches.MainLine line : all) {
            ConversationSources.Source source = sources.meet(line.facts());
            String id = line.facts().sourceId();
            boolean hasNews = journal.leftAt(id)
                    .map(left -> left.isBefore(source.position()))
                    .orElse(line.facts().createdAt().isAfter(here));
            if (!sources.endIn(id) && (hasNews || !source.orders().isEmpty())) {
                goOnIn(source, line.end());
            }
        }
    }

    private void goOnIn(ConversationSources.Source source, TapePosition end) {
        String id = source.facts().sourceId();
        steps.add(new Move(id, journal.leftAt(id).orElse(TapePosition.START)));
        sources.moveTo(id);
        goThrough(source, end);
    }

    /** The commands of a source that waited; what is recorded goes no further than the next of them. */
    private void goThrough(ConversationSources.Source source, TapePosition end) {
        for (Obey order : source.orders()) {
            steps.add(new Missed(order.boundary()));
            steps.add(order);
        }
        steps.add(new Missed(end));
        source.orders().clear();
    }
}

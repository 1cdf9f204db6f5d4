package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.recording.ModelRun.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What tests of one recording share: a conversation that is captured, taken bit by bit, and its note. */
abstract class OneRecording extends OneModelRun {
    static final Path NOTE = Path.of("/work/a.md");
    static final String FRONT_MATTER = "---\ntitle: ";
    private static final Pattern TURN = Pattern.compile("turn-[a-z]*\\d+-");

    OneRecording() {
        super(11);
    }

    /** A capture to {@link #NOTE}, with something said before and after it. */
    static Chat captured() {
        return new Chat("session").says().person("::capture /work/a.md").answers();
    }

    /** Of which the first three records were taken: a capture to {@link #NOTE} has begun. */
    final Conversation begun(Chat chat) throws IOException {
        Conversation conversation = conversation(chat);
        take(conversation, 0, 3);
        run.settle();
        return conversation;
    }

    final void take(Conversation conversation, int from, int to) {
        for (ConversationEvent event : conversation.events().subList(from, to)) {
            run.take(conversation, event);
        }
    }

    final void work() {
        while (run.step()) {
            // All that can be done now.
        }
    }

    final String note() {
        return disk.seen().text(NOTE).orElse("");
    }

    final List<String> turns() {
        return TURN.matcher(note()).results().map(MatchResult::group).toList();
    }

    /** The note's folder does not answer until the run is released. */
    final void takeWhileTheFolderHangs(Conversation conversation, int from, int to) {
        run.hold("writer /work");
        take(conversation, from, to);
        work();
    }
}

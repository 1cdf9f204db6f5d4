package dev.kept.recording.render;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.Provider;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.replay.BranchSource;
import dev.kept.replay.ConversationCursor;
import dev.kept.replay.ToolOutputFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A renderer of a whole conversation from its tapes, with the bytes that {@code ::export} would write. Memory does not
 * grow with the conversation, except for the ids of events where it is on several tapes ({@link ConversationCursor}).
 * Needs no daemon. Stateless.
 *
 * @param styles the styles of recordings
 */
public record ConversationExport(RecordingStyles styles) {
    /**
     * The conversation to export.
     *
     * @param parts the sources that hold the conversation, in its order; at least one
     * @param subagents the sources of its subagent branches, by their names
     * @param outputs the files that hold large tool outputs
     * @param title the session's title or snippet; may be empty
     * @param created when the conversation began, if that is known
     */
    public record Subject(
            SessionKey session,
            List<BranchSource> parts,
            Map<String, BranchSource> subagents,
            ToolOutputFiles outputs,
            String title,
            Optional<Instant> created) {
        public Subject {
            Objects.requireNonNull(session, "session");
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("a conversation needs at least one source");
            }
            subagents = Map.copyOf(subagents);
            Objects.requireNonNull(outputs, "outputs");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(created, "created");
        }

        Provider provider() {
            return parts.getFirst().provider();
        }
    }

    /** The receiver of an export. */
    public interface Sink {
        /** Accepts the next text; whole lines. */
        void write(String text) throws IOException;

        /** Accepts that so many bytes of the conversation's tapes were read. */
        void at(long bytes);
    }

    /**
     * Writes the conversation.
     *
     * @param note the file that the text goes to, beside which its attachments are written; without one they are not
     * @return the number of events that were rendered
     */
    public long write(Subject subject, RecordingFormat format, Optional<Path> note, Sink sink) throws IOException {
        String speaker = subject.provider().displayName();
        Path file =
                note.orElseGet(() -> Path.of("conversation" + format.suffix()).toAbsolutePath());
        RecordingStyle style = styles.of(subject.session().provider(), file);
        RecordingWriter writer = RecordingWriter.start(format, RecordingFormat.fileName(file), speaker, style);
        Rendered begin = writer.begin(new RecordingHeader(
                subject.title(),
                subject.session(),
                speaker,
                List.of(styles.settings(subject.session().provider()).userName(), speaker),
                subject.created(),
                RecordingHeader.Place.NEW_FILE));
        Output output = new Output(subject, note, sink);
        output.write(begin);
        SubagentExport work = new SubagentExport(subject, format, file, style, output);
        long rendered = 0;
        try (ConversationCursor cursor = new ConversationCursor(subject.parts())) {
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                ConversationEvent event = next.get();
                Optional<String> branch = TapeRenderer.workBefore(event, style.subagents());
                if (branch.isPresent()) {
                    rendered += work.write(event, branch.get(), cursor.source(), cursor.hasSeen(branch.get()));
                }
                output.write(writer.append(event).on(cursor.source().tapeFolder()));
                rendered++;
                cursor.consume();
                sink.at(cursor.bytesRead());
            }
            rendered += work.writeUnnamed(cursor.otherBranches());
        }
        return rendered;
    }

    /** The output of an export: writes rendered text, and what it links to beside the note. */
    record Output(Subject subject, Optional<Path> note, Sink sink) {
        void write(Rendered text) throws IOException {
            if (note.isPresent() && !text.assets().isEmpty()) {
                new AssetFiles()
                        .write(
                                subject.parts().getFirst().tapeFolder(),
                                note.get(),
                                text.assets(),
                                reference -> subject.outputs().tape(subject.session(), reference));
            }
            sink.write(text.text());
        }
    }
}

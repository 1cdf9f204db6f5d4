package dev.kept.daemon.pipeline;

import dev.kept.command.InChatCommand;
import dev.kept.ingest.source.Chunk;
import dev.kept.ingest.source.IngestListener.FileCounts;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.SessionKey;
import dev.kept.provider.SessionFact;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.contract.RecordingReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A message to the pipeline thread. Bytes are bounded by their chunks, the rest by the sender. */
public sealed interface PipelineMessage {

    record Found(SourceInfo source, List<SessionFact> noted) implements PipelineMessage {}

    /** A person renamed a source's session. */
    record Named(SourceInfo source, SessionFact name) implements PipelineMessage {}

    /** The conversation of a session was handed over into a source. */
    record Continues(SourceInfo source) implements PipelineMessage {}

    /** A file without records is followed. */
    record Opaque(SourceInfo source) implements PipelineMessage {}

    record Bytes(SourceInfo source, int generation, long offset, Chunk chunk) implements PipelineMessage {}

    record Rewritten(SourceInfo source, int generation, String why) implements PipelineMessage {}

    record Presence(SourceInfo source, boolean present, long modifiedAtMs) implements PipelineMessage {}

    record Counted(FileCounts counts) implements PipelineMessage {}

    /**
     * A file has a problem.
     *
     * @param remedy advice to the person; empty if the code implies it
     */
    record FileProblem(String code, Path path, String message, Optional<String> remedy) implements PipelineMessage {}

    record IngestIdle() implements PipelineMessage {}

    record FromRecordings(RecordingReport report) implements PipelineMessage {}

    /** A request for a view of the current state. */
    record ViewWanted(CompletableFuture<DaemonView> answer) implements PipelineMessage {}

    /** An order of a person for a session, given on the command line. */
    record Ordered(SessionKey session, List<InChatCommand> commands, CompletableFuture<CommandLineOrder.Reply> answer)
            implements PipelineMessage {
        public Ordered {
            commands = List.copyOf(commands);
        }
    }

    /** A request for the states of these sessions, for a checkpoint. */
    record StatesWanted(List<SessionKey> keys, CompletableFuture<List<byte[]>> answer) implements PipelineMessage {}

    /** A request for the keys of all sessions. */
    record KeysWanted(CompletableFuture<List<SessionKey>> answer) implements PipelineMessage {}

    /** The end: nothing more comes from ingest. */
    record End() implements PipelineMessage {}
}

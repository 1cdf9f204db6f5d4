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

/** What reaches the pipeline thread. Bytes are bounded by their chunks, the rest by who sends it. */
public sealed interface PipelineMessage {

    record Found(SourceInfo source, List<SessionFact> noted) implements PipelineMessage {}

    /** A person named a source's session anew. */
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
     * A file is not as it should be.
     *
     * @param remedy what to do about it; empty if the code tells that
     */
    record FileProblem(String code, Path path, String message, Optional<String> remedy) implements PipelineMessage {}

    record IngestIdle() implements PipelineMessage {}

    record FromRecordings(RecordingReport report) implements PipelineMessage {}

    /** Somebody wants to see what is so now. */
    record ViewWanted(CompletableFuture<DaemonView> answer) implements PipelineMessage {}

    /** A person orders something for a session at the command line. */
    record Ordered(SessionKey session, List<InChatCommand> commands, CompletableFuture<CommandLineOrder.Reply> answer)
            implements PipelineMessage {
        public Ordered {
            commands = List.copyOf(commands);
        }
    }

    /** The states of these sessions are wanted for a checkpoint. */
    record StatesWanted(List<SessionKey> keys, CompletableFuture<List<byte[]>> answer) implements PipelineMessage {}

    /** Which sessions there are. */
    record KeysWanted(CompletableFuture<List<SessionKey>> answer) implements PipelineMessage {}

    /** Nothing more comes from ingest: finish. */
    record End() implements PipelineMessage {}
}

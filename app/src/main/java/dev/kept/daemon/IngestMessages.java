package dev.kept.daemon;

import dev.kept.daemon.pipeline.PipelineMessage;
import dev.kept.ingest.source.Chunk;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.provider.SessionFact;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An ingest listener that forwards each call, on the ingest thread, as a message to the pipeline. */
record IngestMessages(Consumer<PipelineMessage> inbox) implements IngestListener {
    @Override
    public void found(SourceInfo source, List<SessionFact> noted) {
        inbox.accept(new PipelineMessage.Found(source, noted));
    }

    @Override
    public void named(SourceInfo source, SessionFact name) {
        inbox.accept(new PipelineMessage.Named(source, name));
    }

    @Override
    public void continues(SourceInfo source) {
        inbox.accept(new PipelineMessage.Continues(source));
    }

    @Override
    public void opaque(SourceInfo source) {
        inbox.accept(new PipelineMessage.Opaque(source));
    }

    @Override
    public void bytes(SourceInfo source, int generation, long offset, Chunk chunk) {
        inbox.accept(new PipelineMessage.Bytes(source, generation, offset, chunk));
    }

    @Override
    public void rewritten(SourceInfo source, int generation, String why) {
        inbox.accept(new PipelineMessage.Rewritten(source, generation, why));
    }

    @Override
    public void presence(SourceInfo source, boolean present, long modifiedAtMs) {
        inbox.accept(new PipelineMessage.Presence(source, present, modifiedAtMs));
    }

    @Override
    public void counted(FileCounts counts) {
        inbox.accept(new PipelineMessage.Counted(counts));
    }

    @Override
    public void problem(String code, Path path, String message) {
        inbox.accept(new PipelineMessage.FileProblem(code, path, message, Optional.empty()));
    }

    @Override
    public void problem(String code, Path path, String message, String remedy) {
        inbox.accept(new PipelineMessage.FileProblem(code, path, message, Optional.of(remedy)));
    }

    @Override
    public void idle() {
        inbox.accept(new PipelineMessage.IngestIdle());
    }
}

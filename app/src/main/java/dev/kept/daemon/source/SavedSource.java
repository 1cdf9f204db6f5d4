package dev.kept.daemon.source;

import dev.kept.ingest.source.ResumePoint;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.util.Optional;

/**
 * A source as an earlier run left it.
 *
 * @param tape name of its tape
 * @param session session it belongs to
 * @param namedSession session named by its records, or by its path
 * @param own the source's own id
 * @param branch branch of its session that it holds
 * @param decoder decoder that resumes at {@link #resumePoint}
 * @param workingDirectory the agent's working directory at the last record; empty if unknown
 * @param delivered position after the last delivered event of the main branch
 */
public record SavedSource(
        String tape,
        SessionKey session,
        SessionKey namedSession,
        Optional<SessionKey> own,
        String branch,
        DecoderSwap.Held decoder,
        String workingDirectory,
        SourceCounters counts,
        TapePosition delivered) {

    public ResumePoint resumePoint() {
        return new ResumePoint(decoder.generation(), decoder.resumeOffset());
    }

    static void write(FollowedSource source, StateWriter out) throws IOException {
        SourceInfo info = source.info();
        out.text(info.sourceId());
        out.flag(info.kind().sessionId().isPresent());
        info.kind().sessionId().ifPresent(out::text);
        out.text(info.kind().line());
        out.text(info.kind().layout().name());
        out.text(info.kind().continues().orElse(""));
        out.text(source.namedSession().map(SessionKey::sessionId).orElse(""));
        out.text(source.branch());
        out.text(source.workingDirectory());
        source.counts().save(out);
        TapePosition delivered = source.delivered();
        DecoderSwap.Held decoder = source.decoder();
        out.number(delivered.generation());
        out.number(delivered.offset());
        out.number(delivered.index());
        out.number(decoder.generation());
        out.number(decoder.resumeOffset());
        out.bytes(decoder.state());
    }

    public static SavedSource read(Provider provider, SessionKey session, DecoderSwap swap, StateReader in)
            throws IOException {
        String tape = TapeLibrary.name(provider.name(), in.text());
        SourceKind.Session kind = new SourceKind.Session(
                in.flag() ? Optional.of(in.text()) : Optional.empty(),
                in.text(),
                layout(in.text()),
                Optional.of(in.text()).filter(id -> !id.isEmpty()));
        SessionKey namedSession = new SessionKey(session.provider(), in.text());
        String branch = in.text();
        String workingDirectory = in.text();
        SourceCounters counts = SourceCounters.restore(in);
        TapePosition delivered =
                new TapePosition(in.number(0, Integer.MAX_VALUE), in.number(), in.number(0, Integer.MAX_VALUE));
        DecoderSwap.Held decoder =
                swap.restored(provider, kind, in.number(1, Integer.MAX_VALUE), in.number(), in.bytes());
        return new SavedSource(
                tape,
                session,
                namedSession,
                kind.ownId(branch).map(id -> new SessionKey(provider.name(), id)),
                branch,
                decoder,
                workingDirectory,
                counts,
                delivered);
    }

    private static SourceKind.Layout layout(String name) throws IOException {
        for (SourceKind.Layout layout : SourceKind.Layout.values()) {
            if (layout.name().equals(name)) {
                return layout;
            }
        }
        throw new IOException("not a state: no layout " + name);
    }
}

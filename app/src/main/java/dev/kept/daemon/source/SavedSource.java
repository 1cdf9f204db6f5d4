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
 * @param tape the name of its tape
 * @param session the session it belongs to
 * @param said the one that its records name, or its path
 * @param own the id that it goes by itself
 * @param line the line of its session that it holds
 * @param reading goes on at {@link #resumePoint}
 * @param workingDirectory where the agent worked at the last record; empty if unknown
 * @param told the place behind the last event of the main line that was passed on
 */
public record SavedSource(
        String tape,
        SessionKey session,
        SessionKey said,
        Optional<SessionKey> own,
        String line,
        DecoderSwap.Held reading,
        String workingDirectory,
        SourceCounters counts,
        TapePosition told) {

    public ResumePoint resumePoint() {
        return new ResumePoint(reading.generation(), reading.resumeOffset());
    }

    static void write(FollowedSource source, StateWriter out) throws IOException {
        SourceInfo info = source.info();
        out.text(info.sourceId());
        out.flag(info.kind().sessionId().isPresent());
        info.kind().sessionId().ifPresent(out::text);
        out.text(info.kind().line());
        out.text(info.kind().layout().name());
        out.text(info.kind().continues().orElse(""));
        out.text(source.said().map(SessionKey::sessionId).orElse(""));
        out.text(source.line());
        out.text(source.workingDirectory());
        source.counts().save(out);
        TapePosition told = source.told();
        DecoderSwap.Held reading = source.reading();
        out.number(told.generation());
        out.number(told.offset());
        out.number(told.index());
        out.number(reading.generation());
        out.number(reading.resumeOffset());
        out.bytes(reading.state());
    }

    public static SavedSource read(Provider provider, SessionKey session, DecoderSwap park, StateReader in)
            throws IOException {
        String tape = TapeLibrary.name(provider.name(), in.text());
        SourceKind.Session kind = new SourceKind.Session(
                in.flag() ? Optional.of(in.text()) : Optional.empty(),
                in.text(),
                layout(in.text()),
                Optional.of(in.text()).filter(id -> !id.isEmpty()));
        SessionKey said = new SessionKey(session.provider(), in.text());
        String line = in.text();
        String workingDirectory = in.text();
        SourceCounters counts = SourceCounters.restore(in);
        TapePosition told =
                new TapePosition(in.number(0, Integer.MAX_VALUE), in.number(), in.number(0, Integer.MAX_VALUE));
        DecoderSwap.Held reading =
                park.parked(provider, kind, in.number(1, Integer.MAX_VALUE), in.number(), in.bytes());
        return new SavedSource(
                tape,
                session,
                said,
                kind.ownId(line).map(id -> new SessionKey(provider.name(), id)),
                line,
                reading,
                workingDirectory,
                counts,
                told);
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

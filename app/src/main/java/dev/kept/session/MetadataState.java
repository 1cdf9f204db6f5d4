package dev.kept.session;

import dev.kept.model.SessionKey;
import dev.kept.model.TokenUsage;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Saves and restores the metadata of a session. All events of a restored session are on tape only. */
final class MetadataState {
    private MetadataState() {}

    static void write(SessionSnapshotStatusMetadata metadata, StateWriter out) {
        out.text(metadata.key().provider());
        out.text(metadata.key().sessionId());
        out.text(metadata.snippet());
        out.text(metadata.title());
        out.text(metadata.titleOrigin().publicName());
        out.text(metadata.workingDirectory());
        out.text(metadata.gitBranch());
        out.text(metadata.clientVersion());
        out.text(metadata.model());
        out.text(metadata.forkedFrom());
        for (Optional<Instant> time :
                List.of(metadata.firstEventAt(), metadata.lastEventAt(), metadata.lastMessageAt())) {
            out.flag(time.isPresent());
            time.ifPresent(at -> {
                out.number(at.getEpochSecond());
                out.number(at.getNano());
            });
        }
        out.number(metadata.fileModifiedAtMs());
        out.flag(metadata.sourcePresent());
        out.number(metadata.eventCount());
        TokenUsage usage = metadata.usage();
        out.number(usage.input());
        out.number(usage.cacheCreation());
        out.number(usage.cacheRead());
        out.number(usage.output());
    }

    static SessionSnapshotStatusMetadata read(StateReader in) throws IOException {
        SessionKey key = new SessionKey(in.text().intern(), in.text());
        String snippet = in.text();
        String title = in.text();
        Origin titleOrigin =
                Origin.of(in.text()).orElseThrow(() -> new IOException("not a state: no origin of a title"));
        String workingDirectory = in.text();
        String gitBranch = in.text();
        String clientVersion = in.text();
        String model = in.text();
        String forkedFrom = in.text();
        Optional<Instant> first = time(in);
        // What is charged only once must exist only once: equal times share an object, and no usage is the constant.
        Optional<Instant> last = shared(time(in), first);
        Optional<Instant> message = shared(shared(time(in), first), last);
        long fileModifiedAtMs = in.number();
        boolean sourcePresent = in.flag();
        long eventCount = in.number();
        TokenUsage usage = new TokenUsage(in.number(), in.number(), in.number(), in.number());
        return new SessionSnapshotStatusMetadata(
                key,
                snippet,
                title,
                titleOrigin,
                workingDirectory,
                gitBranch,
                clientVersion,
                model,
                forkedFrom,
                first,
                last,
                message,
                fileModifiedAtMs,
                sourcePresent,
                eventCount,
                0,
                usage.isNone() ? TokenUsage.NONE : usage,
                0);
    }

    private static Optional<Instant> time(StateReader in) throws IOException {
        try {
            return in.flag() ? Optional.of(Instant.ofEpochSecond(in.number(), in.number())) : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IOException("not a state: " + e.getMessage(), e);
        }
    }

    private static Optional<Instant> shared(Optional<Instant> time, Optional<Instant> held) {
        return time.equals(held) ? held : time;
    }
}

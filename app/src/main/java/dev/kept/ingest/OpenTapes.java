package dev.kept.ingest;

import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.source.IngestListener;
import java.io.IOException;
import java.util.LinkedHashMap;

/** The open tapes: keeps the most recently used few open, however many there are. Owned by the ingest thread. */
final class OpenTapes {
    private final IngestListener listener;
    private final int most;
    private final LinkedHashMap<SourceFile, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most the most open tapes, which the limit of this process decides */
    OpenTapes(IngestListener listener, int most) {
        this.most = most;
        this.listener = listener;
    }

    /** Notes that a source's tape may have been opened. */
    void markUsed(SourceFile source) {
        if (source.tape().isOpen()) {
            open.put(source, true);
        }
        while (open.size() > most) {
            close(open.pollFirstEntry().getKey());
        }
    }

    void closeAll() {
        while (!open.isEmpty()) {
            close(open.pollFirstEntry().getKey());
        }
    }

    private void close(SourceFile source) {
        try {
            source.tape().close();
        } catch (IOException e) {
            listener.problem("tape.unwritable", source.tape().folder(), String.valueOf(e.getMessage()));
        }
    }
}

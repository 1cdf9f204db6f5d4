package dev.kept.ingest;

import java.io.IOException;
import java.util.LinkedHashMap;

/** Keeps few tapes open, those used last, however many there are. Owned by the ingest thread. */
final class OpenTapes {
    private static final int MAX_OPEN = 64;

    private final IngestListener listener;
    private final LinkedHashMap<SourceFile, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenTapes(IngestListener listener) {
        this.listener = listener;
    }

    /** Notes that a source's tape may have been opened. */
    void used(SourceFile source) {
        if (source.tape().isOpen()) {
            open.put(source, true);
        }
        while (open.size() > MAX_OPEN) {
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

package dev.kept.ingest.copy;

import java.util.LinkedHashMap;

/**
 * The documents whose record tapes are cached in memory: those that changed last, and few. Owned by the ingest thread.
 */
final class LoadedDocuments {
    private static final int MAX_LOADED = 4;

    private final LinkedHashMap<DocumentCopy, Boolean> loaded = new LinkedHashMap<>(8, 0.75f, true);

    /** Notes that a document was loaded or used; the cached state of another may be dropped for it. */
    void markUsed(DocumentCopy document) {
        loaded.put(document, true);
        while (loaded.size() > MAX_LOADED) {
            loaded.pollFirstEntry().getKey().forget();
        }
    }
}

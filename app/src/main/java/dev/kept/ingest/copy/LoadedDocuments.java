package dev.kept.ingest.copy;

import java.util.LinkedHashMap;

/** The documents whose record tapes are known by heart: those that changed last, and few. Owned by the ingest thread. */
final class LoadedDocuments {
    private static final int MAX_LOADED = 4;

    private final LinkedHashMap<DocumentCopy, Boolean> loaded = new LinkedHashMap<>(8, 0.75f, true);

    /** Notes that a document was loaded or used; another may be forgotten for it. */
    void used(DocumentCopy document) {
        loaded.put(document, true);
        while (loaded.size() > MAX_LOADED) {
            loaded.pollFirstEntry().getKey().forget();
        }
    }
}

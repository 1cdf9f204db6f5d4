package dev.kept.replay;

import dev.kept.model.SessionKey;
import dev.kept.model.TapeReference;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the tapes are of files that agents put large outputs of tools into, one entry for each that is followed: the
 * pipeline thread notes them, the threads that write notes ask. Thread-safe.
 */
public final class ToolOutputFiles {
    private record Key(SessionKey session, String file) {}

    private final Map<Key, Path> tapes = new ConcurrentHashMap<>();

    /** The last two names of such a file's path, by which events refer to it. */
    public static String nameOf(Path path) {
        Path folder = path.getParent();
        Path folderName = folder == null ? null : folder.getFileName();
        return (folderName == null ? "" : folderName + "/") + path.getFileName();
    }

    /** The tape of a file that belongs to a session. */
    public void found(SessionKey session, Path file, Path tapeFolder) {
        tapes.put(new Key(session, nameOf(file)), tapeFolder);
    }

    /** All that a session has belongs to another one. */
    void moved(SessionKey from, SessionKey to) {
        tapes.forEach((key, tape) -> {
            if (key.session().equals(from)) {
                tapes.remove(key);
                tapes.putIfAbsent(new Key(to, key.file()), tape);
            }
        });
    }

    /** The tape of the file that an event refers to, if all of it is there. */
    public Optional<Path> tape(SessionKey session, TapeReference reference) throws IOException {
        Optional<Path> folder =
                reference.file().flatMap(file -> Optional.ofNullable(tapes.get(new Key(session, file))));
        if (folder.isEmpty()) {
            return folder;
        }
        try (TapeReader tape = TapeReader.open(folder.get())) {
            long length = tape.length(tape.card().newest().number());
            return length > 0 && length >= reference.length() ? folder : Optional.empty();
        }
    }
}

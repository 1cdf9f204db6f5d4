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
 * The tapes of files into which agents put large tool outputs, one entry for each that is followed. The pipeline thread
 * adds them, the threads that write notes query them. Thread-safe.
 */
public final class ToolOutputFiles {
    private record Key(SessionKey session, String file) {}

    private final Map<Key, Path> tapes = new ConcurrentHashMap<>();

    /** Returns the last two names of such a file's path, by which events refer to it. */
    public static String nameOf(Path path) {
        Path folder = path.getParent();
        Path folderName = folder == null ? null : folder.getFileName();
        return (folderName == null ? "" : folderName + "/") + path.getFileName();
    }

    /** Adds the tape of a file that belongs to a session. */
    public void add(SessionKey session, Path file, Path tapeFolder) {
        tapes.put(new Key(session, nameOf(file)), tapeFolder);
    }

    /** Moves all entries of a session to another one. */
    void reassign(SessionKey from, SessionKey to) {
        tapes.forEach((key, tape) -> {
            if (key.session().equals(from)) {
                tapes.remove(key);
                tapes.putIfAbsent(new Key(to, key.file()), tape);
            }
        });
    }

    /** Returns the tape of the file that an event refers to, if all of the file is on it. */
    public Optional<Path> tape(SessionKey session, TapeReference reference) throws IOException {
        Optional<Path> folder =
                reference.file().flatMap(file -> Optional.ofNullable(tapes.get(new Key(session, file))));
        if (folder.isEmpty()) {
            return folder;
        }
        try (TapeReader tape = TapeReader.open(folder.get())) {
            long length = tape.length(tape.manifest().newest().number());
            return length > 0 && length >= reference.length() ? folder : Optional.empty();
        }
    }
}

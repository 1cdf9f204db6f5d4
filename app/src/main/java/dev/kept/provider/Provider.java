package dev.kept.provider;

import dev.kept.json.JsonValue.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent that writes session files: their locations, and a parser for them. Stateless and thread-safe.
 *
 * <p>CONTRIBUTING.md, "Adding a provider", lists what a new one needs.
 */
public interface Provider {
    /** The longest note that is read, in bytes. */
    int MAX_NOTE_BYTES = 64 * 1024;

    /** Returns the short name used in ids, paths and configuration: lower-case letters. */
    String name();

    /** Returns the display name, used as the speaker in recordings. */
    String displayName();

    /**
     * Returns the directories where this agent may keep its files, most specific first. A root need not exist.
     *
     * @param home the person's home directory
     * @param environment the environment variables
     */
    List<Path> roots(Path home, Map<String, String> environment);

    /** Returns the folders below a root that hold session files at any depth, relative to the root. */
    List<Path> sessionFolders();

    /**
     * Returns the kind of a file, judged by its path alone.
     *
     * @param relative the path relative to the root
     */
    SourceKind recognize(Path relative);

    /**
     * Returns the files below the root that may name the working directory of a source, best first; none for an agent
     * whose records name it. They are read when the source is found, up to {@value #MAX_NOTE_BYTES} bytes each.
     *
     * @param relative the source's path relative to the root
     */
    default List<Path> notes(Path relative) {
        return List.of();
    }

    /**
     * Returns the working directory of a source, according to a note.
     *
     * @param note one of its {@link #notes}
     * @param text the text of the note
     */
    default Optional<String> workingDirectory(Path relative, Path note, String text) {
        return Optional.empty();
    }

    /**
     * Reports whether the path of a source is derived from a working directory in a way that cannot be reversed. Used
     * for old sessions whose notes are gone.
     *
     * @param relative the source's path relative to the root
     * @param folder an absolute path to try as the working directory
     */
    default boolean isDerivedFrom(Path relative, String folder) {
        return false;
    }

    /**
     * Returns the files below the root, outside the session folders, in which the agent lists the names of its
     * sessions, or the folders of such files. The daemon may read these and the session folders, and nothing else of
     * the root.
     */
    default List<Path> nameLists() {
        return List.of();
    }

    /**
     * Returns the files below the root that may contain the name of a source's session, best first. They are read when
     * the source is found; those that {@link #namedBy} recognises also when they change. Of a longer file the last
     * {@value #MAX_NOTE_BYTES} bytes are read.
     *
     * @param relative the source's path relative to the root
     */
    default List<Path> nameNotes(Path relative) {
        return List.of();
    }

    /**
     * Returns the source whose session a file names, if it names exactly one.
     *
     * @param note a path relative to the root
     */
    default Optional<Path> namedBy(Path note) {
        return Optional.empty();
    }

    /**
     * Returns the name of a source's session, and whether a person or the agent gave it.
     *
     * @param note one of its {@link #nameNotes}
     * @param text the text of the note; of a longer one its end, which may start in the middle of a line
     */
    default Optional<SessionFact.Title> sessionName(Path relative, Path note, String text) {
        return Optional.empty();
    }

    /**
     * Returns a name that stays the same when the agent moves or compresses the file below its root, so that it remains
     * one source with one tape; empty if only the path identifies the file.
     *
     * @param relative the path of a session file relative to the root
     */
    default Optional<String> stableName(Path relative) {
        return Optional.empty();
    }

    /**
     * Returns the time after the last modification at which this agent deletes a session file; empty if it deletes
     * none, or if the time is not known. Reads the agent's settings below the root.
     */
    default Optional<Duration> purgesAfter(Path root) {
        return Optional.empty();
    }

    /** Returns the marks of conversations that were handed over to another file; empty if the agent hands none over. */
    default Optional<HandoverMarks> handovers() {
        return Optional.empty();
    }

    /**
     * Reports whether an object has members that only a whole record of this agent has, and no object inside a record.
     * Asked when a torn record leaves open which of the two an object is.
     */
    boolean isRecord(JsonObject value);

    /** Returns a new parser at the start of a source. */
    SessionParser parser(SourceKind.Session source);
}

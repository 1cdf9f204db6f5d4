package dev.kept.archive;

import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.WorkingDirectoryFiles;
import dev.kept.tape.Generation;
import dev.kept.tape.Segment;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeManifest;
import dev.kept.tape.packed.PackedNote;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One tape on disk and what its card says.
 *
 * @param kind what the source is, by its path
 * @param length bytes of the newest generation
 * @param line the line of its session that it holds, as its records say; where they say nothing, or were not read, its path
 */
public record StoredTape(
        Provider provider, SourceKind.Session kind, Path folder, TapeManifest card, long length, String line) {
    /** A tape whose records were not read. */
    public StoredTape(Provider provider, SourceKind.Session kind, Path folder, TapeManifest card, long length) {
        this(provider, kind, folder, card, length, kind.line());
    }

    public StoredTape {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(card, "card");
        Objects.requireNonNull(line, "line");
    }

    /** The same with the line that its records say. */
    StoredTape on(String told) {
        return line.equals(told) ? this : new StoredTape(provider, kind, folder, card, length, told);
    }

    /** True for the conversation itself, as opposed to a subagent's line. */
    public boolean isMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    /** The files with the bytes of all generations, oldest first; one that holds nothing of its own has none. */
    public List<Segment> segments() throws IOException {
        List<Segment> all = new ArrayList<>();
        for (Generation generation : card.generations()) {
            all.addAll(Segments.of(folder, generation.number()).all());
        }
        return all;
    }

    /**
     * The tape with the bytes of the agent's packed file as they are, if that is not unpacked, or not all of it: it is newer
     * than what stands on this one then.
     */
    public Optional<StoredTape> packed() throws IOException {
        Path packed = PackedNote.folder(folder);
        if (!card.path().toString().endsWith(".zst") || PackedNote.read(folder).isEmpty()) {
            return Optional.empty();
        }
        TapeManifest its = TapeManifest.read(packed);
        long bytes = its.newest().commonPrefixLength()
                + Segments.of(packed, its.newest().number()).length();
        return Optional.of(new StoredTape(provider, kind, packed, its, bytes, line));
    }

    /** Returns where the agent works, as a note beside its file tells it, or told when the file was found. */
    public Optional<String> workingDirectory() {
        return card.workingDirectory().isEmpty()
                ? WorkingDirectoryFiles.workingDirectory(provider, card.root(), card.path())
                : Optional.of(card.workingDirectory());
    }

    /** Reports whether the place of the agent's file is made of that folder, where nothing tells the folder itself. */
    public boolean isMadeOf(String folder) {
        return provider.isMadeOf(card.root().relativize(card.path()), folder);
    }

    /** Whether something stands where the agent keeps the file, a dangling link included. */
    public boolean sourcePresent() {
        return Files.exists(card.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /** When the agent's file was made, as far as can be told: when Kept first saw it, where it is not there. */
    public Instant createdAt() {
        try {
            return Files.readAttributes(card.path(), BasicFileAttributes.class)
                    .creationTime()
                    .toInstant();
        } catch (IOException gone) {
            return card.firstSeen();
        }
    }

    /** When the agent's file was last changed, ms since 1970; 0 if it is not there. */
    public long sourceModifiedAtMs() {
        try {
            return Files.getLastModifiedTime(card.path()).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Bytes that all generations take on disk. A damaged file counts like any other. */
    public long bytesOnDisk() throws IOException {
        return bytes("*.jsonl{,.zst}");
    }

    /** Those of them that sealed files take. */
    public long sealedBytesOnDisk() throws IOException {
        return bytes("*.jsonl.zst");
    }

    private long bytes(String names) throws IOException {
        long bytes = bytes(folder, names);
        Path packed = PackedNote.folder(folder);
        return Files.isDirectory(packed) ? bytes + bytes(packed, names) : bytes;
    }

    private static long bytes(Path folder, String names) throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}

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
 * A tape on disk and its manifest.
 *
 * @param kind kind of the source, by its path
 * @param manifest manifest of the tape
 * @param length bytes of the newest generation
 * @param branch branch of its session, according to its records; according to its path if these do not say or were not
 *     read
 */
public record StoredTape(
        Provider provider, SourceKind.Session kind, Path folder, TapeManifest manifest, long length, String branch) {
    /** Creates a tape whose records were not read. */
    public StoredTape(Provider provider, SourceKind.Session kind, Path folder, TapeManifest manifest, long length) {
        this(provider, kind, folder, manifest, length, kind.line());
    }

    public StoredTape {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(manifest, "manifest");
        Objects.requireNonNull(branch, "branch");
    }

    /** Returns the tape with the branch that its records name. */
    StoredTape withBranch(String named) {
        return branch.equals(named) ? this : new StoredTape(provider, kind, folder, manifest, length, named);
    }

    /** Reports whether it holds the conversation itself, as opposed to a subagent's branch. */
    public boolean isMainBranch() {
        return branch.equals(EventHeader.MAIN_LINE);
    }

    /**
     * Returns the files with the bytes of all generations, oldest first; a generation without bytes of its own has
     * none.
     */
    public List<Segment> segments() throws IOException {
        List<Segment> all = new ArrayList<>();
        for (Generation generation : manifest.generations()) {
            all.addAll(Segments.of(folder, generation.number()).all());
        }
        return all;
    }

    /**
     * Returns the tape with the agent's packed file as it is, if that was not, or not completely, unpacked: it is newer
     * than the contents of this tape then.
     */
    public Optional<StoredTape> packed() throws IOException {
        Path packed = PackedNote.folder(folder);
        if (!manifest.path().toString().endsWith(".zst")
                || PackedNote.read(folder).isEmpty()) {
            return Optional.empty();
        }
        TapeManifest its = TapeManifest.read(packed);
        long bytes = its.newest().commonPrefixLength()
                + Segments.of(packed, its.newest().number()).length();
        return Optional.of(new StoredTape(provider, kind, packed, its, bytes, branch));
    }

    /** Returns the agent's working directory, from a note beside the file or as known when the file was found. */
    public Optional<String> workingDirectory() {
        return manifest.workingDirectory().isEmpty()
                ? WorkingDirectoryFiles.workingDirectory(provider, manifest.root(), manifest.path())
                : Optional.of(manifest.workingDirectory());
    }

    /**
     * Reports whether the path of the agent's file is derived from that folder; for files that do not name their
     * folder.
     */
    public boolean isDerivedFrom(String folder) {
        return provider.isDerivedFrom(manifest.root().relativize(manifest.path()), folder);
    }

    /** Reports whether something exists at the path of the agent's file, a dangling link included. */
    public boolean sourcePresent() {
        return Files.exists(manifest.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the creation time of the agent's file; if it is gone, the time when Kept first saw it. */
    public Instant createdAt() {
        try {
            return Files.readAttributes(manifest.path(), BasicFileAttributes.class)
                    .creationTime()
                    .toInstant();
        } catch (IOException gone) {
            return manifest.firstSeen();
        }
    }

    /** Returns the modification time of the agent's file, ms since 1970; 0 if it is gone. */
    public long sourceModifiedAtMs() {
        try {
            return Files.getLastModifiedTime(manifest.path()).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Returns the bytes on disk of all generations, damaged files included. */
    public long bytesOnDisk() throws IOException {
        return bytes("*.jsonl{,.zst}");
    }

    /** Returns the bytes on disk of sealed files. */
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

package dev.kept.tape;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files that hold a generation's own bytes, as listed on disk at one moment.
 *
 * <p>Each file's name contains its start: the first name follows from the generation's number, and each next one from
 * the length of the one before. A sealed file is followed by another one. A plain one is the last, and takes precedence
 * over a sealed one with the same start: as long as it exists nobody has relied on the other.
 *
 * <pre>
 * 0001.jsonl.zst                     own bytes 0 to 65,536, sealed
 * 0001.next-000000000065536.jsonl    those from there on: the source grew after it was sealed
 * </pre>
 *
 * @param all the segments in order; a generation without own bytes may have none
 */
public record Segments(List<Segment> all) {
    public Segments {
        all = List.copyOf(all);
    }

    /** Lists the segments of a generation, from the names and sizes of its files and the ends of the sealed ones. */
    public static Segments of(Path folder, int generation) throws IOException {
        List<Segment> found = new ArrayList<>(1);
        long start = 0;
        while (true) {
            Path plain = folder.resolve(Segment.name(generation, start));
            try {
                found.add(new Segment(plain, start, Files.size(plain), false));
                return new Segments(found);
            } catch (NoSuchFileException none) {
                Path sealed = sealed(plain);
                if (!Files.exists(sealed)) {
                    return new Segments(found);
                }
                try (SealedFile file = SealedFile.open(sealed)) {
                    found.add(new Segment(sealed, start, file.length(), true));
                    start += file.length();
                }
            }
        }
    }

    /** Returns the plain segments of all generations that have bytes, oldest first. */
    public static List<Segment> sealable(Path folder, TapeManifest manifest) throws IOException {
        List<Segment> plain = new ArrayList<>();
        for (Generation generation : manifest.generations()) {
            of(folder, generation.number())
                    .plain()
                    .filter(segment -> segment.length() > 0)
                    .ifPresent(plain::add);
        }
        return plain;
    }

    /** Returns the sealed file that replaces a plain one. */
    static Path sealed(Path plain) {
        return plain.resolveSibling(plain.getFileName() + Segment.SEALED_SUFFIX);
    }

    /** Returns the number of own bytes of the generation. */
    public long length() {
        return all.isEmpty() ? 0 : all.getLast().end();
    }

    /** Returns the number of own bytes that are sealed: the first ones. */
    public long sealedLength() {
        return plain().map(Segment::start).orElseGet(this::length);
    }

    /** Returns the segment that bytes can be appended to, if there is one. */
    public Optional<Segment> plain() {
        return all.isEmpty() || all.getLast().sealed() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** Returns the segment that was sealed last, if there is one. */
    Optional<Segment> lastSealed() {
        return all.stream().filter(Segment::sealed).reduce((_, last) -> last);
    }

    /** Returns the time when bytes were last added, according to the file system. */
    public Optional<FileTime> lastAppended() throws IOException {
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(Files.readAttributes(all.getLast().file(), BasicFileAttributes.class)
                        .lastModifiedTime());
    }

    /** Returns the size of the segments on disk. */
    public long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Segment segment : all) {
            bytes += segment.sealed() ? Files.size(segment.file()) : segment.length();
        }
        return bytes;
    }
}

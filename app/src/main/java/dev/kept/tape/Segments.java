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
 * The files that hold a generation's own bytes, as they stand on disk at one moment.
 *
 * <p>Each file's name tells where it starts, so that the first follows from the generation's number and each next one from
 * the length of the one before. A sealed file is followed by another one; a plain one is the last, and wins over a sealed one
 * of the same place: as long as it is there nobody has relied on the other.
 *
 * <pre>
 * 0001.jsonl.zst                     own bytes 0 to 65,536, sealed
 * 0001.next-000000000065536.jsonl    those from there on: the source grew after it was sealed
 * </pre>
 *
 * @param all in their order; a generation without own bytes may have none
 */
public record Segments(List<Segment> all) {
    public Segments {
        all = List.copyOf(all);
    }

    /** Those of a generation, by the names and sizes of its files and the ends of the sealed ones. */
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

    /** The plain segments of all generations that have bytes, oldest first. */
    public static List<Segment> sealable(Path folder, TapeManifest card) throws IOException {
        List<Segment> plain = new ArrayList<>();
        for (Generation generation : card.generations()) {
            of(folder, generation.number())
                    .plain()
                    .filter(segment -> segment.length() > 0)
                    .ifPresent(plain::add);
        }
        return plain;
    }

    /** The sealed file that takes a plain one's place. */
    static Path sealed(Path plain) {
        return plain.resolveSibling(plain.getFileName() + Segment.SEALED_SUFFIX);
    }

    /** Own bytes of the generation. */
    public long length() {
        return all.isEmpty() ? 0 : all.getLast().end();
    }

    /** Those of them that are sealed: the first ones. */
    public long sealedLength() {
        return plain().map(Segment::start).orElseGet(this::length);
    }

    /** The one that bytes can be added to, if there is one. */
    public Optional<Segment> plain() {
        return all.isEmpty() || all.getLast().sealed() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** The one that was sealed last, if there is one. */
    Optional<Segment> lastSealed() {
        return all.stream().filter(Segment::sealed).reduce((_, last) -> last);
    }

    /** When bytes were last added, as the file system tells it. */
    public Optional<FileTime> lastAppended() throws IOException {
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(Files.readAttributes(all.getLast().file(), BasicFileAttributes.class)
                        .lastModifiedTime());
    }

    /** Bytes that they take on disk. */
    public long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Segment segment : all) {
            bytes += segment.sealed() ? Files.size(segment.file()) : segment.length();
        }
        return bytes;
    }
}

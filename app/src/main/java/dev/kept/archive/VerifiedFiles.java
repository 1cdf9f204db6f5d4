package dev.kept.archive;

import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The agents' files whose bytes were compared with their tapes and found equal: {@code state/verified}, a line each
 * after the first.
 *
 * <pre>
 * looked TAB time when all files with a line were last compared by their complete fingerprints
 * name of the tape TAB session TAB facts of the file | digest of its identity and of the facts of the tape's files
 * </pre>
 *
 * A fingerprint is made of sizes, times and identities, including the time of the last status change, so that it
 * changes once anything is written to the file or to its tape. An entry is valid only while the fingerprint is the
 * same: deleting the file, or keeping an old one, costs nothing but time. The file is read on first use. Not
 * thread-safe; of two processes that write it the last one wins.
 */
final class VerifiedFiles {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final String FACTS = UNIX ? "unix:size,lastModifiedTime,ctime,ino,dev" : "size,lastModifiedTime";
    private static final String LOOKED = "looked";

    /** Prefix of the files of sums, which are written at some later time and say nothing that the bytes do not. */
    private static final String SUMS = "sums-";

    private final Path file;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Entry> wanted = new TreeMap<>();
    private Instant examinedAt = Instant.EPOCH;
    private boolean isRead;
    private boolean changed;

    /**
     * A file that was compared.
     *
     * @param session its session, according to its records
     */
    record Entry(String session, String fingerprint) {}

    VerifiedFiles(Path file) {
        this.file = file;
    }

    private Map<String, Entry> entries() {
        if (!isRead) {
            isRead = true;
            try {
                if (Files.exists(file)) {
                    Files.readAllLines(file, StandardCharsets.UTF_8).forEach(this::read);
                }
            } catch (IOException unusable) {
                entries.clear();
            }
        }
        return entries;
    }

    private void read(String line) {
        List<String> parts = List.of(line.split("\t", -1));
        if (parts.size() == 3) {
            entries.put(parts.get(0), new Entry(parts.get(1), parts.get(2)));
        } else if (parts.size() == 2 && parts.getFirst().equals(LOOKED)) {
            try {
                examinedAt = Instant.parse(parts.getLast());
            } catch (DateTimeException unusable) {
                examinedAt = Instant.EPOCH;
            }
        }
    }

    /** Returns the current fingerprint of a file and its tape; empty if one of them is missing. */
    static Optional<String> fingerprint(Path source, Path tape) {
        try {
            StringBuilder print = new StringBuilder(facts(source));
            Set<Path> files = new TreeSet<>();
            try (DirectoryStream<Path> listing = Files.newDirectoryStream(tape)) {
                for (Path each : listing) {
                    if (!String.valueOf(each.getFileName()).startsWith(SUMS)) {
                        files.add(each);
                    }
                }
            }
            for (Path each : files) {
                print.append('|').append(each.getFileName()).append(facts(each));
            }
            BasicFileAttributes plain =
                    Files.readAttributes(source, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(beginning(plain) + digest(print.toString()));
        } catch (IOException | RuntimeException notThere) {
            // A listing that breaks off throws an unchecked exception.
            return Optional.empty();
        }
    }

    private static String facts(Path path) throws IOException {
        return new TreeMap<>(Files.readAttributes(path, FACTS, LinkOption.NOFOLLOW_LINKS)).toString();
    }

    /** Returns the beginning of a fingerprint: the facts that a walk through a folder yields anyway. */
    private static String beginning(BasicFileAttributes file) {
        return file.size() + "," + file.lastModifiedTime().to(TimeUnit.NANOSECONDS) + "," + file.fileKey() + "|";
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reports whether all valid files were examined completely within a time. */
    boolean examinedWithin(Duration time, Instant now) {
        entries();
        Duration ago = Duration.between(examinedAt, now);
        return !ago.isNegative() && ago.compareTo(time) < 0;
    }

    /** Notes that all valid files were examined completely. */
    void markExamined(Instant now) {
        examinedAt = now;
        changed |= !wanted.isEmpty();
    }

    /** Returns the session of a file if neither it nor its tape changed since the comparison. */
    Optional<String> session(String tape, String fingerprint) {
        return session(tape, entry -> entry.fingerprint().equals(fingerprint));
    }

    /**
     * Returns the session of a file if it is unchanged since the comparison as far as a walk shows; its tape is not
     * examined.
     */
    Optional<String> session(String tape, BasicFileAttributes file) {
        String beginning = beginning(file);
        return session(tape, entry -> entry.fingerprint().startsWith(beginning));
    }

    private Optional<String> session(String tape, Predicate<Entry> same) {
        return Optional.ofNullable(entries().get(tape)).filter(same).map(entry -> {
            wanted.put(tape, entry);
            return entry.session();
        });
    }

    /** Notes that a file was compared. */
    void put(String tape, String session, String fingerprint) {
        wanted.put(tape, new Entry(session, fingerprint));
        changed = true;
    }

    /** Writes new entries, and those old ones that were asked for. A failure costs nothing but time. */
    void save() {
        if (!changed) {
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append(LOOKED).append('\t').append(examinedAt).append('\n');
        wanted.forEach((tape, entry) -> text.append(tape)
                .append('\t')
                .append(entry.session())
                .append('\t')
                .append(entry.fingerprint())
                .append('\n'));
        try {
            PrivateFiles.replace(file, text.toString());
            changed = false;
        } catch (IOException unwritable) {
            // They are compared again next time.
        }
    }
}

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
 * The files of agents whose bytes were compared with their tapes and are the same: {@code state/verified}, a line each behind
 * the first.
 *
 * <pre>
 * looked TAB when all files with a line were last held against their whole prints
 * name of the tape TAB session TAB facts of the file | digest of its identity and of the facts of the tape's files
 * </pre>
 *
 * A print is made of sizes, times and identities, those of the last change of status included, so that it is another one once
 * anything was written to the file or to its tape. An entry counts only while the print is the same: deleting the file, or
 * keeping an old one, costs time and nothing else. It is read when it is first asked. Not thread-safe; of two processes that
 * write it the last one wins.
 */
final class VerifiedFiles {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final String FACTS = UNIX ? "unix:size,lastModifiedTime,ctime,ino,dev" : "size,lastModifiedTime";
    private static final String LOOKED = "looked";

    /** Sums are written when somebody gets to it, and say nothing that the bytes do not. */
    private static final String SUMS = "sums-";

    private final Path file;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Entry> wanted = new TreeMap<>();
    private Instant lookedAt = Instant.EPOCH;
    private boolean isRead;
    private boolean changed;

    /**
     * A file that was compared.
     *
     * @param session that it belongs to, by its records
     */
    record Entry(String session, String print) {}

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
                lookedAt = Instant.parse(parts.getLast());
            } catch (DateTimeException unusable) {
                lookedAt = Instant.EPOCH;
            }
        }
    }

    /** The print of a file and its tape as they are; empty where one of them is not there. */
    static Optional<String> print(Path source, Path tape) {
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

    /** The beginning of a print: the facts that a walk through a folder tells of a file anyway. */
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

    /** Reports whether all files that count were looked at in full within a time. */
    boolean lookedWithin(Duration time, Instant now) {
        entries();
        Duration ago = Duration.between(lookedAt, now);
        return !ago.isNegative() && ago.compareTo(time) < 0;
    }

    /** All files that count were looked at in full. */
    void looked(Instant now) {
        lookedAt = now;
        changed |= !wanted.isEmpty();
    }

    /** The session of a file that was compared and is what it was then, as is its tape. */
    Optional<String> session(String tape, String print) {
        return session(tape, entry -> entry.print().equals(print));
    }

    /** The session of a file that was compared and is what it was then, as far as a walk tells; its tape is not looked at. */
    Optional<String> session(String tape, BasicFileAttributes file) {
        String beginning = beginning(file);
        return session(tape, entry -> entry.print().startsWith(beginning));
    }

    private Optional<String> session(String tape, Predicate<Entry> same) {
        return Optional.ofNullable(entries().get(tape)).filter(same).map(entry -> {
            wanted.put(tape, entry);
            return entry.session();
        });
    }

    /** Notes that a file was compared. */
    void put(String tape, String session, String print) {
        wanted.put(tape, new Entry(session, print));
        changed = true;
    }

    /** Writes what is new, and of the rest what was asked for. That it cannot be written costs time only. */
    void save() {
        if (!changed) {
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append(LOOKED).append('\t').append(lookedAt).append('\n');
        wanted.forEach((tape, entry) -> text.append(tape)
                .append('\t')
                .append(entry.session())
                .append('\t')
                .append(entry.print())
                .append('\n'));
        try {
            PrivateFiles.replace(file, text.toString());
            changed = false;
        } catch (IOException unwritable) {
            // They are compared again next time.
        }
    }
}

package dev.kept.archive;

import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of agents whose bytes were compared with their tapes and are the same: {@code state/verified}, a line each.
 *
 * <pre>
 * name of the tape TAB session TAB print of the file and of the tape's files
 * </pre>
 *
 * A print is made of sizes, times and identities, those of the last change of status included, so that it is another
 * one once
 * anything was written to the file or to its tape. An entry counts only while the print is the same: deleting the
 * file, or
 * keeping an old one, costs time and nothing else. Not thread-safe; of two processes that write it the last one wins.
 */
final class VerifiedFiles {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final String FACTS = UNIX ? "unix:size,lastModifiedTime,ctime,ino,dev" : "size,lastModifiedTime";

    /** Sums are written when somebody gets to it, and say nothing that the bytes do not. */
    private static final String SUMS = "sums-";

    private final Path file;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Entry> wanted = new TreeMap<>();
    private boolean changed;

    /**
     * A file that was compared.
     *
     * @param session that it belongs to, by its records
     */
    record Entry(String session, String print) {}

    VerifiedFiles(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file, StandardCharsets.UTF_8).forEach(this::read);
            }
        } catch (IOException unusable) {
            entries.clear();
        }
    }

    private void read(String line) {
        List<String> parts = List.of(line.split("\t", -1));
        if (parts.size() == 3) {
            entries.put(parts.get(0), new Entry(parts.get(1), parts.get(2)));
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
            return Optional.of(print.toString());
        } catch (IOException | RuntimeException notThere) {
            // A listing that breaks off throws an unchecked exception.
            return Optional.empty();
        }
    }

    private static String facts(Path path) throws IOException {
        return new TreeMap<>(Files.readAttributes(path, FACTS, LinkOption.NOFOLLOW_LINKS)).toString();
    }

    /** The session of a file that was compared and is what it was then, as is its tape. */
    Optional<String> session(String tape, String print) {
        return Optional.ofNullable(entries.get(tape))
                .filter(entry -> entry.print().equals(print))
                .map(entry -> {
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

package dev.kept.recording.journal;

import dev.kept.model.SessionKey;
import dev.kept.tape.DurableFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The journals on disk: {@code journals/<provider>/<sessionId>.jsonl}, an entry a line. A last line that a crash cut off
 * is passed over when it is read, and ended before the next entry is added.
 */
public final class JournalFiles {
    private static final String SUFFIX = ".jsonl";

    private final Path folder;

    public JournalFiles(Path folder) {
        this.folder = folder;
    }

    /** A journal as it was read. */
    public record StoredJournal(SessionKey session, List<JournalEntry> entries) {
        public StoredJournal {
            entries = List.copyOf(entries);
        }
    }

    /** Adds entries; they are durable afterwards if {@code force} says so. */
    public void append(SessionKey session, List<JournalEntry> entries, boolean force) throws IOException {
        Path file = file(session, SUFFIX);
        DurableFiles.createDirectories(parentOf(file));
        StringBuilder lines = new StringBuilder();
        for (JournalEntry entry : entries) {
            lines.append(JournalCodec.write(entry)).append('\n');
        }
        try (FileChannel channel = Files.exists(file)
                ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : DurableFiles.create(file)) {
            long end = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            if (end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n') {
                lines.insert(0, '\n');
            }
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
            long at = end;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            if (force) {
                channel.force(false);
            }
        }
    }

    /** Reads all journals. */
    public List<StoredJournal> readAll() throws IOException {
        List<StoredJournal> journals = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return journals;
        }
        try (DirectoryStream<Path> providers = Files.newDirectoryStream(folder)) {
            for (Path provider : providers) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(provider, "*" + SUFFIX)) {
                    for (Path file : files) {
                        journals.add(read(String.valueOf(provider.getFileName()), file));
                    }
                }
            }
        }
        return journals;
    }

    private static StoredJournal read(String provider, Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        List<JournalEntry> entries = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JournalCodec.read(line).ifPresent(entries::add);
            }
        }
        return new StoredJournal(
                new SessionKey(provider, decode(name.substring(0, name.length() - SUFFIX.length()))), entries);
    }

    /** Where the intent of a recording's next chunk stands. */
    public Path intentFile(RecordingPlan plan) {
        return file(plan.session(), "." + encode(plan.recordingId()) + ".intent");
    }

    private Path file(SessionKey session, String suffix) {
        return folder.resolve(encode(session.provider())).resolve(encode(session.sessionId()) + suffix);
    }

    private static Path parentOf(Path file) {
        return Optional.ofNullable(file.getParent()).orElseThrow();
    }

    /** Ids come out of session files: whatever is not plain is written as {@code %xxxx}, so that none is a path. */
    private static String encode(String id) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            name.append(plain ? String.valueOf(c) : "%%%04x".formatted((int) c));
        }
        return name.toString();
    }

    private static String decode(String name) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '%' && i + 5 <= name.length()) {
                id.append((char) Integer.parseInt(name.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                id.append(name.charAt(i));
            }
        }
        return id.toString();
    }
}

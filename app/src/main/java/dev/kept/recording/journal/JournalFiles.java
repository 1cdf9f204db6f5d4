package dev.kept.recording.journal;

import dev.kept.model.SessionKey;
import dev.kept.text.SafeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The journals on disk: {@code journals/<provider>/<sessionId>.jsonl}, one entry a line. A last line that a crash cut
 * off is skipped when the journal is read, and ended before the next entry is appended.
 */
public final class JournalFiles {
    private static final String SUFFIX = ".jsonl";

    private final Path folder;
    /** Limit for the stored chunks of one recording; some hundred chunks. */
    private static final int MOST_CHUNK_BYTES = 512 * 1024;

    private final JournalDisk disk;

    public JournalFiles(Path folder) {
        this(folder, JournalDisk.REAL);
    }

    public JournalFiles(Path folder, JournalDisk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** A journal as read from disk. */
    public record StoredJournal(SessionKey session, List<JournalEntry> entries) {
        public StoredJournal {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Appends entries; after a crash either all or none of them are there. They are durable on return if {@code force}
     * is set.
     */
    public void append(SessionKey session, List<JournalEntry> entries, boolean force) throws IOException {
        Path file = file(session, SUFFIX);
        disk.createDirectories(parentOf(file));
        StringBuilder lines = new StringBuilder(JournalCodec.write(entries)).append('\n');
        try (FileChannel channel = disk.exists(file) ? disk.open(file) : disk.create(file)) {
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

    /**
     * Reads all journals, and makes what is read durable: a run that was killed may have left entries that are only in
     * the system's memory, and what follows builds on them.
     */
    public List<StoredJournal> readAll() throws IOException {
        Map<SessionKey, List<JournalEntry>> journals = new LinkedHashMap<>();
        read((session, entry) ->
                journals.computeIfAbsent(session, _ -> new ArrayList<>()).add(entry));
        return journals.entrySet().stream()
                .map(journal -> new StoredJournal(journal.getKey(), journal.getValue()))
                .toList();
    }

    /**
     * Reads all journals as {@link #readAll} does, but holds one line of one of them at a time.
     *
     * @param reader receives every entry, those of a session one after another
     */
    public void read(BiConsumer<SessionKey, JournalEntry> reader) throws IOException {
        if (!disk.exists(folder)) {
            return;
        }
        disk.forceFolder(parentOf(folder));
        disk.forceFolder(folder);
        for (Path provider : disk.list(folder)) {
            List<Path> files = disk.list(provider);
            if (!files.isEmpty()) {
                disk.forceFolder(provider);
            }
            // An earlier version named a journal after the id as its agent wrote it; its entries came first.
            List<Path> earlierFirst = files.stream()
                    .filter(file -> String.valueOf(file.getFileName()).endsWith(SUFFIX))
                    .sorted(Comparator.comparing((Path file) -> SafeId.of(idOf(file)))
                            .thenComparing(file -> SafeId.isSafe(idOf(file))))
                    .toList();
            for (Path file : earlierFirst) {
                read(new SessionKey(String.valueOf(provider.getFileName()), idOf(file)), file, reader);
            }
        }
    }

    /** Returns the id in the name of a session's file, as it was when the file was made. */
    private static String idOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int end = name.indexOf('.');
        return decode(end < 0 ? name : name.substring(0, end));
    }

    private void read(SessionKey session, Path file, BiConsumer<SessionKey, JournalEntry> reader) throws IOException {
        // Unlike Files.newBufferedReader this accepts a character that a crash cut in half.
        try (FileChannel channel = disk.open(file);
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            channel.force(false);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JournalCodec.read(line).forEach(entry -> reader.accept(session, entry));
            }
        }
    }

    /** Writes durably which chunk is about to be appended; the previous intent stays readable meanwhile. */
    public void write(RecordingPlan plan, WriteIntent intent) throws IOException {
        intent.write(disk, intentFile(plan, intent.after().chunk() % 2));
    }

    /** Returns the last complete intent of a recording. */
    public Optional<WriteIntent> lastIntent(RecordingPlan plan) throws IOException {
        Optional<WriteIntent> even = WriteIntent.read(disk, intentFile(plan, 0));
        Optional<WriteIntent> odd = WriteIntent.read(disk, intentFile(plan, 1));
        return Stream.concat(even.stream(), odd.stream())
                .max(Comparator.comparingLong(intent -> intent.after().chunk()));
    }

    /**
     * Adds a chunk to those known of a recording. Not forced: after a loss of power an earlier state of the file may go
     * unrecognized. Of many chunks the older half is dropped.
     */
    public void addChunk(RecordingPlan plan, WrittenChunk chunk) throws IOException {
        Path file = chunkFile(plan);
        try (FileChannel channel = disk.exists(file) ? disk.open(file) : disk.create(file)) {
            long end = channel.size();
            String before = "\n";
            if (end > MOST_CHUNK_BYTES) {
                byte[] all = disk.readAll(file);
                before = new String(all, all.length / 2, all.length - all.length / 2, StandardCharsets.UTF_8) + "\n";
                channel.truncate(0);
                end = 0;
            }
            ByteBuffer bytes = ByteBuffer.wrap((before + chunk.toJson()).getBytes(StandardCharsets.UTF_8));
            long at = end;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }
    }

    /** Returns the chunks that are known to be, or to have been, in a recording, the latest first. */
    public List<WrittenChunk> chunks(RecordingPlan plan) throws IOException {
        Path file = chunkFile(plan);
        if (!disk.exists(file)) {
            return List.of();
        }
        return new String(disk.readAll(file), StandardCharsets.UTF_8)
                .lines()
                .flatMap(line -> WrittenChunk.read(line).stream())
                .toList()
                .reversed();
    }

    private Path chunkFile(RecordingPlan plan) {
        return file(plan.session(), "." + encode(plan.recordingId()) + ".chunks");
    }

    /** Removes the intents of a recording that has ended; one that cannot be removed is harmless. */
    public void forgetIntents(RecordingPlan plan) {
        try {
            disk.delete(chunkFile(plan));
        } catch (IOException stays) {
            // No recording needs it any more.
        }
        for (long turn = 0; turn < 2; turn++) {
            try {
                disk.delete(intentFile(plan, turn));
            } catch (IOException stays) {
                // Its chunk is known to be done.
            }
        }
    }

    /** Removes all files of a session: its journal and those beside it. */
    public void delete(SessionKey session) throws IOException {
        Path journal = file(session, SUFFIX);
        Path of = parentOf(journal);
        disk.delete(journal);
        for (Path beside : disk.list(of)) {
            if (SafeId.of(idOf(beside)).equals(session.sessionId())) {
                disk.delete(beside);
            }
        }
    }

    private Path intentFile(RecordingPlan plan, long turn) {
        return file(plan.session(), "." + encode(plan.recordingId()) + "." + turn + ".intent");
    }

    private Path file(SessionKey session, String suffix) {
        return folder.resolve(encode(session.provider())).resolve(encode(session.sessionId()) + suffix);
    }

    private static Path parentOf(Path file) {
        return Optional.ofNullable(file.getParent()).orElseThrow();
    }

    /**
     * Encodes an id for a file name. Ids come out of session files: a character that is not plain is written as
     * {@code %xxxx}, so that none is a path.
     */
    private static String encode(String id) {
        int plain = 0;
        while (plain < id.length() && isPlain(id.charAt(plain))) {
            plain++;
        }
        if (plain == id.length()) {
            return id;
        }
        StringBuilder name = new StringBuilder(id.length() + 16).append(id, 0, plain);
        for (int i = plain; i < id.length(); i++) {
            char c = id.charAt(i);
            if (isPlain(c)) {
                name.append(c);
            } else {
                name.append("%%%04x".formatted((int) c));
            }
        }
        return name.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static String decode(String name) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (isEscape(name, i)) {
                id.append((char) Integer.parseInt(name.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                id.append(name.charAt(i));
            }
        }
        return id.toString();
    }

    private static boolean isEscape(String name, int at) {
        return name.charAt(at) == '%'
                && at + 5 <= name.length()
                && name.substring(at + 1, at + 5).chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }
}

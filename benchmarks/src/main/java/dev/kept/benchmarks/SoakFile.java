package dev.kept.benchmarks;

import com.github.luben.zstd.Zstd;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One file that an agent writes, with a second copy of what was written in memory, and what its tape must hold: what is
 * written now, and each state that was on tape before the file was changed. Owned by one thread.
 */
final class SoakFile {
    /**
     * What was written at once.
     *
     * @param turn the word of the turn in it; empty for none
     */
    record Entry(byte[] bytes, String turn) {
        Entry(String text, String turn) {
            this(text.getBytes(StandardCharsets.UTF_8), turn);
        }
    }

    private final String provider;
    private final Path tapes;
    private final List<byte[]> settled = new ArrayList<>();
    private List<Entry> entries = new ArrayList<>();
    private Path path;
    private long length;
    private boolean present;
    private boolean packed;
    private int halfWritten;

    /** @param tapes the folder of all tapes */
    SoakFile(String provider, Path path, Path tapes) {
        this.provider = provider;
        this.path = path;
        this.tapes = tapes;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    int size() {
        return entries.size();
    }

    int states() {
        return settled.size();
    }

    Path path() {
        return path;
    }

    /** Writes it at the end. */
    void append(Entry entry) throws IOException {
        write(entry.bytes());
        entries.add(entry);
        length += entry.bytes().length;
    }

    /** Writes a part of it; {@link #appendRest} writes the rest. */
    void appendHalf(Entry entry) throws IOException {
        halfWritten = Math.max(1, entry.bytes().length / 2);
        write(Arrays.copyOf(entry.bytes(), halfWritten));
        entries.add(entry);
        length += entry.bytes().length;
    }

    boolean isHalf() {
        return halfWritten > 0;
    }

    void appendRest() throws IOException {
        byte[] bytes = entries.getLast().bytes();
        write(Arrays.copyOfRange(bytes, halfWritten, bytes.length));
        halfWritten = 0;
    }

    private void write(byte[] bytes) throws IOException {
        if (!present) {
            Files.createDirectories(path.getParent());
            present = true;
        }
        Files.write(path, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static byte[] bytes(List<Entry> entries) {
        ByteBuffer all = ByteBuffer.allocate(
                entries.stream().mapToInt(entry -> entry.bytes().length).sum());
        entries.forEach(entry -> all.put(entry.bytes()));
        return all.array();
    }

    private void become(List<Entry> next) {
        entries = new ArrayList<>(next);
        length = entries.stream().mapToLong(entry -> entry.bytes().length).sum();
    }

    /** Cuts the last entries off, in place. */
    void cut(int count) throws IOException {
        become(entries.subList(0, entries.size() - count));
        truncate();
    }

    /** Cuts the last line's end off, in place: what comes next stands on the same line. */
    void cutLineEnd() throws IOException {
        Entry last = entries.removeLast();
        byte[] shorter = Arrays.copyOf(last.bytes(), last.bytes().length - 1);
        entries.add(new Entry(shorter, last.turn()));
        length--;
        truncate();
    }

    boolean endsLine() {
        byte[] last = entries.getLast().bytes();
        return last[last.length - 1] == '\n';
    }

    private void truncate() throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(length);
        }
    }

    /** Writes it anew in place, without that entry. */
    void rewriteWithout(int entry) throws IOException {
        List<Entry> next = new ArrayList<>(entries);
        next.remove(entry);
        become(next);
        Files.write(path, bytes(entries), StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Changes a few bytes of that entry in place: the file's size stays. */
    boolean change(int at, String what, String into) throws IOException {
        Entry old = entries.get(at);
        String text = new String(old.bytes(), StandardCharsets.UTF_8);
        if (!text.contains(what)) {
            return false;
        }
        entries.set(at, new Entry(text.replace(what, into), old.turn()));
        long before = entries.subList(0, at).stream()
                .mapToLong(entry -> entry.bytes().length)
                .sum();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(entries.get(at).bytes()), before);
        }
        return true;
    }

    /** Another file takes its place, without the last entries. */
    void replace(Path scratch, int without) throws IOException {
        become(entries.subList(0, entries.size() - without));
        Path next = scratch.resolve("next");
        Files.write(next, bytes(entries));
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete() throws IOException {
        Files.delete(path);
        present = false;
    }

    boolean isPresent() {
        return present;
    }

    /** What was deleted is there again as it was. */
    void putBack(Path scratch) throws IOException {
        replace(scratch, 0);
        present = true;
    }

    /** The agent moves it. */
    void move(Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
        path = to;
    }

    /** The agent packs it to that place: under another name until it is whole; then the plain one goes. */
    void pack(Path to, Path scratch) throws IOException {
        Files.createDirectories(to.getParent());
        Path whole = scratch.resolve("whole");
        Files.write(whole, Zstd.compress(bytes(entries), 3));
        Files.move(whole, to, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(path);
        path = to;
        packed = true;
    }

    /** The agent unpacks it to that place: a whole file is linked there; then the packed one goes. */
    void unpack(Path to, Path scratch) throws IOException {
        Path whole = scratch.resolve("whole");
        Files.write(whole, bytes(entries));
        Files.createLink(to, whole);
        Files.delete(whole);
        Files.delete(path);
        path = to;
        packed = false;
    }

    boolean isPacked() {
        return packed;
    }

    /** Whether all of it is on tape; then that state must stay there. */
    boolean settle() throws IOException {
        Optional<TapeReader> opened = tape();
        if (opened.isEmpty()) {
            return false;
        }
        try (TapeReader tape = opened.get()) {
            int newest = tape.manifest().newest().number();
            byte[] wanted = bytes(entries);
            if (tape.length(newest) != length || !Arrays.equals(read(tape, newest), wanted)) {
                return false;
            }
            settled.add(wanted);
            return true;
        }
    }

    /** What its tape does not hold, in words; empty if it holds all. */
    List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        Optional<TapeReader> opened = tape();
        if (opened.isEmpty()) {
            return present || !settled.isEmpty() ? List.of(path + " has no tape") : List.of();
        }
        try (TapeReader tape = opened.get()) {
            int newest = tape.manifest().newest().number();
            List<byte[]> generations = new ArrayList<>();
            for (int number = 1; number <= newest; number++) {
                generations.add(read(tape, number));
            }
            byte[] wanted = bytes(entries);
            if (present && !Arrays.equals(generations.getLast(), wanted)) {
                missing.add("%s: generation %d differs from byte %d on, of %d"
                        .formatted(path, newest, Arrays.mismatch(generations.getLast(), wanted), wanted.length));
            }
            for (int i = 0; i < settled.size(); i++) {
                byte[] state = settled.get(i);
                if (generations.stream().noneMatch(generation -> beginsWith(generation, state))) {
                    missing.add("%s: its state %d, of %d bytes, is in none of %d generations"
                            .formatted(path, i, state.length, newest));
                }
            }
        }
        return missing;
    }

    private static boolean beginsWith(byte[] all, byte[] beginning) {
        return all.length >= beginning.length
                && Arrays.equals(all, 0, beginning.length, beginning, 0, beginning.length);
    }

    private static byte[] read(TapeReader tape, int generation) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(tape.length(generation)));
        while (all.hasRemaining() && tape.read(generation, all.position(), all) > 0) {
            // Until all is read.
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    /** Its tape; that of a file that its agent moves is named after the place where it was met. */
    private Optional<TapeReader> tape() throws IOException {
        TapeLibrary library = new TapeLibrary(tapes);
        Path folder = library.folder(provider, TapeLibrary.sourceId(path));
        if (Files.exists(folder.resolve("source.json"))) {
            return Optional.of(TapeReader.open(folder));
        }
        String name = path.getFileName().toString();
        String stem = name.substring(0, name.indexOf('.'));
        if (!Files.isDirectory(tapes.resolve(provider))) {
            return Optional.empty();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                tapes.resolve(provider), stem.substring(0, Math.min(64, stem.length())) + "-*")) {
            all.forEach(found::add);
        }
        for (Path each : found) {
            if (Files.exists(each.resolve("source.json"))) {
                TapeReader tape = TapeReader.open(each);
                if (tape.manifest().path().getFileName().toString().startsWith(stem + ".")
                        && provider.equals("codex")) {
                    return Optional.of(tape);
                }
                tape.close();
            }
        }
        return Optional.empty();
    }

    /** How many tapes it must have: exactly this one. */
    static int tapes(Path tapes) throws IOException {
        TapeLibrary library = new TapeLibrary(tapes);
        int count = 0;
        for (SoakAgent.Kind kind : SoakAgent.Kind.values()) {
            count += library.tapes(kind.name().toLowerCase(java.util.Locale.ROOT))
                    .size();
        }
        return count;
    }
}

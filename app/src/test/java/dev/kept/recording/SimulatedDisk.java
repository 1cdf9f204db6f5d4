package dev.kept.recording;

import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.journal.JournalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that remembers each operation, and knows every state in which a crash at any moment may leave it.
 *
 * <p>What was written to a file since it was last forced may be there wholly, up to any byte, or not, each write for
 * itself and whatever became of other files; what changed in a folder since that was last forced, likewise. A forced
 * file whose entry was not forced may have no name.
 */
final class SimulatedDisk implements JournalDisk, DestinationAccess {
    /** A folder stands among the entries under this number. */
    private static final long FOLDER = 0;

    sealed interface Operation {}

    record Write(long file, long offset, byte[] bytes) implements Operation {}

    record Truncate(long file, long size) implements Operation {}

    record Force(long file) implements Operation {}

    record Link(Path path, long file) implements Operation {}

    record Unlink(Path path) implements Operation {}

    record Rename(Path from, Path to) implements Operation {}

    record ForceFolder(Path folder) implements Operation {}

    /** What is on the disk for sure, and what may or may not be. */
    record Image(
            Map<Path, Long> entries,
            Map<Long, byte[]> contents,
            Map<Long, List<Operation>> unforcedContents,
            Map<Path, List<Operation>> unforcedEntries) {

        static Image empty() {
            return new Image(new TreeMap<>(), new HashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        private Image copy() {
            Map<Long, List<Operation>> data = new LinkedHashMap<>();
            unforcedContents.forEach((file, operations) -> data.put(file, new ArrayList<>(operations)));
            Map<Path, List<Operation>> names = new LinkedHashMap<>();
            unforcedEntries.forEach((folder, operations) -> names.put(folder, new ArrayList<>(operations)));
            return new Image(new TreeMap<>(entries), new HashMap<>(contents), data, names);
        }

        private void take(Operation operation) {
            switch (operation) {
                case Write write -> pending(write.file()).add(write);
                case Truncate truncate -> pending(truncate.file()).add(truncate);
                case Force(long file) -> {
                    contents.put(file, applied(contents.getOrDefault(file, new byte[0]), pending(file)));
                    unforcedContents.remove(file);
                }
                case Link link -> pendingIn(link.path()).add(link);
                case Unlink unlink -> pendingIn(unlink.path()).add(unlink);
                case Rename rename -> pendingIn(rename.to()).add(rename);
                case ForceFolder(Path folder) -> {
                    unforcedEntries.getOrDefault(folder, List.of()).forEach(change -> apply(change, entries));
                    unforcedEntries.remove(folder);
                }
            }
        }

        private List<Operation> pending(long file) {
            return unforcedContents.computeIfAbsent(file, _ -> new ArrayList<>());
        }

        private List<Operation> pendingIn(Path path) {
            return unforcedEntries.computeIfAbsent(parent(path), _ -> new ArrayList<>());
        }

        /** As if everything had been forced: what a program sees that goes on. */
        Image seen() {
            Image all = copy();
            unforcedContents.forEach((file, operations) ->
                    all.contents.put(file, applied(contents.getOrDefault(file, new byte[0]), operations)));
            unforcedEntries.values().forEach(changes -> changes.forEach(change -> apply(change, all.entries)));
            all.unforcedContents.clear();
            all.unforcedEntries.clear();
            return all;
        }

        /**
         * States after a loss of power: all of them if they are at most that many, else as many, the extremes first.
         */
        List<Image> afterPowerLoss(int most, Random random) {
            List<Long> files = new ArrayList<>(unforcedContents.keySet());
            List<Path> folders = new ArrayList<>(unforcedEntries.keySet());
            List<List<byte[]>> contentChoices = new ArrayList<>();
            for (long file : files) {
                contentChoices.add(tornContents(
                        contents.getOrDefault(file, new byte[0]), unforcedContents.getOrDefault(file, List.of())));
            }
            List<List<List<Operation>>> entryChoices = new ArrayList<>();
            for (Path folder : folders) {
                entryChoices.add(subsets(unforcedEntries.getOrDefault(folder, List.of())));
            }
            int[] radix = new int[files.size() + folders.size()];
            long all = 1;
            for (int i = 0; i < radix.length; i++) {
                radix[i] = i < files.size()
                        ? contentChoices.get(i).size()
                        : entryChoices.get(i - files.size()).size();
                all = Math.min(1_000_000_000L, all * radix[i]);
            }
            List<int[]> picks = new ArrayList<>();
            if (all <= most) {
                for (long n = 0; n < all; n++) {
                    int[] pick = new int[radix.length];
                    long rest = n;
                    for (int i = 0; i < radix.length; i++) {
                        pick[i] = (int) (rest % radix[i]);
                        rest /= radix[i];
                    }
                    picks.add(pick);
                }
            } else {
                picks.add(new int[radix.length]);
                picks.add(Arrays.stream(radix).map(n -> n - 1).toArray());
                while (picks.size() < most) {
                    picks.add(Arrays.stream(radix).map(random::nextInt).toArray());
                }
            }
            List<Image> states = new ArrayList<>();
            for (int[] pick : picks) {
                Image state = copy();
                state.unforcedContents.clear();
                state.unforcedEntries.clear();
                for (int i = 0; i < files.size(); i++) {
                    state.contents.put(files.get(i), contentChoices.get(i).get(pick[i]));
                }
                for (int i = 0; i < folders.size(); i++) {
                    entryChoices.get(i).get(pick[files.size() + i]).forEach(change -> apply(change, state.entries));
                }
                state.entries.keySet().removeIf(path -> !state.reachable(path));
                states.add(state);
            }
            return states;
        }

        private boolean reachable(Path path) {
            Path above = path.getParent();
            return above == null || above.getNameCount() == 0 || (entries.containsKey(above) && reachable(above));
        }

        /** Nothing of it first, all of it last; between them each write torn, each write missing. */
        private static List<byte[]> tornContents(byte[] durable, List<Operation> operations) {
            List<byte[]> choices = new ArrayList<>();
            for (int whole = 0; whole <= operations.size(); whole++) {
                byte[] before = applied(durable, operations.subList(0, whole));
                choices.add(before);
                if (whole < operations.size() && operations.get(whole) instanceof Write write) {
                    int length = write.bytes().length;
                    for (int cut : new int[] {1, length / 3, length / 2, length - 1}) {
                        if (cut > 0 && cut < length) {
                            Write torn = new Write(write.file(), write.offset(), Arrays.copyOf(write.bytes(), cut));
                            choices.add(applied(before, List.of(torn)));
                        }
                    }
                }
            }
            for (int missing = 0; missing + 1 < operations.size(); missing++) {
                List<Operation> others = new ArrayList<>(operations);
                others.remove(missing);
                choices.add(choices.size() - 1, applied(durable, others));
            }
            return choices;
        }

        private static List<List<Operation>> subsets(List<Operation> operations) {
            List<List<Operation>> choices = new ArrayList<>();
            if (operations.size() <= 4) {
                for (int bits = 0; bits < 1 << operations.size(); bits++) {
                    List<Operation> some = new ArrayList<>();
                    for (int i = 0; i < operations.size(); i++) {
                        if ((bits & 1 << i) != 0) {
                            some.add(operations.get(i));
                        }
                    }
                    choices.add(some);
                }
            } else {
                for (int whole = 0; whole <= operations.size(); whole++) {
                    choices.add(operations.subList(0, whole));
                }
            }
            return choices;
        }

        private static byte[] applied(byte[] content, List<Operation> operations) {
            byte[] result = content;
            for (Operation operation : operations) {
                if (operation instanceof Write(long _, long offset, byte[] bytes)) {
                    byte[] next = Arrays.copyOf(result, Math.max(result.length, (int) offset + bytes.length));
                    System.arraycopy(bytes, 0, next, (int) offset, bytes.length);
                    result = next;
                } else if (operation instanceof Truncate(long _, long size)) {
                    result = size < result.length ? Arrays.copyOf(result, (int) size) : result;
                }
            }
            return result;
        }

        private static void apply(Operation change, Map<Path, Long> entries) {
            switch (change) {
                case Link(Path path, long file) -> entries.put(path, file);
                case Unlink(Path path) -> entries.remove(path);
                case Rename(Path from, Path to) -> {
                    Long moved = entries.remove(from);
                    if (moved != null) {
                        entries.put(to, moved);
                    }
                }
                case Write _, Truncate _, Force _, ForceFolder _ -> throw new IllegalArgumentException("no entry");
            }
        }

        /** The text of a file; empty if it is not there. */
        Optional<String> text(Path path) {
            return Optional.ofNullable(entries.get(path))
                    .map(file -> new String(contents.getOrDefault(file, new byte[0]), StandardCharsets.UTF_8));
        }
    }

    private final Image initial;
    private final List<Operation> log = new ArrayList<>();
    private final Image seen;
    private long files;
    private Runnable afterEach = () -> {};

    SimulatedDisk(Image initial) {
        this.initial = initial;
        this.seen = initial.seen();
        this.files =
                seen.contents.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        this.files = Math.max(
                files,
                seen.entries.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** How many operations were done. */
    int operations() {
        return log.size();
    }

    /** Runs after each operation; may do operations of its own. */
    void afterEach(Runnable hook) {
        afterEach = hook;
    }

    /** The lengths of all writes to what stands at that path. */
    List<Integer> writes(Path path) {
        return log.stream()
                .filter(operation -> operation instanceof Write write
                        && Long.valueOf(write.file()).equals(seen.entries.get(path)))
                .map(operation -> ((Write) operation).bytes().length)
                .toList();
    }

    /** Which file each write went to, in order, by the path where it stands now. */
    List<Path> writeOrder() {
        Map<Long, Path> paths = new HashMap<>();
        seen.entries.forEach((path, file) -> paths.put(file, path));
        return log.stream()
                .filter(Write.class::isInstance)
                .map(operation -> paths.getOrDefault(((Write) operation).file(), Path.of("gone")))
                .toList();
    }

    /** The disk after its first operations. */
    Image after(int operations) {
        Image image = initial.copy();
        log.subList(0, operations).forEach(image::take);
        return image;
    }

    /** What a program sees now. */
    Image seen() {
        return seen;
    }

    private void done(Operation operation) {
        log.add(operation);
        switch (operation) {
            case Write write -> change(write.file(), write);
            case Truncate truncate -> change(truncate.file(), truncate);
            case Link _, Unlink _, Rename _ -> Image.apply(operation, seen.entries);
            case Force _, ForceFolder _ -> {}
        }
        afterEach.run();
    }

    private void change(long file, Operation operation) {
        seen.contents.put(file, Image.applied(seen.contents.getOrDefault(file, new byte[0]), List.of(operation)));
    }

    private static Path parent(Path path) {
        return Optional.ofNullable(path.getParent()).orElseThrow();
    }

    private byte[] content(long file) {
        return seen.contents.getOrDefault(file, new byte[0]);
    }

    // --- a person at work ---

    /** Writes a file as a person's program does: nothing is forced. */
    void save(Path path, String text) {
        Long there = seen.entries.get(path);
        long file = there == null ? ++files : there;
        if (there == null) {
            done(new Link(path, file));
        } else {
            done(new Truncate(file, 0));
        }
        done(new Write(file, 0, text.getBytes(StandardCharsets.UTF_8)));
    }

    void append(Path path, String text) {
        Long file = seen.entries.get(path);
        if (file != null) {
            done(new Write(file, content(file).length, text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    void saveByRename(Path path, String text) {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        save(temporary, text);
        done(new Rename(temporary, path));
    }

    void rename(Path from, Path to) {
        if (seen.entries.containsKey(from)) {
            done(new Rename(from, to));
        }
    }

    void remove(Path path) {
        if (seen.entries.containsKey(path)) {
            done(new Unlink(path));
        }
    }

    void makeFolder(Path folder) {
        done(new Link(folder, FOLDER));
        done(new ForceFolder(parent(folder)));
    }

    // --- journals and intents ---

    @Override
    public boolean exists(Path file) {
        return seen.entries.containsKey(file);
    }

    @Override
    public FileChannel open(Path file) throws IOException {
        return new Channel(number(file), false);
    }

    private long number(Path path) throws IOException {
        Long file = seen.entries.get(path);
        if (file == null || file == FOLDER) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    @Override
    public FileChannel create(Path file) {
        long number = ++files;
        done(new Link(file, number));
        done(new ForceFolder(parent(file)));
        return new Channel(number, false);
    }

    @Override
    public byte[] readAll(Path file) throws IOException {
        return content(number(file));
    }

    @Override
    public void createDirectories(Path folder) {
        if (!seen.entries.containsKey(folder) && folder.getNameCount() > 0) {
            createDirectories(parent(folder));
            makeFolder(folder);
        }
    }

    @Override
    public List<Path> list(Path folder) {
        return seen.entries.keySet().stream()
                .filter(path -> folder.equals(path.getParent()))
                .toList();
    }

    @Override
    public void forceFolder(Path folder) {
        done(new ForceFolder(folder));
    }

    @Override
    public void delete(Path file) {
        remove(file);
    }

    // --- destinations ---

    @Override
    public PathVerdict decide(Path file) {
        return new PathVerdict.Allowed(file, Path.of("/work"));
    }

    @Override
    public FileState inspect(Path file) {
        Long number = seen.entries.get(file);
        return number == null
                ? new Missing()
                : number == FOLDER ? new Irregular() : new Regular("file " + number, content(number).length);
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return new Channel(number(file), false);
    }

    @Override
    public void force(Path folder) {
        done(new ForceFolder(folder));
    }

    @Override
    public OpenDestination open(PathVerdict.Allowed allowed) {
        Path path = allowed.canonical();
        List<Path> unforced = new ArrayList<>();
        makeFolders(parent(path), unforced);
        Long there = seen.entries.get(path);
        boolean created = there == null;
        long number = there == null ? ++files : there;
        if (created) {
            done(new Link(path, number));
            unforced.add(parent(path));
        }
        return new OpenDestination(
                path,
                new Channel(number, false),
                new Channel(number, true),
                "file " + number,
                content(number).length,
                created,
                unforced);
    }

    private void makeFolders(Path folder, List<Path> unforced) {
        if (!seen.entries.containsKey(folder) && folder.getNameCount() > 0) {
            makeFolders(parent(folder), unforced);
            done(new Link(folder, FOLDER));
            unforced.add(parent(folder));
        }
    }

    /** An open file. */
    private final class Channel extends FileChannel {
        private final long file;
        private final boolean appends;
        private long position;

        Channel(long file, boolean appends) {
            this.file = file;
            this.appends = appends;
        }

        @Override
        public int read(ByteBuffer into) {
            int got = read(into, position);
            position += Math.max(0, got);
            return got;
        }

        @Override
        public int read(ByteBuffer into, long from) {
            byte[] all = content(file);
            if (from >= all.length) {
                return into.hasRemaining() ? -1 : 0;
            }
            int count = (int) Math.min(into.remaining(), all.length - from);
            into.put(all, (int) from, count);
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            int count = write(from, appends ? size() : position);
            position += count;
            return count;
        }

        @Override
        public int write(ByteBuffer from, long at) {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            done(new Write(file, at, bytes));
            return bytes.length;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public FileChannel position(long to) {
            position = to;
            return this;
        }

        @Override
        public long size() {
            return content(file).length;
        }

        @Override
        public FileChannel truncate(long size) {
            done(new Truncate(file, size));
            return this;
        }

        @Override
        public void force(boolean metadata) {
            done(new Force(file));
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long from, long count, WritableByteChannel to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long at, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long from, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long from, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long from, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implCloseChannel() {
            // Nothing is held.
        }
    }
}

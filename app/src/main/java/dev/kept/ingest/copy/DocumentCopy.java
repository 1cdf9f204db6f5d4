package dev.kept.ingest.copy;

import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeReader;
import dev.kept.tape.document.DocumentScanner;
import dev.kept.tape.document.RecordTape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies a document that its agent writes whole again after each change: examines it when its times changed, and adds
 * its new or changed records to its {@link RecordTape}.
 *
 * <p>The file is read two or three times, through the worker's buffers, and never held in memory; only a key and a
 * digest for each record are, for the documents that changed last ({@link LoadedDocuments}). An incomplete document is
 * being written: it is examined again when its times change again. Another file in its place is not treated specially:
 * agents replace a document by renaming a new one. Owned by the ingest thread.
 */
final class DocumentCopy {
    private static final int DIGEST_BYTES = 16;

    /** The size of a piece of base64 input, divisible by three. */
    private static final int PIECE_BYTES = 48 * 1024;

    private final Tape tape;
    private Path place;
    private final LoadedDocuments loaded;
    private @Nullable RecordTape records;
    private boolean mended;
    private String seenTimes = "";

    DocumentCopy(Tape tape, LoadedDocuments loaded) {
        this.tape = tape;
        this.place = tape.manifest().path();
        this.loaded = loaded;
    }

    /** The result of a first pass over the document. */
    private record Seen(RecordTape.Version version, boolean whole, List<Boolean> fresh) {}

    /** Drops cached state that can be read again from the tape. */
    void forget() {
        records = null;
    }

    /** Cuts off an incomplete group that a crash left, before anything of the tape is handed on. */
    void repair(ByteBuffer buffer) throws IOException {
        if (!mended && tape.length() > 0 && !endsWhole(buffer)) {
            RecordTape read = load();
            if (read.end() < tape.length()) {
                tape.cut(read.end());
            }
        }
        mended = true;
    }

    /** Reports whether the last line of the tape ends a group, as far as one buffer shows it. */
    private boolean endsWhole(ByteBuffer buffer) throws IOException {
        int length = (int) Math.min(buffer.capacity(), tape.length());
        long from = tape.length() - length;
        buffer.clear().limit(length);
        while (buffer.hasRemaining() && tape.read(tape.generation(), from + buffer.position(), buffer) > 0) {
            // Until the end of the tape.
        }
        int at = buffer.position() - 1;
        if (at < 0 || buffer.get(at) != '\n') {
            return false;
        }
        while (at > 0 && buffer.get(at - 1) != '\n') {
            at--;
        }
        for (byte b : RecordTape.VERSION_LINE.getBytes(StandardCharsets.UTF_8)) {
            if (at >= buffer.position() || buffer.get(at++) != b) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param path the path by which the agent knows the file
     * @param place the path of its bytes
     */
    SourceFile.CopyResult advance(Path path, Path place, FileFacts facts, ByteBuffer buffer, ByteBuffer out)
            throws IOException {
        this.place = place;
        boolean first = seenTimes.isEmpty();
        if (facts.changedAt().equals(seenTimes)
                || (first && tape.length() > 0 && !facts.changedSince(tape.lastAppended()))) {
            seenTimes = facts.changedAt();
            return SourceFile.CopyResult.SETTLED;
        }
        if (!facts.key().equals(tape.manifest().fileKey())) {
            tape.noteMove(path, facts.key());
        }
        RecordTape known = load();
        Seen seen = examine(known, buffer);
        boolean same = true;
        if (seen.whole() && !seen.version().sha256().equals(known.sha256())) {
            same = write(known, seen, buffer, out);
        }
        if (same) {
            seenTimes = facts.changedAt();
        }
        return same && FileFacts.of(place).changedAt().equals(facts.changedAt())
                ? SourceFile.CopyResult.SETTLED
                : SourceFile.CopyResult.MORE;
    }

    private RecordTape load() throws IOException {
        RecordTape known = records;
        if (known == null) {
            try (TapeReader reader = tape.reader()) {
                known = RecordTape.of(reader);
            }
            records = known;
        }
        loaded.markUsed(this);
        return known;
    }

    /** Reads the file; returns the digest and the number of all its bytes. */
    private Sum pass(DocumentScanner.Sink sink, @Nullable Whole whole, ByteBuffer buffer) throws IOException {
        MessageDigest digest = sha256();
        DocumentScanner scanner = new DocumentScanner(sink);
        long bytes = 0;
        try (FileChannel source = LinkedPaths.open(place)) {
            while (source.read(buffer.clear(), bytes) > 0) {
                bytes += buffer.flip().remaining();
                digest.update(buffer.duplicate());
                if (whole != null) {
                    whole.accept(buffer.duplicate());
                }
                scanner.accept(buffer);
            }
        }
        scanner.finish();
        return new Sum(bytes, HexFormat.of().formatHex(digest.digest()), scanner);
    }

    private record Sum(long bytes, String sha256, DocumentScanner scanner) {}

    private Seen examine(RecordTape known, ByteBuffer buffer) throws IOException {
        Keys keys = new Keys(known);
        Sum sum = pass(keys, null, buffer);
        boolean inParts = sum.scanner().isPretty() && keys.unique;
        RecordTape.Version version = new RecordTape.Version(
                known.versions() + 1,
                sum.bytes(),
                sum.sha256(),
                inParts ? sum.scanner().recordsAt() : -1,
                keys.changed,
                inParts ? keys.order : List.of(),
                tape.length(),
                0);
        return new Seen(version, sum.scanner().isWhole() && sum.bytes() > 0, keys.fresh);
    }

    /** Writes a group; returns false if the file changed meanwhile, and then the tape is as it was. */
    private boolean write(RecordTape known, Seen seen, ByteBuffer buffer, ByteBuffer out) throws IOException {
        long start = tape.length();
        boolean written = false;
        TapeOutput output = new TapeOutput(tape, out);
        try {
            written = shell(seen, output, buffer)
                    && records(seen, output, buffer)
                    && (seen.version().inParts() || whole(seen, output, buffer));
            if (written) {
                output.write(known.line(seen.version()).getBytes(StandardCharsets.UTF_8));
                output.flush();
                RecordTape.Version version = seen.version();
                known.addVersion(new RecordTape.Version(
                        version.number(),
                        version.bytes(),
                        version.sha256(),
                        version.recordsAt(),
                        version.changed(),
                        version.order(),
                        start,
                        tape.length()));
            }
            return written;
        } finally {
            if (!written) {
                tape.cut(start);
            }
        }
    }

    private boolean shell(Seen seen, TapeOutput output, ByteBuffer buffer) throws IOException {
        Sum sum = pass(
                new Parts() {
                    @Override
                    public void shell(byte[] bytes, int length) throws IOException {
                        output.write(bytes, length);
                    }
                },
                null,
                buffer);
        output.write('\n');
        return sum.sha256().equals(seen.version().sha256());
    }

    private boolean records(Seen seen, TapeOutput output, ByteBuffer buffer) throws IOException {
        Sum sum = pass(
                new Parts() {
                    private int index;

                    @Override
                    public void record(byte[] bytes, int length) throws IOException {
                        if (isFresh()) {
                            output.write(bytes, length);
                        }
                    }

                    @Override
                    public void recordEnd(String id) throws IOException {
                        if (isFresh()) {
                            output.write('\n');
                        }
                        index++;
                    }

                    private boolean isFresh() {
                        return index < seen.fresh().size() && seen.fresh().get(index);
                    }
                },
                null,
                buffer);
        return sum.sha256().equals(seen.version().sha256());
    }

    private boolean whole(Seen seen, TapeOutput output, ByteBuffer buffer) throws IOException {
        output.write(("{\"" + RecordTape.MEMBER + "\":{\"base64\":\"").getBytes(StandardCharsets.UTF_8));
        Whole whole = new Whole(output);
        Sum sum = pass(new Parts(), whole, buffer);
        whole.end();
        output.write("\"}}\n".getBytes(StandardCharsets.UTF_8));
        return sum.sha256().equals(seen.version().sha256());
    }

    /** A sink that ignores the parts. */
    private static class Parts implements DocumentScanner.Sink {
        @Override
        public void shell(byte[] bytes, int length) throws IOException {}

        @Override
        public void record(byte[] bytes, int length) throws IOException {}

        @Override
        public void recordEnd(String id) throws IOException {}
    }

    /**
     * A sink that finds out which records are new or changed. A record without an id of its own is identified by its
     * digest.
     */
    private static final class Keys extends Parts {
        private final RecordTape known;
        private final Map<String, String> changed = new LinkedHashMap<>();
        private final List<String> order = new ArrayList<>();
        private final List<Boolean> fresh = new ArrayList<>();
        private final Set<String> met = new HashSet<>();
        private MessageDigest digest = sha256();
        private boolean unique = true;

        Keys(RecordTape known) {
            this.known = known;
        }

        @Override
        public void record(byte[] bytes, int length) {
            digest.update(bytes, 0, length);
        }

        @Override
        public void recordEnd(String id) {
            String now = HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
            String key = id;
            if (id.isEmpty() || !met.add(id)) {
                unique = false;
                key = "#" + now;
            }
            boolean isFresh = !known.has(key, now) && !now.equals(changed.get(key));
            if (isFresh) {
                changed.put(key, now);
            }
            fresh.add(isFresh);
            order.add(key);
            digest = sha256();
        }
    }

    /** The document as base64. */
    private static final class Whole {
        private final TapeOutput output;
        private final byte[] piece = new byte[PIECE_BYTES];
        private int length;

        Whole(TapeOutput output) {
            this.output = output;
        }

        void accept(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), piece.length - length);
                bytes.get(piece, length, count);
                length += count;
                if (length == piece.length) {
                    end();
                }
            }
        }

        void end() throws IOException {
            output.write(Base64.getEncoder().encode(java.util.Arrays.copyOf(piece, length)));
            length = 0;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

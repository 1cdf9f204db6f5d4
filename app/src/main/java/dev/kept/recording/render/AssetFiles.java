package dev.kept.recording.render;

import dev.kept.model.TapeReference;
import dev.kept.recording.writer.Asset;
import dev.kept.tape.DurableFiles;
import dev.kept.tape.TapeReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Writer of the files that a note links to. Each is written once: an image's file is named after its content, so an
 * existing one is left alone. Reads from the tape and decodes on the fly, in bounded memory.
 */
public final class AssetFiles {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The tapes of files into which agents put tool outputs. */
    @FunctionalInterface
    public interface Outputs {
        /** Returns the tape of the file that an event refers to; empty if that is not kept, or not all of it yet. */
        Optional<Path> tape(TapeReference reference) throws IOException;
    }

    /** Writes all assets except those whose tape is unknown. */
    public void write(Path tapeFolder, Path note, List<Asset> assets, Outputs outputs) throws IOException {
        for (Asset asset : assets) {
            Optional<Path> tape = tapeOf(asset, tapeFolder, outputs);
            Path file = note.resolveSibling(asset.relativePath());
            Path folder = java.util.Objects.requireNonNull(file.getParent(), "an asset has a folder");
            if (tape.isEmpty() || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
                DurableFiles.forceParent(folder);
            }
            Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
            Files.deleteIfExists(temporary);
            try (FileChannel made = DurableFiles.create(temporary);
                    OutputStream out = Channels.newOutputStream(made)) {
                switch (asset.content()) {
                    case Asset.Inline(var text) -> out.write(text.getBytes(StandardCharsets.UTF_8));
                    case Asset.Taped taped -> copy(tape.get(), taped, out);
                }
                made.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.forceParent(file);
        }
    }

    private static Optional<Path> tapeOf(Asset asset, Path tapeFolder, Outputs outputs) throws IOException {
        return switch (asset.content()) {
            case Asset.Inline _ -> Optional.of(tapeFolder);
            case Asset.Taped taped ->
                taped.reference().file().isPresent()
                        ? outputs.tape(taped.reference())
                        : Optional.of(taped.tape().orElse(tapeFolder));
        };
    }

    /** Returns the bytes between the quotes of a JSON string on tape, unchanged. */
    public static InputStream quoted(TapeReader tape, TapeReference reference) {
        return new Ranged(
                tape, reference.generation(), reference.offset() + 1, reference.offset() + reference.length() - 1);
    }

    private static void copy(Path tapeFolder, Asset.Taped taped, OutputStream out) throws IOException {
        TapeReference reference = taped.reference();
        try (TapeReader tape = TapeReader.open(tapeFolder)) {
            if (reference.file().isPresent()) {
                AssetText.writePlain(
                        new Ranged(tape, tape.manifest().newest().number(), 0, Long.MAX_VALUE), taped.secrets(), out);
                return;
            }
            InputStream quoted = quoted(tape, reference);
            if (reference.mediaType().startsWith("text/")) {
                AssetText.write(quoted, taped.secrets(), out);
            } else {
                Base64.getMimeDecoder().wrap(new WithoutBackslashes(quoted)).transferTo(out);
            }
        } catch (IllegalArgumentException notBase64) {
            throw new IOException("an attachment is not what it says it is: " + notBase64.getMessage(), notBase64);
        }
    }

    /** A stream of base64 from JSON. The only escape that can occur in it is {@code \/}. */
    private static final class WithoutBackslashes extends FilterInputStream {
        WithoutBackslashes(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            return next == '\\' ? super.read() : next;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = 0;
            while (count < length) {
                int next = read();
                if (next < 0) {
                    break;
                }
                into[from + count++] = (byte) next;
            }
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    /** A stream of a range of a tape's bytes, unchanged. */
    private static final class Ranged extends InputStream {
        private final TapeReader tape;
        private final int generation;
        private final long end;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
        private long at;

        Ranged(TapeReader tape, int generation, long start, long end) {
            this.tape = tape;
            this.generation = generation;
            this.at = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(into, from, count);
            return count;
        }

        /** Fills the buffer; returns whether there is a byte to read. */
        private boolean fill() throws IOException {
            if (!buffer.hasRemaining()) {
                long left = end - at;
                buffer.clear().limit((int) Math.min(buffer.capacity(), Math.max(0, left)));
                int got = buffer.hasRemaining() ? tape.read(generation, at, buffer) : -1;
                buffer.flip();
                if (got <= 0) {
                    return false;
                }
                at += got;
            }
            return true;
        }
    }
}

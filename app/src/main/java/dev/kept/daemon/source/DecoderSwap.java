package dev.kept.daemon.source;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.decode.SourceDecoder;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The decoders of all sources. Recently used ones are in memory; when these hold more than {@value #LIVE_BYTES} bytes,
 * the least recently used are swapped out to the {@link SwapFile} until new bytes arrive for them. So ten thousand
 * quiet sessions take no more memory than their metadata.
 *
 * <p>A decoder is swapped out only between two lines, and only after it was idle for a millisecond per {@value
 * #BYTES_PER_MS} bytes that it holds: this bounds the cost of swapping however many sessions grow at once. When all
 * decoders together hold {@value #MOST_TIMES_LIVE} times the limit, they are swapped out without having been idle.
 *
 * <p>Unterminated lines hold at most {@value #MOST_WAITING_BYTES} bytes in total, unless a single line holds more.
 * Above that the largest is given up and becomes a record that is too large.
 *
 * <p>Owned by the pipeline thread. Swapping is the only file I/O on that thread: a few kilobytes that are never forced
 * to disk.
 */
public final class DecoderSwap implements Closeable {
    public static final long LIVE_BYTES = 4L * 1024 * 1024;
    private static final long MOST_WAITING_BYTES = 8L * 1024 * 1024;
    private static final int MOST_TIMES_LIVE = 3;
    private static final long BYTES_PER_MS = 1024;
    private static final long AFTER_TROUBLE_MS = 60_000;

    private final SwapFile file;
    private final long mostLiveBytes;
    private final Clock clock;
    private final Consumer<IOException> trouble;
    /** Decoders that may be swapped out, the least recently used first. */
    private final LinkedHashSet<Held> idle = new LinkedHashSet<>();

    /** Decoders that wait for the end of a line. */
    private final Set<Held> waiting = new LinkedHashSet<>();

    private long waitingBytes;
    private long idleBytes;
    private long heldBytes;
    private long chargedBytes;
    private long notBeforeMs;

    /**
     * Creates a swap.
     *
     * @param mostLiveBytes limit of bytes in memory; {@link #LIVE_BYTES}
     * @param trouble notified when the file cannot be read or written
     */
    public DecoderSwap(SwapFile file, long mostLiveBytes, Clock clock, Consumer<IOException> trouble) {
        this.file = file;
        this.mostLiveBytes = mostLiveBytes;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** Returns the decoder of a source of which nothing was read. */
    Held fresh(Provider provider, SourceKind.Session kind) {
        return new Held(provider, kind, new SourceDecoder(provider, kind));
    }

    /**
     * Returns the decoder of a source that an earlier run read, swapped out.
     *
     * @param state result of {@link Held#state}
     */
    Held restored(Provider provider, SourceKind.Session kind, int generation, long resumeOffset, byte[] state)
            throws IOException {
        return new Held(provider, kind, new SwappedOut(generation, resumeOffset, file.put(state)));
    }

    /** Swaps out idle decoders while those in memory hold more than the limit. */
    public void swapOutIdle() {
        long nowMs = clock.millis();
        if (idleBytes <= mostLiveBytes || nowMs < notBeforeMs) {
            return;
        }
        try {
            for (Iterator<Held> eldest = idle.iterator(); eldest.hasNext() && idleBytes > mostLiveBytes; ) {
                Held held = eldest.next();
                boolean rested = nowMs - held.usedAtMs >= held.bytes / BYTES_PER_MS;
                if (!rested && heldBytes <= MOST_TIMES_LIVE * mostLiveBytes) {
                    return;
                }
                held.swapOut();
                eldest.remove();
                idleBytes -= held.bytes;
                held.count(0);
            }
        } catch (IOException e) {
            notBeforeMs = nowMs + AFTER_TROUBLE_MS;
            trouble.accept(e);
        }
    }

    private void giveUpLargestLine() {
        Held largest = Collections.max(waiting, Comparator.comparingLong(held -> held.lineBytes));
        largest.giveUpLine();
    }

    /** Returns the change in bytes of heap held by the decoders since the previous call. */
    public long recharge() {
        long change = heldBytes - chargedBytes;
        chargedBytes = heldBytes;
        return change;
    }

    /** Returns the length of the swap file, including free space. */
    long fileBytes() {
        return file.length();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private sealed interface Place permits Live, SwappedOut {}

    private record Live(SourceDecoder decoder) implements Place {}

    private record SwappedOut(int generation, long resumeOffset, SwapFile.Place place) implements Place {}

    /** The decoder of one source, in memory or swapped out. */
    public final class Held {
        private final Provider provider;
        private SourceKind.Session kind;
        private Place place;
        private long bytes;
        private long lineBytes;
        private long usedAtMs;

        private Held(Provider provider, SourceKind.Session kind, SourceDecoder fresh) {
            this.provider = provider;
            this.kind = kind;
            this.place = new Live(fresh);
            count(fresh.heldBytes());
        }

        private Held(Provider provider, SourceKind.Session kind, SwappedOut swappedOut) {
            this.provider = provider;
            this.kind = kind;
            this.place = swappedOut;
        }

        int generation() {
            return switch (place) {
                case Live(var decoder) -> decoder.generation();
                case SwappedOut swappedOut -> swappedOut.generation();
            };
        }

        /** Returns the end of the last complete record. */
        long resumeOffset() {
            return switch (place) {
                case Live(var decoder) -> decoder.resumeOffset();
                case SwappedOut swappedOut -> swappedOut.resumeOffset();
            };
        }

        /** Returns the approximate length of {@link #state}. */
        public long stateBytes() {
            return switch (place) {
                case Live(var decoder) -> decoder.heldBytes();
                case SwappedOut swappedOut -> swappedOut.place().length();
            };
        }

        /** Returns the state needed to resume at {@link #resumeOffset}, as written by {@link SourceDecoder#save}. */
        byte[] state() throws IOException {
            return switch (place) {
                case Live(var decoder) -> state(decoder);
                case SwappedOut swappedOut -> file.read(swappedOut.place());
            };
        }

        private static byte[] state(SourceDecoder decoder) {
            // A large state would take three times its size while the buffer grows.
            ByteArrayOutputStream state =
                    new ByteArrayOutputStream((int) Math.min(decoder.heldBytes() / 2, LIVE_BYTES));
            decoder.save(new StateWriter(state));
            return state.toByteArray();
        }

        /** Runs work on the decoder, in memory. */
        public void use(Consumer<SourceDecoder> work) {
            SourceDecoder decoder = live();
            try {
                work.accept(decoder);
            } finally {
                recount(decoder);
            }
        }

        /** Marks the source as one into which the conversation of a session was handed over. */
        void continueSession(String sessionId) {
            use(decoder -> decoder.noteHandover(sessionId));
            kind = kind.continuing(Optional.of(sessionId));
        }

        /** Reports whether the source contained this event. */
        boolean hasRead(String eventId) {
            SourceDecoder decoder = live();
            recount(decoder);
            return decoder.hasRead(eventId);
        }

        /** Frees the swapped-out state: the source is not followed after all. */
        public void discard() {
            if (place instanceof SwappedOut swappedOut) {
                file.free(swappedOut.place());
                place = new Live(new SourceDecoder(provider, kind));
            }
        }

        private SourceDecoder live() {
            return switch (place) {
                case Live(var decoder) -> decoder;
                case SwappedOut swappedOut -> {
                    SourceDecoder decoder = read(swappedOut);
                    file.free(swappedOut.place());
                    place = new Live(decoder);
                    yield decoder;
                }
            };
        }

        private SourceDecoder read(SwappedOut swappedOut) {
            try {
                return SourceDecoder.restore(
                        provider,
                        kind,
                        swappedOut.generation(),
                        swappedOut.resumeOffset(),
                        new StateReader(file.read(swappedOut.place())));
            } catch (IOException e) {
                // New bytes are read and kept; which events were delivered before is no longer known.
                trouble.accept(e);
                return new SourceDecoder(provider, kind, swappedOut.generation(), swappedOut.resumeOffset());
            }
        }

        private void recount(SourceDecoder decoder) {
            if (idle.remove(this)) {
                idleBytes -= bytes;
            }
            countWaiting(decoder.isBetweenLines() ? 0 : decoder.waitingBytes());
            if (waitingBytes > MOST_WAITING_BYTES && waiting.size() > 1) {
                giveUpLargestLine();
            }
            count(decoder.heldBytes());
            usedAtMs = clock.millis();
            if (decoder.isBetweenLines()) {
                idle.add(this);
                idleBytes += bytes;
            }
        }

        private void countWaiting(long now) {
            waitingBytes += now - lineBytes;
            lineBytes = now;
            if (now == 0) {
                waiting.remove(this);
            } else {
                waiting.add(this);
            }
        }

        private void giveUpLine() {
            if (place instanceof Live(var decoder)) {
                decoder.giveUpLine();
                countWaiting(decoder.waitingBytes());
                count(decoder.heldBytes());
            }
        }

        private void swapOut() throws IOException {
            if (place instanceof Live(var decoder)) {
                place = new SwappedOut(decoder.generation(), decoder.resumeOffset(), file.put(state(decoder)));
            }
        }

        private void count(long now) {
            heldBytes += now - bytes;
            bytes = now;
        }
    }
}

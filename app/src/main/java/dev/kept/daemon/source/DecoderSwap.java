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
 * The readings of all sources. Those that were used lately are in memory; when these hold more than
 * {@value #LIVE_BYTES} bytes, the ones that rest longest wait in the {@link SwapFile} until something new comes for
 * them. So ten thousand sessions that nobody talks to take no more than their metadata.
 *
 * <p>A reading is parked only between two lines, and only when it has rested a millisecond for each
 * {@value #BYTES_PER_MS} bytes that it holds: however many sessions grow at once, parking costs no more than that. Where all
 * readings hold {@value #MOST_TIMES_LIVE} times as much as is meant to stay, they are parked without having rested.
 *
 * <p>Lines that are not ended hold {@value #MOST_WAITING_BYTES} bytes at most, or one of them holds more: then the largest
 * is given up, and is a record that is too large.
 *
 * <p>Owned by the pipeline thread. Parking is the only reading and writing of a file that happens there: a few kilobytes
 * that are never forced to disk.
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
    /** Those that may be parked, the one that was not used for longest first. */
    private final LinkedHashSet<Held> parkable = new LinkedHashSet<>();

    /** Those that wait for the end of a line. */
    private final Set<Held> waiting = new LinkedHashSet<>();

    private long waitingBytes;
    private long parkableBytes;
    private long heldBytes;
    private long chargedBytes;
    private long notBeforeMs;

    /**
     * @param mostLiveBytes what may stay in memory; {@link #LIVE_BYTES}
     * @param trouble told when the file cannot be read or written
     */
    public DecoderSwap(SwapFile file, long mostLiveBytes, Clock clock, Consumer<IOException> trouble) {
        this.file = file;
        this.mostLiveBytes = mostLiveBytes;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** The reading of a source of which nothing was read. */
    Held fresh(Provider provider, SourceKind.Session kind) {
        return new Held(provider, kind, new SourceDecoder(provider, kind));
    }

    /**
     * The reading of a source that was read before.
     *
     * @param state what {@link Held#state} gave
     */
    Held parked(Provider provider, SourceKind.Session kind, int generation, long resumeOffset, byte[] state)
            throws IOException {
        return new Held(provider, kind, new Parked(generation, resumeOffset, file.put(state)));
    }

    /** Parks what has rested, as far as there is too much in memory. */
    public void settle() {
        long nowMs = clock.millis();
        if (parkableBytes <= mostLiveBytes || nowMs < notBeforeMs) {
            return;
        }
        try {
            for (Iterator<Held> eldest = parkable.iterator(); eldest.hasNext() && parkableBytes > mostLiveBytes; ) {
                Held held = eldest.next();
                boolean rested = nowMs - held.usedAtMs >= held.bytes / BYTES_PER_MS;
                if (!rested && heldBytes <= MOST_TIMES_LIVE * mostLiveBytes) {
                    return;
                }
                held.park();
                eldest.remove();
                parkableBytes -= held.bytes;
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

    /** How many bytes of heap the readings take more, or less, than when this was last asked. */
    public long recharge() {
        long change = heldBytes - chargedBytes;
        chargedBytes = heldBytes;
        return change;
    }

    /** How many bytes wait in the file, with the room between them. */
    long fileBytes() {
        return file.length();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private sealed interface Where permits Live, Parked {}

    private record Live(SourceDecoder reading) implements Where {}

    private record Parked(int generation, long resumeOffset, SwapFile.Place place) implements Where {}

    /** The reading of one source, wherever it is. */
    public final class Held {
        private final Provider provider;
        private SourceKind.Session kind;
        private Where where;
        private long bytes;
        private long lineBytes;
        private long usedAtMs;

        private Held(Provider provider, SourceKind.Session kind, SourceDecoder fresh) {
            this.provider = provider;
            this.kind = kind;
            this.where = new Live(fresh);
            count(fresh.heldBytes());
        }

        private Held(Provider provider, SourceKind.Session kind, Parked parked) {
            this.provider = provider;
            this.kind = kind;
            this.where = parked;
        }

        int generation() {
            return switch (where) {
                case Live(var reading) -> reading.generation();
                case Parked parked -> parked.generation();
            };
        }

        /** The end of the last record that was read whole. */
        long resumeOffset() {
            return switch (where) {
                case Live(var reading) -> reading.resumeOffset();
                case Parked parked -> parked.resumeOffset();
            };
        }

        /** About how many bytes {@link #state} has. */
        public long stateBytes() {
            return switch (where) {
                case Live(var reading) -> reading.heldBytes();
                case Parked parked -> parked.place().length();
            };
        }

        /** What is needed to go on at {@link #resumeOffset}, as {@link SourceDecoder#save} writes it. */
        byte[] state() throws IOException {
            return switch (where) {
                case Live(var reading) -> state(reading);
                case Parked parked -> file.read(parked.place());
            };
        }

        private static byte[] state(SourceDecoder reading) {
            // A large state would take three times as much while its buffer grows.
            ByteArrayOutputStream state =
                    new ByteArrayOutputStream((int) Math.min(reading.heldBytes() / 2, LIVE_BYTES));
            reading.save(new StateWriter(state));
            return state.toByteArray();
        }

        /** Has the reading read on. */
        public void use(Consumer<SourceDecoder> work) {
            SourceDecoder reading = live();
            try {
                work.accept(reading);
            } finally {
                used(reading);
            }
        }

        /** Takes the source for one into which the conversation of a session was handed over. */
        void continues(String sessionId) {
            use(reading -> reading.continues(sessionId));
            kind = kind.continuing(Optional.of(sessionId));
        }

        /** True if the source has told this event. */
        boolean hasRead(String eventId) {
            SourceDecoder reading = live();
            used(reading);
            return reading.hasRead(eventId);
        }

        /** The source is not followed after all. */
        public void discard() {
            if (where instanceof Parked parked) {
                file.free(parked.place());
                where = new Live(new SourceDecoder(provider, kind));
            }
        }

        private SourceDecoder live() {
            return switch (where) {
                case Live(var reading) -> reading;
                case Parked parked -> {
                    SourceDecoder reading = read(parked);
                    file.free(parked.place());
                    where = new Live(reading);
                    yield reading;
                }
            };
        }

        private SourceDecoder read(Parked parked) {
            try {
                return SourceDecoder.restore(
                        provider,
                        kind,
                        parked.generation(),
                        parked.resumeOffset(),
                        new StateReader(file.read(parked.place())));
            } catch (IOException e) {
                // What comes is read and kept; that something was told before is no longer known.
                trouble.accept(e);
                return new SourceDecoder(provider, kind, parked.generation(), parked.resumeOffset());
            }
        }

        private void used(SourceDecoder reading) {
            if (parkable.remove(this)) {
                parkableBytes -= bytes;
            }
            countWaiting(reading.isBetweenLines() ? 0 : reading.waitingBytes());
            if (waitingBytes > MOST_WAITING_BYTES && waiting.size() > 1) {
                giveUpLargestLine();
            }
            count(reading.heldBytes());
            usedAtMs = clock.millis();
            if (reading.isBetweenLines()) {
                parkable.add(this);
                parkableBytes += bytes;
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
            if (where instanceof Live(var reading)) {
                reading.giveUpLine();
                countWaiting(reading.waitingBytes());
                count(reading.heldBytes());
            }
        }

        private void park() throws IOException {
            if (where instanceof Live(var reading)) {
                where = new Parked(reading.generation(), reading.resumeOffset(), file.put(state(reading)));
            }
        }

        private void count(long now) {
            heldBytes += now - bytes;
            bytes = now;
        }
    }
}

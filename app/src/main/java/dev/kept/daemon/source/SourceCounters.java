package dev.kept.daemon.source;

import dev.kept.model.BoundedText;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.status.StatusReport.UnknownType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counters of one source: records read, and records not understood, by type. Owned by the pipeline thread. */
public final class SourceCounters {
    private static final int MAX_TYPES = 16;

    /** Bytes of a counted type, with two strings without their characters. */
    private static final int TYPE_BYTES = 128;

    private long recordsRead;
    private long recordsRepaired;
    private long idsForgotten;
    private List<UnknownType> unknown = List.of();

    public void count(DecodedRecord decoded, Path path) {
        recordsRead++;
        recordsRepaired += decoded.repaired() ? 1 : 0;
        if (decoded.isRaw()) {
            countUnknown(decoded, path);
        }
    }

    private void countUnknown(DecodedRecord decoded, Path path) {
        List<UnknownType> next = new ArrayList<>(unknown);
        for (int i = 0; i < next.size(); i++) {
            UnknownType known = next.get(i);
            // The last entry counts all further types together, so that the number of records stays right.
            if (known.type().equals(decoded.recordType()) || i == MAX_TYPES - 1) {
                next.set(i, new UnknownType(known.type(), known.count() + 1, known.example()));
                unknown = List.copyOf(next);
                return;
            }
        }
        long offset = decoded.events().getFirst().header().source().offset();
        next.add(new UnknownType(decoded.recordType(), 1, path + " at byte " + offset));
        unknown = List.copyOf(next);
    }

    public long recordsRead() {
        return recordsRead;
    }

    public long recordsRepaired() {
        return recordsRepaired;
    }

    /** Adds ids of events that the source's decoder has dropped. */
    public void addForgotten(long ids) {
        idsForgotten += ids;
    }

    public long idsForgotten() {
        return idsForgotten;
    }

    public List<UnknownType> unknown() {
        return unknown;
    }

    /** Returns the bytes of heap taken by the types that were not understood. */
    public long heldBytes() {
        long bytes = 0;
        for (UnknownType type : unknown) {
            bytes += TYPE_BYTES + BoundedText.bytes(type.type()) + BoundedText.bytes(type.example());
        }
        return bytes;
    }

    void save(StateWriter out) {
        out.number(recordsRead);
        out.number(recordsRepaired);
        out.number(idsForgotten);
        out.all(unknown, type -> {
            out.text(type.type());
            out.number(type.count());
            out.text(type.example());
        });
    }

    static SourceCounters restore(StateReader in) throws IOException {
        SourceCounters counts = new SourceCounters();
        counts.recordsRead = in.number();
        counts.recordsRepaired = in.number();
        counts.idsForgotten = in.number();
        counts.unknown = List.copyOf(in.all(from -> new UnknownType(from.text(), from.number(), from.text())));
        return counts;
    }
}

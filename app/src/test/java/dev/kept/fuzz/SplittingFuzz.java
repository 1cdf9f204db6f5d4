package dev.kept.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.provider.SourceRecord;
import dev.kept.provider.decode.JsonLineSplitter;
import java.util.ArrayList;
import java.util.List;

/** The first byte says where to cut: the records are the same, and lie in the file. */
public final class SplittingFuzz {
    private SplittingFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        List<SourceRecord> whole = new ArrayList<>();
        JsonLineSplitter one = new JsonLineSplitter(1, 0);
        one.accept(data, 1, data.length, whole::add);
        int cut = 1 + Byte.toUnsignedInt(data[0]) % (data.length - 1);
        List<SourceRecord> parts = new ArrayList<>();
        JsonLineSplitter two = new JsonLineSplitter(1, 0);
        two.accept(data, 1, cut, parts::add);
        two.accept(data, cut, data.length, parts::add);
        assertThat(parts).isEqualTo(whole);
        assertThat(two.lineOffset()).isEqualTo(one.lineOffset());
        JsonLineSplitter finished = new JsonLineSplitter(1, 0);
        List<SourceRecord> early = new ArrayList<>();
        finished.accept(data, 1, cut, early::add);
        finished.finish(early::add);
        long known = finished.lineOffset();
        finished.accept(data, cut, data.length, early::add);
        assertThat(finished.lineOffset()).isBetween(known, data.length - 1L);
        for (SourceRecord record : early) {
            assertThat(record.offset() + record.length()).isLessThan(data.length);
        }
        for (SourceRecord record : whole) {
            assertThat(record.offset()).isNotNegative();
            assertThat(record.length()).as(record.toString()).isPositive();
            assertThat(record.offset() + record.length()).isLessThan(data.length);
        }
    }
}

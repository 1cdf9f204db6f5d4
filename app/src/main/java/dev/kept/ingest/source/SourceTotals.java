package dev.kept.ingest.source;

/**
 * Totals over sources.
 *
 * @param present sources whose file exists
 * @param followed sources
 * @param bytesOnTape bytes of the newest generations
 * @param bytesToRead bytes of the files that are not on tape
 * @param bytesToParse bytes on tape that were not handed on
 */
public record SourceTotals(int present, int followed, long bytesOnTape, long bytesToRead, long bytesToParse) {
    public static final SourceTotals NONE = new SourceTotals(0, 0, 0, 0, 0);

    public SourceTotals plus(SourceTotals other) {
        return new SourceTotals(
                present + other.present,
                followed + other.followed,
                bytesOnTape + other.bytesOnTape,
                bytesToRead + other.bytesToRead,
                bytesToParse + other.bytesToParse);
    }

    public SourceTotals minus(SourceTotals other) {
        return new SourceTotals(
                present - other.present,
                followed - other.followed,
                bytesOnTape - other.bytesOnTape,
                bytesToRead - other.bytesToRead,
                bytesToParse - other.bytesToParse);
    }
}

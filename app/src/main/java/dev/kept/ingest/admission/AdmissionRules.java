package dev.kept.ingest.admission;

import dev.kept.provider.LinkRules;
import dev.kept.tape.packed.UnpackLimits;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The owner's rules about which sources are kept, and how.
 *
 * @param firstImport greatest age of files from before a root was followed; empty: any
 * @param excluded working directories and files that are never kept
 * @param minFreeBytes space that must stay free on the disk of the tapes
 * @param mostSources most sources that may be followed at once, because each takes memory
 * @param sealAfter time that a source rests before its tape is sealed; empty: never
 * @param unpack limits on the unpacked size of a packed source
 * @param links the symbolic links that are followed
 */
public record AdmissionRules(
        Optional<Duration> firstImport,
        List<PathMatcher> excluded,
        long minFreeBytes,
        int mostSources,
        Optional<Duration> sealAfter,
        UnpackLimits unpack,
        LinkRules links) {
    /** Rules that keep every source. */
    public static final AdmissionRules EVERYTHING =
            new AdmissionRules(Optional.empty(), List.of(), 0, Integer.MAX_VALUE, Optional.empty());

    public AdmissionRules {
        Objects.requireNonNull(firstImport, "firstImport");
        Objects.requireNonNull(unpack, "unpack");
        Objects.requireNonNull(links, "links");
        excluded = List.copyOf(excluded);
    }

    /** Creates rules with the standard limits of unpacking. */
    public AdmissionRules(
            Optional<Duration> firstImport,
            List<PathMatcher> excluded,
            long minFreeBytes,
            int mostSources,
            Optional<Duration> sealAfter) {
        this(firstImport, excluded, minFreeBytes, mostSources, sealAfter, UnpackLimits.STANDARD, LinkRules.NONE);
    }

    /** Returns these rules with other links. */
    public AdmissionRules with(LinkRules others) {
        return new AdmissionRules(firstImport, excluded, minFreeBytes, mostSources, sealAfter, unpack, others);
    }
}

package dev.kept.ingest.admission;

import dev.kept.provider.LinkRules;
import dev.kept.tape.packed.UnpackLimits;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which sources are kept, and how, as their owner wants it.
 *
 * @param firstImport of what was there before a root was followed, how old it may be; empty: all of it
 * @param excluded working directories and files that are never kept
 * @param minFreeBytes the room that must stay on the disk of the tapes
 * @param mostSources how many may be followed at once, because each takes memory
 * @param sealAfter how long a source rests before its tape is sealed; empty: it is not
 * @param unpack what a packed source may unpack to
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
    /** All that is found. */
    public static final AdmissionRules EVERYTHING =
            new AdmissionRules(Optional.empty(), List.of(), 0, Integer.MAX_VALUE, Optional.empty());

    public AdmissionRules {
        Objects.requireNonNull(firstImport, "firstImport");
        Objects.requireNonNull(unpack, "unpack");
        Objects.requireNonNull(links, "links");
        excluded = List.copyOf(excluded);
    }

    /** Rules with the standard limits of unpacking. */
    public AdmissionRules(
            Optional<Duration> firstImport,
            List<PathMatcher> excluded,
            long minFreeBytes,
            int mostSources,
            Optional<Duration> sealAfter) {
        this(firstImport, excluded, minFreeBytes, mostSources, sealAfter, UnpackLimits.STANDARD, LinkRules.NONE);
    }

    /** The same rules for other links. */
    public AdmissionRules with(LinkRules others) {
        return new AdmissionRules(firstImport, excluded, minFreeBytes, mostSources, sealAfter, unpack, others);
    }
}

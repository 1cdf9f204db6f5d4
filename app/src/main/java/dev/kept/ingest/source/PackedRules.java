package dev.kept.ingest.source;

import dev.kept.tape.packed.UnpackLimits;

/**
 * The limits for unpacking the files that agents packed.
 *
 * @param limits limits on the unpacked size of a file
 * @param room free space on the disk of the tapes
 */
public record PackedRules(UnpackLimits limits, DiskSpace room) {}

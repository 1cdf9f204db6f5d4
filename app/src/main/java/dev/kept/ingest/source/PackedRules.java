package dev.kept.ingest.source;

import dev.kept.tape.packed.UnpackLimits;

/**
 * The bounds of unpacking what agents packed.
 *
 * @param limits what a file may unpack to
 * @param room of the disk of the tapes
 */
public record PackedRules(UnpackLimits limits, DiskSpace room) {}

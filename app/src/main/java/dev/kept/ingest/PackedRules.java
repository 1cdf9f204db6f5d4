package dev.kept.ingest;

import dev.kept.tape.UnpackLimits;

/**
 * The bounds of unpacking what agents packed.
 *
 * @param limits what a file may unpack to
 * @param room of the disk of the tapes
 */
record PackedRules(UnpackLimits limits, DiskRoom room) {}

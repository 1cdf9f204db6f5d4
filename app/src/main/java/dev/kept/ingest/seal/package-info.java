/** Sealing: tapes of resting sources, compressed a segment at a time. */
@NullMarked
package dev.kept.ingest.seal;

import org.jspecify.annotations.NullMarked;

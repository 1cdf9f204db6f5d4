/** Decoders of sources: bytes to lines, lines to records, torn lines repaired. */
@NullMarked
package dev.kept.provider.decode;

import org.jspecify.annotations.NullMarked;

/** Sources as the pipeline reads them, and the swap file for decoders of quiet sources. */
@NullMarked
package dev.kept.daemon.source;

import org.jspecify.annotations.NullMarked;

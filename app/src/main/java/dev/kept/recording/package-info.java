/**
 * The recording engine: commands and recordings of each session, in the order of its conversation. Owned by the
 * pipeline thread.
 */
@NullMarked
package dev.kept.recording;

import org.jspecify.annotations.NullMarked;

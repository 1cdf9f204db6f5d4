/** File work of recordings, on worker threads. */
@NullMarked
package dev.kept.recording.io;

import org.jspecify.annotations.NullMarked;

/** The work of recordings that touches files, on worker threads. */
@NullMarked
package dev.kept.recording.io;

import org.jspecify.annotations.NullMarked;

/** Watched directories, and the paths that the operating system reported. */
@NullMarked
package dev.kept.ingest.watch;

import org.jspecify.annotations.NullMarked;

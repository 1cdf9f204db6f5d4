/** Destinations of recordings: from a typed path to an open file. */
@NullMarked
package dev.kept.recording.destination;

import org.jspecify.annotations.NullMarked;

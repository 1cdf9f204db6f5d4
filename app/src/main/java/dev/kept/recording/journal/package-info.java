/** Journals of recordings on disk: entries, the intent of the next chunk, and the state that they add up to. */
@NullMarked
package dev.kept.recording.journal;

import org.jspecify.annotations.NullMarked;

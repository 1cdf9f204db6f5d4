/** What Kept decided for each session, on disk: entries, the intent of the next chunk, and what they add up to. */
@NullMarked
package dev.kept.recording.journal;

import org.jspecify.annotations.NullMarked;

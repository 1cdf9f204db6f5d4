/** Commands in messages: which of them count, and what each does to the recordings of its session. */
@NullMarked
package dev.kept.recording.command;

import org.jspecify.annotations.NullMarked;

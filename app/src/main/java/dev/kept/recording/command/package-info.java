/** Commands in messages: the rules for which of them count, and their effects on the recordings of their session. */
@NullMarked
package dev.kept.recording.command;

import org.jspecify.annotations.NullMarked;

/** Markdown and JSONL of a conversation. Pure. */
@NullMarked
package dev.kept.recording.writer;

import org.jspecify.annotations.NullMarked;

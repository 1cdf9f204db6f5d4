/** Writers of a conversation as Markdown and JSONL. Pure. */
@NullMarked
package dev.kept.recording.writer;

import org.jspecify.annotations.NullMarked;

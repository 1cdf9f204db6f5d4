/** How a conversation looks in a file: Markdown and JSONL. Pure. */
@NullMarked
package dev.kept.recording.writer;

import org.jspecify.annotations.NullMarked;

/**
 * Obeys what people type in chats and keeps their recordings: the engine on the pipeline thread, and the workers that touch
 * files for it.
 */
@NullMarked
package dev.kept.recording;

import org.jspecify.annotations.NullMarked;

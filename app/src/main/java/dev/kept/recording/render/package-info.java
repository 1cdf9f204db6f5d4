/** Conversations rendered from tapes, for recordings and exports, with the files beside a note. */
@NullMarked
package dev.kept.recording.render;

import org.jspecify.annotations.NullMarked;

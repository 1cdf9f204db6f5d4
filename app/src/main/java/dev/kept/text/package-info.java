/** Untrusted text made safe as an id, a path, a shell word, or words on a terminal. Pure. */
@NullMarked
package dev.kept.text;

import org.jspecify.annotations.NullMarked;

/** Events read back from tapes. */
@NullMarked
package dev.kept.replay;

import org.jspecify.annotations.NullMarked;

/** The checkpoint: state of sessions on disk that spares a restart the reading of their tapes. */
@NullMarked
package dev.kept.daemon.checkpoint;

import org.jspecify.annotations.NullMarked;

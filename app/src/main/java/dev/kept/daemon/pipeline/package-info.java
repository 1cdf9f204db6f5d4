/** The pipeline thread: its messages, the state that it owns, and what it publishes. */
@NullMarked
package dev.kept.daemon.pipeline;

import org.jspecify.annotations.NullMarked;

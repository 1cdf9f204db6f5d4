/** Sources: identity, state of their files, limits, and the listener that ingest reports to. */
@NullMarked
package dev.kept.ingest.source;

import org.jspecify.annotations.NullMarked;

/**
 * What Kept holds in memory: packed events of the live sessions, metadata of all, both counted exactly and bounded.
 *
 * <p>Owned by the pipeline thread; what it hands out is immutable and may be read anywhere.
 */
@NullMarked
package dev.kept.session;

import org.jspecify.annotations.NullMarked;

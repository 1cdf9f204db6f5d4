/**
 * The snapshot store: packed events of live sessions and metadata of all, both counted exactly and bounded. Owned by
 * the pipeline thread; what it returns is immutable.
 */
@NullMarked
package dev.kept.session;

import org.jspecify.annotations.NullMarked;

/** Sessions on disk, without a daemon: listed, compared, restored and forgotten. */
@NullMarked
package dev.kept.archive;

import org.jspecify.annotations.NullMarked;

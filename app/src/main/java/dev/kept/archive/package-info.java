/** Sessions as they stand on disk: listed, found and put back without a daemon. */
@NullMarked
package dev.kept.archive;

import org.jspecify.annotations.NullMarked;

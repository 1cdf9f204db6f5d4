/** A bounded tree of one JSON value that knows where its strings stand, and a writer; over jackson-core. */
@NullMarked
package dev.kept.json;

import org.jspecify.annotations.NullMarked;

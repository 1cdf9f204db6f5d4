/** A bounded tree of one JSON value with the offsets of its strings, and a writer; over jackson-core. */
@NullMarked
package dev.kept.json;

import org.jspecify.annotations.NullMarked;

/** The ingest thread: finds sources, notices changes, copies new bytes to tapes and hands them on from there. */
@NullMarked
package dev.kept.ingest;

import org.jspecify.annotations.NullMarked;

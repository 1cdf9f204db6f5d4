/**
 * Finds sources, notices what changes, copies new bytes to the tape and hands them on from there.
 *
 * <p>One thread ({@code kept-ingest}) owns everything here; {@code kept-watch} only tells it which paths were touched.
 */
@NullMarked
package dev.kept.ingest;

import org.jspecify.annotations.NullMarked;

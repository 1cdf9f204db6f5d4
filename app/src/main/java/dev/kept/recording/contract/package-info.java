/** The contracts between the recording engine, its workers and its listeners. */
@NullMarked
package dev.kept.recording.contract;

import org.jspecify.annotations.NullMarked;

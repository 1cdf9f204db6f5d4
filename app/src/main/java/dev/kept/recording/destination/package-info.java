/** Where recordings may be written: from what a person typed to an open file. */
@NullMarked
package dev.kept.recording.destination;

import org.jspecify.annotations.NullMarked;

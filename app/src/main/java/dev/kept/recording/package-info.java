/** Where recordings may be written, what they are called, and what is written into them. */
@NullMarked
package dev.kept.recording;

import org.jspecify.annotations.NullMarked;

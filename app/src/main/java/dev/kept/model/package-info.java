/** Pure data: what was said, by whom, and where it stands. No input or output, no dependencies. */
@NullMarked
package dev.kept.model;

import org.jspecify.annotations.NullMarked;

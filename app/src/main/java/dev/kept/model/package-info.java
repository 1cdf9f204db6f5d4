/** Pure data: messages, tools, usage, positions on tapes. No input or output, no dependencies. */
@NullMarked
package dev.kept.model;

import org.jspecify.annotations.NullMarked;

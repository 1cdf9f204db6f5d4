/** Files that agents compressed: unpacked within bounds, or noted as they are. */
@NullMarked
package dev.kept.tape.packed;

import org.jspecify.annotations.NullMarked;

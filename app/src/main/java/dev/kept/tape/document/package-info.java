/** Documents that agents write whole after each change: split, stored and rebuilt. */
@NullMarked
package dev.kept.tape.document;

import org.jspecify.annotations.NullMarked;

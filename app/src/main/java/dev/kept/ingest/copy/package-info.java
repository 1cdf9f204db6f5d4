/** Copies of sources by their form: plain, document, packed; and the checks of what was copied. */
@NullMarked
package dev.kept.ingest.copy;

import org.jspecify.annotations.NullMarked;

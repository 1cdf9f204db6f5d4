/** Admission of sources: forgotten or excluded, part of which session, behind which link. */
@NullMarked
package dev.kept.ingest.admission;

import org.jspecify.annotations.NullMarked;

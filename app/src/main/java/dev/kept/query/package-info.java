/**
 * Queries of sessions: listing, finding by an id, choosing by a folder, naming. Needs no daemon, and asks one that
 * runs.
 */
@NullMarked
package dev.kept.query;

import org.jspecify.annotations.NullMarked;

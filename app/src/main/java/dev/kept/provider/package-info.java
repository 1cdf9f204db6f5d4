/**
 * What all agents' adapters share: where session files live, how their bytes become records and records events.
 *
 * <p>Parsing is pure: no input or output, the same bytes give the same events.
 */
@NullMarked
package dev.kept.provider;

import org.jspecify.annotations.NullMarked;

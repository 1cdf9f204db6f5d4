/** Tools that the decoders of several agents share: ids, revisions, times, saved state. */
@NullMarked
package dev.kept.provider.support;

import org.jspecify.annotations.NullMarked;

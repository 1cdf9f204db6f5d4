/**
 * Codex: one rollout file per thread, records in an envelope of time, type and payload; before 0.32 bare items.
 *
 * <p>Most content is written twice, as an item of the model's conversation and as an event for the screen: {@link
 * dev.kept.agents.codex.CodexDuplicates} makes one of the two.
 */
@NullMarked
package dev.kept.agents.codex;

import org.jspecify.annotations.NullMarked;

/**
 * Gemini CLI: from 0.39 on JSONL, a log of messages that later lines replace; before that one JSON object, written
 * whole after each change.
 *
 * <p>"Seen" in comments means: written by Gemini CLI 0.61 against a scripted model, or in published files of 0.2x.
 */
@NullMarked
package dev.kept.agents.gemini;

import org.jspecify.annotations.NullMarked;

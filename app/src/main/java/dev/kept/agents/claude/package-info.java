/**
 * Claude Code: append-only JSONL below {@code projects/}, one file for the conversation and one for each subagent.
 *
 * <p>"Counted" in comments means: counted in 431 published session files of 67 versions, 1.0.95 to 2.1.219.
 */
@NullMarked
package dev.kept.agents.claude;

import org.jspecify.annotations.NullMarked;

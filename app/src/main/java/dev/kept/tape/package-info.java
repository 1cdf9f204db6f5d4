/**
 * The durable verbatim copies of sources. Nothing above this package can lose what they hold.
 *
 * <pre>
 * tapes/&lt;provider&gt;/&lt;sourceId&gt;/source.json    which file this is a copy of, and its generations
 *                              /0001.jsonl     the bytes, as they were read
 *                              /0002.jsonl     after a rewrite: only what differs from its parent's beginning
 *                              /0001.jsonl.zst in the place of 0001.jsonl once its source rests: sealed ({@link Segments})
 *                              /sums-0001      of whole blocks of 0001.jsonl, for as long as it is there ({@link SumFile})
 * </pre>
 */
@NullMarked
package dev.kept.tape;

import org.jspecify.annotations.NullMarked;

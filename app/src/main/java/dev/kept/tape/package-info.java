/**
 * The durable verbatim copies of sources. Nothing above this package can lose what they hold.
 *
 * <pre>
 * tapes/&lt;provider&gt;/&lt;sourceId&gt;/source.json    the manifest: the file that was copied, and its generations
 *                              /0001.jsonl     the bytes, as they were read
 *                              /0002.jsonl     after a rewrite: only what differs from its parent's beginning
 *                              /0001.jsonl.zst replaces 0001.jsonl once its source rests: sealed ({@link Segments})
 *                              /sums-0001      checksums of 0001.jsonl, for as long as it exists ({@link SumFile})
 * </pre>
 */
@NullMarked
package dev.kept.tape;

import org.jspecify.annotations.NullMarked;

package dev.kept.ingest.source;

/**
 * The position from which a source's tape is handed on: everything before it was read in an earlier run.
 *
 * @param generation of the tape, from 1
 * @param offset bytes from the start of the generation; the start of a record
 */
public record ResumePoint(int generation, long offset) {}

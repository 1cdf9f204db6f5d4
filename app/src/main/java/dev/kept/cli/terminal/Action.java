package dev.kept.cli.terminal;

import java.util.concurrent.Callable;

/** A command of the command line. Its result is the exit code of the process. */
public interface Action extends Callable<Integer> {}

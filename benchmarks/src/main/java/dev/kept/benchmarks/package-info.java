/** What Kept costs, measured: workloads, the ceiling of the process, idle costs, the store beside one that clones. */
@NullMarked
package dev.kept.benchmarks;

import org.jspecify.annotations.NullMarked;

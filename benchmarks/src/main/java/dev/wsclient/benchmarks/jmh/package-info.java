/**
 * Microbenchmarks of the hot paths.
 */
@NullMarked
package dev.wsclient.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;

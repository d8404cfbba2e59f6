/**
 * Measures WebSocket clients beside each other, each in a JVM of its own.
 */
@NullMarked
package dev.wsclient.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * A server that costs little, so that the clients are what is measured.
 */
@NullMarked
package dev.wsclient.benchmarks.server;

import org.jspecify.annotations.NullMarked;

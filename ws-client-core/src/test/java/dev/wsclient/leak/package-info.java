/**
 * Fails tests that leak buffers.
 */
@NullMarked
package dev.wsclient.leak;

import org.jspecify.annotations.NullMarked;

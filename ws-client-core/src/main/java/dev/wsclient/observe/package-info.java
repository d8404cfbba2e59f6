/**
 * The hook through which metrics and tracing watch connections.
 */
@NullMarked
package dev.wsclient.observe;

import org.jspecify.annotations.NullMarked;

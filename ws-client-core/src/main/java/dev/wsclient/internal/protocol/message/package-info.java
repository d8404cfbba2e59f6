/**
 * Messages, assembled from frames, and their UTF-8.
 */
@NullMarked
package dev.wsclient.internal.protocol.message;

import org.jspecify.annotations.NullMarked;

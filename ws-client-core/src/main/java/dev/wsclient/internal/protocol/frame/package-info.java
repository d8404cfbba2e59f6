/**
 * Frames, the wire unit of RFC 6455, section 5.
 */
@NullMarked
package dev.wsclient.internal.protocol.frame;

import org.jspecify.annotations.NullMarked;

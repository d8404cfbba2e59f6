/**
 * The opening handshake, RFC 6455, section 4.
 */
@NullMarked
package dev.wsclient.internal.protocol.handshake;

import org.jspecify.annotations.NullMarked;

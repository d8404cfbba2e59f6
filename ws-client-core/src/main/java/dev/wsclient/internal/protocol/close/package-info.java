/**
 * The closing handshake and its codes, RFC 6455, section 7.
 */
@NullMarked
package dev.wsclient.internal.protocol.close;

import org.jspecify.annotations.NullMarked;

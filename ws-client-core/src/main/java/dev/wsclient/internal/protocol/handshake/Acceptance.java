package dev.wsclient.internal.protocol.handshake;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.internal.protocol.extension.Extension;

/**
 * An answer that opens a session.
 *
 * @param response the answer
 * @param extension the extension agreed on, or {@code null}
 * @since 0.1.0
 */
public record Acceptance(WsHandshakeResponse response, @Nullable Extension extension) {

}

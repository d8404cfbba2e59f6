package dev.wsclient;

import java.nio.ByteBuffer;

/**
 * A piece of a received message. Pieces are cut as the bytes arrive; the frames of the
 * server (RFC 6455, section 5.4) don't show.
 *
 * @param type the type of the message
 * @param payload the bytes of the piece, read-only, valid until the listener's call
 * returns; those of a text are UTF-8 together, and a piece may end within a character
 * @param first whether the message begins with this piece
 * @param last whether the message ends with this piece
 * @param session the session that the message arrives in
 * @since 0.1.0
 */
public record WsFragment(WsMessage.Type type, ByteBuffer payload, boolean first, boolean last, WsSession session) {

}

package dev.wsclient;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * One physical WebSocket of a {@link WsConnection}, from the opening handshake to its
 * end. A message that is sent by it goes out in this session or not at all: when the
 * session is over, the message is
 * {@linkplain dev.wsclient.exception.WsSendException.Outcome#DROPPED dropped}, also if it
 * was accepted and waits, and whatever the offline policy is. So an answer never reaches
 * a session that did not ask. While the session is open its methods do what those of the
 * connection do.
 * <p>
 * All methods may be called from any thread, at any time; none blocks. The object may be
 * kept: it stays the same as long as the session lasts, and costs little afterwards.
 *
 * @since 0.1.0
 * @see WsConnection#session()
 * @see WsMessage#session()
 */
public interface WsSession {

	/**
	 * Returns the id that the session has in the log: the connection's name and the
	 * number of the session, as in {@code feed#3}.
	 * @return the id
	 */
	String id();

	/**
	 * Whether the session takes messages: from the opening handshake until it ends, or
	 * begins to close.
	 * @return {@code false} if the session is over; it never opens again
	 */
	boolean isOpen();

	/**
	 * Sends a text message in this session only.
	 * @param text the text; unpaired surrogates are sent as {@code ?}
	 * @return a stage as that of {@link WsConnection#send(String)}; it fails as
	 * {@linkplain dev.wsclient.exception.WsSendException.Outcome#DROPPED dropped} if the
	 * session is over, or is when the message's turn comes
	 */
	CompletionStage<Void> send(String text);

	/**
	 * Sends a binary message in this session only.
	 * @param payload the payload, from position to limit; it must not be changed until
	 * the stage completes, and its position stays as it is
	 * @return a stage as that of {@link #send(String)}
	 */
	CompletionStage<Void> send(ByteBuffer payload);

	/**
	 * Sends a binary message in this session only.
	 * @param payload the payload; it must not be changed until the stage completes
	 * @return a stage as that of {@link #send(String)}
	 */
	default CompletionStage<Void> send(byte[] payload) {
		return send(ByteBuffer.wrap(payload));
	}

	/**
	 * Sends a text message in this session only, and not compressed, as
	 * {@link WsConnection#sendUncompressed(String)} does.
	 * @param text the text
	 * @return a stage as that of {@link #send(String)}
	 */
	CompletionStage<Void> sendUncompressed(String text);

	/**
	 * Sends a binary message in this session only, and not compressed, as
	 * {@link WsConnection#sendUncompressed(ByteBuffer)} does.
	 * @param payload the payload, from position to limit; it must not be changed until
	 * the stage completes, and its position stays as it is
	 * @return a stage as that of {@link #send(String)}
	 */
	CompletionStage<Void> sendUncompressed(ByteBuffer payload);

	/**
	 * Sends a large message in fragments in this session only, as
	 * {@link WsConnection#send(WsMessage.Type, Flow.Publisher)} does.
	 * @param type the type of the message
	 * @param fragments gives the payload; not subscribed to if the session is over before
	 * the message's turn
	 * @return a stage as that of {@link #send(String)}
	 */
	CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments);

}

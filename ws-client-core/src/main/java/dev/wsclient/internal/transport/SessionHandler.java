package dev.wsclient.internal.transport;

import java.nio.ByteBuffer;
import java.util.List;

import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.exception.ErrorContext.Phase;

/**
 * Hears what happens to a session. All methods are called on the event loop.
 */
public interface SessionHandler {

	/**
	 * The attempt goes on after TCP.
	 * @param step the proxy or TLS
	 */
	void onStep(Phase step);

	/**
	 * TCP and TLS are up.
	 */
	void onConnected();

	/**
	 * The opening handshake succeeded.
	 * @param response the server's answer
	 */
	void onOpen(WsHandshakeResponse response);

	/**
	 * Bytes arrived, before they are looked at.
	 */
	void onRead();

	/**
	 * A message arrived.
	 * @param message the message, valid during the call
	 */
	void onMessage(WsMessage message);

	/**
	 * A piece of a message arrived, in place of messages if the options say so.
	 * @param fragment the piece, its payload valid during the call
	 */
	void onFragment(WsFragment fragment);

	/**
	 * A ping arrived; its pong is under way unless switched off.
	 * @param payload read-only, valid during the call
	 */
	void onPing(ByteBuffer payload);

	/**
	 * A pong arrived.
	 * @param payload read-only, valid during the call
	 */
	void onPong(ByteBuffer payload);

	/**
	 * A Close frame is due that nobody here asked for. What was accepted before, such as
	 * the answer to a message that came in the same read, can still be written.
	 */
	void onCloseDue();

	/**
	 * The session began to close without being asked: the server sent a Close frame, or
	 * broke the protocol. No further message will arrive.
	 */
	void onClosing();

	/**
	 * A socket that was full took bytes, so the peer takes them: its system has room for
	 * more. Writing to a socket that is not full tells nothing of the peer.
	 */
	void onWriteProgress();

	/**
	 * The socket takes more again.
	 */
	void onWritable();

	/**
	 * All bytes of some messages were written to the socket.
	 * @param messages the messages, the oldest first
	 */
	void onWritten(List<Outbound> messages);

	/**
	 * The session broke before all bytes of a message were known to be written.
	 * @param message the message
	 */
	void onLost(Outbound message);

	/**
	 * The session ended, or could not be opened. The last call, made exactly once.
	 * @param end how
	 */
	void onEnd(SessionEnd end);

}

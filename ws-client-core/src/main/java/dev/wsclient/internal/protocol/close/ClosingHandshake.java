package dev.wsclient.internal.protocol.close;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * The end of one session (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-7">RFC
 * 6455, section 7</a>): one method for each event, whose answer is what to do next. The
 * server closes TCP first, so that it and not the client waits in TIME_WAIT (section
 * 7.1.1); how long to wait for it is the caller's business.
 *
 * <pre>
 *         local close              Close of the server
 *   OPEN ------------&gt; CLOSE_SENT ---------------------&gt; CLOSE_EXCHANGED
 *    |                     |                                  ^
 *    |  Close of the server (echoed)                          |
 *    +------------------------------------------------------- +
 *    |  violation          |  violation
 *    +---------------------+----&gt; FAILED
 *
 *   EOF or abort lead from each of them to CLOSED, where nothing happens any more.
 * </pre>
 *
 * Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class ClosingHandshake {

	private State state = State.OPEN;

	private Initiator initiator = Initiator.NETWORK;

	/**
	 * What ended the session: the Close frame that came first, if any.
	 */
	private CloseStatus status = CloseStatus.ABNORMAL;

	private boolean closeReceived;

	private boolean closeWritten;

	/**
	 * Null until a Close frame of ours is due.
	 */
	private @Nullable CloseStatus closeToSend;

	/**
	 * This side wants to end the session.
	 * @param status the code and reason to send; 1005 for a Close frame without a body
	 * @return {@link Next#SEND_CLOSE}, or {@link Next#NOTHING} if the session ends
	 * already
	 * @throws IllegalArgumentException if the code must not be sent
	 */
	public Next onLocalClose(CloseStatus status) {
		if (!status.isSendable() && status.code() != CloseStatus.NO_STATUS.code()) {
			throw new IllegalArgumentException(
					"Close code must be 1000-1003, 1005 (none), 1007-1014 or 3000-4999 (RFC 6455, 7.4), was "
							+ status.code());
		}
		if (this.state != State.OPEN) {
			return Next.NOTHING;
		}
		this.state = State.CLOSE_SENT;
		return sendFirst(status);
	}

	/**
	 * A Close frame came.
	 * @param code the close code, 1005 if the frame carries none
	 * @param reason the reason
	 * @return {@link Next#SEND_CLOSE} if it is the first one and has to be echoed,
	 * {@link Next#AWAIT_EOF} if it answers ours or crossed it on the way,
	 * {@link Next#NOTHING} otherwise
	 */
	public Next onPeerClose(int code, String reason) {
		return switch (this.state) {
			case OPEN -> {
				this.state = State.CLOSE_EXCHANGED;
				this.initiator = Initiator.SERVER;
				this.status = new CloseStatus(code, reason);
				this.closeReceived = true;
				this.closeToSend = new CloseStatus(code, "");
				yield Next.SEND_CLOSE;
			}
			case CLOSE_SENT -> {
				this.state = State.CLOSE_EXCHANGED;
				this.closeReceived = true;
				yield Next.AWAIT_EOF;
			}
			case CLOSE_EXCHANGED, FAILED, CLOSED -> Next.NOTHING;
		};
	}

	/**
	 * The server broke the protocol: whatever else it sends is not read any more.
	 * @param violation the rule that was broken
	 * @return {@link Next#SEND_CLOSE}, or {@link Next#AWAIT_EOF} if a Close frame of ours
	 * is out already, {@link Next#NOTHING} if the session ended before
	 */
	public Next onViolation(ProtocolViolation violation) {
		return switch (this.state) {
			case OPEN -> {
				this.state = State.FAILED;
				yield sendFirst(violation.closeStatus());
			}
			case CLOSE_SENT -> {
				this.state = State.FAILED;
				yield Next.AWAIT_EOF;
			}
			case CLOSE_EXCHANGED, FAILED, CLOSED -> Next.NOTHING;
		};
	}

	private Next sendFirst(CloseStatus status) {
		this.initiator = Initiator.CLIENT;
		this.status = status;
		this.closeToSend = status;
		return Next.SEND_CLOSE;
	}

	/**
	 * The Close frame of this side went out wholly.
	 */
	public void onCloseWritten() {
		this.closeWritten = true;
	}

	/**
	 * The connection ended: the server closed it, or it broke.
	 * @return {@link Next#CLOSE_CONNECTION}, or {@link Next#NOTHING} the second time
	 */
	public Next onEof() {
		if (this.state == State.CLOSED) {
			return Next.NOTHING;
		}
		this.state = State.CLOSED;
		return Next.CLOSE_CONNECTION;
	}

	/**
	 * This side gives up: the user aborts, or a deadline has passed.
	 * @return {@link Next#CLOSE_CONNECTION}, or {@link Next#NOTHING} if the connection
	 * ended before
	 */
	public Next onAbort() {
		if (this.state == State.OPEN) {
			this.initiator = Initiator.CLIENT;
		}
		return onEof();
	}

	/**
	 * Returns what a {@link Next#SEND_CLOSE} sends.
	 * @return the status; 1005 for a Close frame without a body
	 * @throws IllegalStateException if no Close frame is due
	 */
	public CloseStatus closeToSend() {
		if (this.closeToSend == null) {
			throw new IllegalStateException("No Close frame is due in state " + this.state);
		}
		return this.closeToSend;
	}

	/**
	 * Whether messages may still be sent.
	 * @return {@code true} until a Close frame was sent or received
	 */
	public boolean isOpen() {
		return this.state == State.OPEN;
	}

	/**
	 * Whether what the server sends is still of interest.
	 * @return {@code true} until its Close frame, a violation or the end of the
	 * connection
	 */
	public boolean isReading() {
		return this.state == State.OPEN || this.state == State.CLOSE_SENT;
	}

	/**
	 * Returns who ended the session.
	 * @return the side whose Close frame came first or which aborted;
	 * {@link Initiator#NETWORK} if there was neither, or as long as the session is open
	 */
	public Initiator initiator() {
		return this.initiator;
	}

	/**
	 * Returns how the session ended.
	 * @return the server's status if its Close frame came first, otherwise ours; 1006 if
	 * there was no Close frame, or as long as the session is open
	 */
	public CloseStatus status() {
		return this.status;
	}

	/**
	 * Whether the server sent a Close frame before a violation or the end.
	 * @return {@code true} since its Close frame
	 */
	public boolean isCloseReceived() {
		return this.closeReceived;
	}

	/**
	 * Whether both sides sent a Close frame, and ours went out.
	 * @return {@code true} for a complete closing handshake
	 */
	public boolean isClean() {
		return this.closeReceived && this.closeWritten;
	}

	@Override
	public String toString() {
		return "ClosingHandshake[" + this.state + ", initiator=" + this.initiator + ", status=" + this.status
				+ ", clean=" + isClean() + "]";
	}

	/**
	 * What the caller has to do after an event.
	 */
	public enum Next {

		/**
		 * Send the Close frame {@link ClosingHandshake#closeToSend()}, and nothing but
		 * pongs behind it. Then go on as {@link ClosingHandshake#isReading()} says: read
		 * until the server's Close frame, or wait for the end of the connection. In both
		 * cases with a deadline.
		 */
		SEND_CLOSE,

		/**
		 * Wait, with a deadline, for the server to close the connection; skip what comes
		 * before.
		 */
		AWAIT_EOF,

		/**
		 * Close the connection now.
		 */
		CLOSE_CONNECTION,

		/**
		 * The event changes nothing.
		 */
		NOTHING

	}

	/**
	 * How far the end is.
	 */
	enum State {

		/**
		 * No Close frame yet.
		 */
		OPEN,

		/**
		 * Ours is sent, the server's awaited.
		 */
		CLOSE_SENT,

		/**
		 * Both are sent, the end of the connection is awaited.
		 */
		CLOSE_EXCHANGED,

		/**
		 * Ours is sent because of a violation, or a violation came instead of the
		 * server's; the end of the connection is awaited.
		 */
		FAILED,

		/**
		 * The connection has ended.
		 */
		CLOSED

	}

	State state() {
		return this.state;
	}

}

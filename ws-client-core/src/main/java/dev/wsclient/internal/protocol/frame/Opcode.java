package dev.wsclient.internal.protocol.frame;

import java.util.Locale;

/**
 * Opcodes (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-11.8">RFC 6455,
 * section 11.8</a>): plain numbers, so that a frame needs no look-up.
 *
 * @since 0.1.0
 */
public final class Opcode {

	/**
	 * A further fragment of the message in progress.
	 */
	public static final int CONTINUATION = 0x0;

	/**
	 * A text message, or its first fragment.
	 */
	public static final int TEXT = 0x1;

	/**
	 * A binary message, or its first fragment.
	 */
	public static final int BINARY = 0x2;

	/**
	 * The last frame of a direction.
	 */
	public static final int CLOSE = 0x8;

	/**
	 * Asks for a pong.
	 */
	public static final int PING = 0x9;

	/**
	 * Answers a ping, or tells that the peer is alive.
	 */
	public static final int PONG = 0xA;

	private Opcode() {
	}

	/**
	 * Whether frames of this opcode are control frames, which are short, never fragmented
	 * and allowed between fragments (RFC 6455, section 5.5).
	 * @param opcode the opcode
	 * @return {@code true} for 0x8 and above
	 */
	public static boolean isControl(int opcode) {
		return opcode >= CLOSE;
	}

	static boolean isKnown(int opcode) {
		return opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
	}

	/**
	 * Returns the name of an opcode, for messages to people.
	 * @param opcode the opcode
	 * @return the name, or the number in hex if the opcode is not known
	 */
	public static String name(int opcode) {
		return switch (opcode) {
			case CONTINUATION -> "continuation";
			case TEXT -> "text";
			case BINARY -> "binary";
			case CLOSE -> "Close";
			case PING -> "ping";
			case PONG -> "pong";
			default -> "0x" + Integer.toHexString(opcode).toUpperCase(Locale.ROOT);
		};
	}

}

package dev.wsclient.internal.protocol.message;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * What to say about text that is not UTF-8
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-8.1">RFC 6455, section
 * 8.1</a>).
 */
final class InvalidUtf8 {

	private InvalidUtf8() {
	}

	static ProtocolViolation badByte(String what, int value, long offset) {
		return violation(what + " must be UTF-8, but byte 0x" + String.format("%02X", value & 0xFF)
				+ " can't stand at offset " + offset);
	}

	static ProtocolViolation endsWithinCharacter(String what, long length) {
		return violation(what + " must be UTF-8, but it ends within a character after " + length + " bytes");
	}

	private static ProtocolViolation violation(String message) {
		return new ProtocolViolation(CloseStatus.INVALID_PAYLOAD.code(), "RFC 6455, 8.1", message);
	}

}

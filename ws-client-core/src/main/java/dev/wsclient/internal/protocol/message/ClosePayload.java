package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * The body of a Close frame: nothing, or a code and a reason
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1">RFC 6455, section
 * 5.5.1</a>).
 *
 * @param code the close code, 1005 if there is none
 * @param reason the reason
 */
record ClosePayload(int code, String reason) {

	private static final int CODE_SIZE = 2;

	static ClosePayload parse(ByteBuf payload) {
		int length = payload.readableBytes();
		if (length == 0) {
			return new ClosePayload(CloseStatus.NO_STATUS.code(), "");
		}
		if (length < CODE_SIZE) {
			throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR.code(), "RFC 6455, 5.5.1",
					"Close frame must have no body or one of at least 2 bytes, had 1 byte");
		}
		int start = payload.readerIndex();
		int code = payload.getUnsignedShort(start);
		if (!CloseStatus.isSendable(code)) {
			throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR.code(), "RFC 6455, 7.4",
					"Close code must be 1000-1003, 1007-1014 or 3000-4999, was " + code);
		}
		return new ClosePayload(code, parseReason(payload, start + CODE_SIZE, length - CODE_SIZE));
	}

	private static String parseReason(ByteBuf payload, int start, int length) {
		Utf8Validator utf8 = new Utf8Validator();
		int bad = utf8.findBadByte(payload, start, length);
		if (bad >= 0) {
			throw InvalidUtf8.badByte("Close reason", payload.getByte(bad), bad - start);
		}
		if (!utf8.isComplete()) {
			throw InvalidUtf8.endsWithinCharacter("Close reason", length);
		}
		return payload.toString(start, length, StandardCharsets.UTF_8);
	}

}

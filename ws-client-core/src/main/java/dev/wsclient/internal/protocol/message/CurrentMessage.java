package dev.wsclient.internal.protocol.message;

import io.netty.buffer.ByteBuf;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.protocol.frame.Opcode;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * The message in progress, and the rules it has to keep: the order of its fragments, its
 * limits, and its UTF-8.
 */
final class CurrentMessage {

	/**
	 * How many fragments a message may have. Only empty fragments, which the size of the
	 * message doesn't bound, get there; conformance suites go up to 65,536.
	 */
	static final int MAX_FRAGMENTS = 1 << 18;

	/**
	 * What the codes and flushes of a short encoded message may take beyond its size.
	 */
	private static final int MAX_ENCODING_OVERHEAD = 1024;

	private static final int NONE = -1;

	private final int maxSize;

	private final int maxFrameSize;

	private final MessageAssembly assembly;

	/**
	 * Whether pieces are given away as they come, so that nothing grows.
	 */
	private final boolean streaming;

	private final Utf8Validator utf8 = new Utf8Validator();

	private int opcode = NONE;

	private boolean encoded;

	/**
	 * How many bytes its frames have declared.
	 */
	private long declared;

	private int fragments;

	/**
	 * How many bytes of it were given away in pieces.
	 */
	private long streamed;

	private boolean begun;

	CurrentMessage(int maxSize, int maxFrameSize, MessageAssembly assembly, boolean streaming) {
		this.maxSize = maxSize;
		this.maxFrameSize = maxFrameSize;
		this.assembly = assembly;
		this.streaming = streaming;
	}

	void begin(int opcode, boolean encoded) {
		if (this.opcode != NONE) {
			throw protocolError("Fragmented message must be continued by a continuation frame, but a "
					+ Opcode.name(opcode) + " frame came");
		}
		this.opcode = opcode;
		this.encoded = encoded;
		this.declared = 0;
		this.fragments = 0;
		this.streamed = 0;
		this.begun = false;
		this.utf8.reset();
	}

	void requireInProgress() {
		if (this.opcode == NONE) {
			throw protocolError("Continuation frame must follow a fragment, but no message was in progress");
		}
	}

	private static ProtocolViolation protocolError(String message) {
		return new ProtocolViolation(CloseStatus.PROTOCOL_ERROR.code(), "RFC 6455, 5.4", message);
	}

	/**
	 * Ends it.
	 * @return its opcode
	 */
	int end() {
		int opcode = this.opcode;
		this.opcode = NONE;
		return opcode;
	}

	boolean isInProgress() {
		return this.opcode != NONE;
	}

	boolean isEncoded() {
		return this.encoded;
	}

	boolean isText() {
		return this.opcode == Opcode.TEXT;
	}

	int opcode() {
		return this.opcode;
	}

	/**
	 * Counts a piece that is given away.
	 * @return whether it is the first
	 */
	boolean addPiece(int length) {
		boolean first = !this.begun;
		this.begun = true;
		this.streamed += length;
		return first;
	}

	private long size() {
		return this.streamed + this.assembly.size();
	}

	int maxSize() {
		return this.maxSize;
	}

	void addFragment(long payloadLength) {
		if (payloadLength > maxPayload() - this.declared && !this.streaming) {
			throw tooBig("but a frame declares " + payloadLength + (this.encoded ? " encoded" : "") + " bytes"
					+ ((this.declared > 0) ? " after " + this.declared : ""));
		}
		if (payloadLength > this.maxFrameSize) {
			throw overLimit("Frame must be of at most " + this.maxFrameSize + " bytes (maxFrameSize), but one declares "
					+ payloadLength);
		}
		this.declared += payloadLength;
		if (++this.fragments > MAX_FRAGMENTS && !this.streaming) {
			throw overLimit("Message must have at most " + MAX_FRAGMENTS + " fragments, but another one came");
		}
	}

	// Encoding makes few messages longer, and none of them much; the rest of the limit is
	// kept while decoding.
	private long maxPayload() {
		return this.encoded ? 2L * this.maxSize + MAX_ENCODING_OVERHEAD : this.maxSize;
	}

	/**
	 * Checks a further piece of an encoded message. The faults of all pieces are told in
	 * the order of the bytes, so it doesn't matter how the message came in pieces.
	 * @param decoded the piece
	 * @param last whether the message ends with it
	 */
	void checkDecoded(ByteBuf decoded, boolean last) {
		int length = decoded.readableBytes();
		int allowed = this.maxSize - this.assembly.size();
		checkText(decoded, Math.min(length, allowed), last && length <= allowed);
		if (length > allowed) {
			throw tooBig("but of its " + this.declared + " encoded bytes some gave "
					+ ((long) this.assembly.size() + length) + " already");
		}
	}

	private ProtocolViolation tooBig(String seen) {
		return overLimit("Message must be of at most " + this.maxSize + " bytes (maxMessageSize), " + seen);
	}

	private static ProtocolViolation overLimit(String message) {
		return new ProtocolViolation(CloseStatus.MESSAGE_TOO_BIG.code(), "RFC 6455, 10.4", message);
	}

	/**
	 * Checks a further piece if the message is text.
	 * @param in where it begins
	 * @param length how long it is
	 * @param last whether the message ends with it
	 */
	void checkText(ByteBuf in, int length, boolean last) {
		if (isText()) {
			checkText(in, in.readerIndex(), length, last, size());
		}
	}

	/**
	 * Checks a piece of text that was appended.
	 * @param message the message so far
	 * @param length how long the piece is
	 * @param last whether the message ends with it
	 */
	void checkAppended(ByteBuf message, int length, boolean last) {
		checkText(message, message.writerIndex() - length, length, last, message.readableBytes() - length);
	}

	private void checkText(ByteBuf buffer, int start, int length, boolean last, long sizeBefore) {
		int bad = this.utf8.findBadByte(buffer, start, length);
		if (bad >= 0) {
			throw InvalidUtf8.badByte("Text message", buffer.getByte(bad), sizeBefore + bad - start);
		}
		if (last && !this.utf8.isComplete()) {
			throw InvalidUtf8.endsWithinCharacter("Text message", sizeBefore + length);
		}
	}

}

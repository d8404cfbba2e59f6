package dev.wsclient.internal.protocol.message;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.PayloadDecoder;
import dev.wsclient.internal.protocol.frame.FrameReader;
import dev.wsclient.internal.protocol.frame.Opcode;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * Reads messages and control frames out of the bytes a server sent
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5">RFC 6455, section 5</a>).
 * <p>
 * An unfragmented message that lies wholly in the read buffer is handed on in place:
 * nothing is copied or allocated. Any other message is assembled in one buffer that grows
 * as the bytes come. Text is checked as it comes, so bad text is refused before its end.
 * <p>
 * After a violation, a Close frame, {@link #stop()} or {@link #release()} the reader has
 * <em>stopped</em>: it skips all further bytes and calls nobody. Not safe for use by
 * several threads; not re-entrant.
 *
 * @since 0.1.0
 */
public final class MessageReader {

	/**
	 * How many fragments a message may have. Only empty fragments, which the size of the
	 * message doesn't bound, get there; conformance suites go up to 65,536.
	 */
	static final int MAX_FRAGMENTS = 1 << 18;

	/**
	 * What the codes and flushes of a short message may take beyond its size.
	 */
	private static final int MAX_ENCODING_OVERHEAD = 1024;

	private static final int NO_MESSAGE = -1;

	private final int maxMessageSize;

	private final ByteBufAllocator allocator;

	private final MessageSink sink;

	private final FrameReader frame;

	private final Utf8Validator utf8 = new Utf8Validator();

	private final MessageAssembly assembly;

	private final @Nullable Extension extension;

	/**
	 * Null until an encoded message comes.
	 */
	private @Nullable PayloadDecoder decoder;

	private State state = State.HEADER;

	/**
	 * The opcode of the message in progress.
	 */
	private int message = NO_MESSAGE;

	/**
	 * Whether the message in progress is encoded by the extension.
	 */
	private boolean encoded;

	/**
	 * How many bytes the frames of the message in progress have declared.
	 */
	private long declared;

	private int fragments;

	/**
	 * How many bytes of the frame's payload are still to come.
	 */
	private long missing;

	/**
	 * The start of a control frame's payload; null unless one comes in pieces.
	 */
	private @Nullable ByteBuf control;

	/**
	 * Creates a reader for sessions without an extension.
	 * @param maxMessageSize the largest payload of a message, in bytes
	 * @param allocator gives the buffers for payload that comes in pieces
	 * @param sink is told what was read
	 * @throws IllegalArgumentException if the size is negative
	 */
	public MessageReader(int maxMessageSize, ByteBufAllocator allocator, MessageSink sink) {
		this(maxMessageSize, allocator, sink, null);
	}

	/**
	 * Creates a reader.
	 * @param maxMessageSize the largest payload of a message, in bytes
	 * @param allocator gives the buffers for payload that comes in pieces
	 * @param sink is told what was read
	 * @param extension decodes the messages that the server marked, or {@code null}; not
	 * released
	 * @throws IllegalArgumentException if the size is negative
	 */
	public MessageReader(int maxMessageSize, ByteBufAllocator allocator, MessageSink sink,
			@Nullable Extension extension) {
		if (maxMessageSize < 0) {
			throw new IllegalArgumentException("Largest message must be of 0 bytes or more, was " + maxMessageSize);
		}
		this.maxMessageSize = maxMessageSize;
		this.allocator = allocator;
		this.sink = sink;
		this.assembly = new MessageAssembly(allocator);
		this.extension = extension;
		this.frame = new FrameReader((extension != null) ? extension.reservedBits() : 0);
	}

	/**
	 * Reads all bytes and calls the sink for each message and control frame that is
	 * complete. When it returns, or throws a violation, nothing readable is left and
	 * nothing of the buffer is kept: the caller may release it.
	 * <p>
	 * If the sink throws, its exception comes through. What it was told counts as read;
	 * the bytes behind are still readable, and another call goes on with them.
	 * @param in the bytes; not released
	 * @throws ProtocolViolation if the bytes break the protocol or a limit; everything
	 * before was delivered, and the reader has stopped
	 */
	public void read(ByteBuf in) {
		try {
			boolean more = true;
			while (more && this.state != State.STOPPED) {
				more = readHeader(in) && readPayload(in);
			}
		}
		catch (ProtocolViolation ex) {
			release();
			throw ex;
		}
		finally {
			if (this.state == State.STOPPED) {
				in.skipBytes(in.readableBytes());
			}
		}
	}

	private boolean readHeader(ByteBuf in) {
		if (this.state == State.PAYLOAD) {
			return true;
		}
		if (!this.frame.read(in)) {
			return false;
		}
		if (!Opcode.isControl(this.frame.opcode())) {
			startDataFrame();
		}
		this.missing = this.frame.payloadLength();
		this.state = State.PAYLOAD;
		return true;
	}

	private void startDataFrame() {
		if (this.frame.opcode() != Opcode.CONTINUATION) {
			startMessage();
		}
		else if (this.message == NO_MESSAGE) {
			throw protocolError("Continuation frame must follow a fragment, but no message was in progress", "5.4");
		}
		if (this.frame.payloadLength() > maxPayload() - this.declared) {
			throw tooBig();
		}
		this.declared += this.frame.payloadLength();
		if (++this.fragments > MAX_FRAGMENTS) {
			throw new ProtocolViolation(CloseStatus.POLICY_VIOLATION.code(), "RFC 6455, 10.4",
					"Message must have at most " + MAX_FRAGMENTS + " fragments, but another one came");
		}
	}

	private void startMessage() {
		if (this.message != NO_MESSAGE) {
			throw protocolError("Fragmented message must be continued by a continuation frame, but a "
					+ Opcode.name(this.frame.opcode()) + " frame came", "5.4");
		}
		this.message = this.frame.opcode();
		this.encoded = this.frame.isMarked();
		this.declared = 0;
		this.fragments = 0;
		this.utf8.reset();
	}

	// Encoding makes few messages longer, and none of them much; the rest of the bound is
	// kept while decoding.
	private long maxPayload() {
		return this.encoded ? 2L * this.maxMessageSize + MAX_ENCODING_OVERHEAD : this.maxMessageSize;
	}

	private ProtocolViolation tooBig() {
		return tooBig("but a frame declares " + this.frame.payloadLength() + (this.encoded ? " encoded" : "") + " bytes"
				+ ((this.declared > 0) ? " after " + this.declared : ""));
	}

	private ProtocolViolation tooBig(String seen) {
		return new ProtocolViolation(CloseStatus.MESSAGE_TOO_BIG.code(), "RFC 6455, 10.4",
				"Message must be of at most " + this.maxMessageSize + " bytes, " + seen);
	}

	private static ProtocolViolation protocolError(String message, String section) {
		return new ProtocolViolation(CloseStatus.PROTOCOL_ERROR.code(), "RFC 6455, " + section, message);
	}

	// Returns whether the frame is complete
	private boolean readPayload(ByteBuf in) {
		return Opcode.isControl(this.frame.opcode()) ? readControl(in) : readData(in);
	}

	private boolean readData(ByteBuf in) {
		int length = (int) Math.min(this.missing, in.readableBytes());
		this.missing -= length;
		if (this.encoded) {
			return readEncoded(in, length);
		}
		boolean last = isLastPiece();
		if (this.message == Opcode.TEXT) {
			checkText(in, length, last);
		}
		if (last && isUnfragmented() && length == this.frame.payloadLength()) {
			int opcode = endMessage();
			deliverInPlace(opcode, in, length);
			return true;
		}
		this.assembly.append(in, length,
				this.frame.isFin() ? (int) (this.assembly.size() + length + this.missing) : this.maxMessageSize);
		return endPiece(last);
	}

	private boolean isLastPiece() {
		return this.missing == 0 && this.frame.isFin();
	}

	private boolean endPiece(boolean last) {
		if (last) {
			int opcode = endMessage();
			deliverAndRelease(opcode, this.assembly.take());
			return true;
		}
		if (this.missing > 0) {
			return false;
		}
		this.state = State.HEADER;
		return true;
	}

	private boolean readEncoded(ByteBuf in, int length) {
		PayloadDecoder decoder = decoder();
		boolean last = isLastPiece();
		int end = in.readerIndex() + length;
		boolean more = decoder.decode(in, length, last);
		while (more) {
			append(takeDecoded(decoder, false));
			more = decoder.decode(in, end - in.readerIndex(), last);
		}
		ByteBuf decoded = takeDecoded(decoder, last);
		if (last && this.assembly.size() == 0) {
			int opcode = endMessage();
			deliverAndRelease(opcode, decoded.retain());
			return true;
		}
		append(decoded);
		return endPiece(last);
	}

	private PayloadDecoder decoder() {
		PayloadDecoder decoder = this.decoder;
		if (decoder == null) {
			decoder = Objects.requireNonNull(this.extension).newDecoder(this.allocator);
			this.decoder = decoder;
		}
		return decoder;
	}

	private ByteBuf takeDecoded(PayloadDecoder decoder, boolean last) {
		ByteBuf decoded = decoder.decoded();
		int length = decoded.readableBytes();
		if (length > this.maxMessageSize - this.assembly.size()) {
			throw tooBig("but of its " + this.declared + " encoded bytes some gave "
					+ ((long) this.assembly.size() + length) + " already");
		}
		if (this.message == Opcode.TEXT) {
			checkText(decoded, length, last);
		}
		return decoded;
	}

	private void append(ByteBuf decoded) {
		this.assembly.appendDecoded(decoded, decoded.readableBytes(), this.maxMessageSize);
	}

	private void checkText(ByteBuf in, int length, boolean last) {
		int start = in.readerIndex();
		int bad = this.utf8.findBadByte(in, start, length);
		if (bad >= 0) {
			throw InvalidUtf8.badByte("Text message", in.getByte(bad), this.assembly.size() + (long) bad - start);
		}
		if (last && !this.utf8.isComplete()) {
			throw InvalidUtf8.endsWithinCharacter("Text message", this.assembly.size() + (long) length);
		}
	}

	private boolean isUnfragmented() {
		return this.frame.isFin() && this.frame.opcode() != Opcode.CONTINUATION;
	}

	private int endMessage() {
		int opcode = this.message;
		this.message = NO_MESSAGE;
		this.state = State.HEADER;
		return opcode;
	}

	private boolean readControl(ByteBuf in) {
		ByteBuf control = this.control;
		if (control == null) {
			int length = (int) this.missing;
			if (in.readableBytes() >= length) {
				this.state = State.HEADER;
				deliverInPlace(this.frame.opcode(), in, length);
				return true;
			}
			if (!in.isReadable()) {
				return false;
			}
			control = this.allocator.buffer(length, length);
			this.control = control;
		}
		control.writeBytes(in, Math.min(control.writableBytes(), in.readableBytes()));
		if (control.isWritable()) {
			return false;
		}
		this.control = null;
		this.state = State.HEADER;
		deliverAndRelease(this.frame.opcode(), control);
		return true;
	}

	private void deliverInPlace(int opcode, ByteBuf in, int length) {
		int end = in.readerIndex() + length;
		int writerIndex = in.writerIndex();
		in.writerIndex(end);
		try {
			deliver(opcode, in);
		}
		finally {
			in.setIndex(end, writerIndex);
		}
	}

	private void deliverAndRelease(int opcode, ByteBuf payload) {
		try {
			deliver(opcode, payload);
		}
		finally {
			payload.release();
		}
	}

	private void deliver(int opcode, ByteBuf payload) {
		switch (opcode) {
			case Opcode.TEXT -> this.sink.onText(payload);
			case Opcode.BINARY -> this.sink.onBinary(payload);
			case Opcode.PING -> this.sink.onPing(payload);
			case Opcode.PONG -> this.sink.onPong(payload);
			default -> deliverClose(payload);
		}
	}

	private void deliverClose(ByteBuf payload) {
		ClosePayload close = ClosePayload.parse(payload);
		release();
		this.sink.onClose(close.code(), close.reason());
	}

	/**
	 * Stops: nothing more is delivered, not even of the bytes that are being read. May be
	 * called by the sink. Frees what was kept of an incomplete message.
	 */
	public void stop() {
		release();
	}

	/**
	 * Stops and frees what was kept of an incomplete message. May be called several
	 * times, and by the sink; the payload it was given stays valid until it returns.
	 */
	public void release() {
		this.state = State.STOPPED;
		this.assembly.release();
		if (this.decoder != null) {
			this.decoder.release();
			this.decoder = null;
		}
		if (this.control != null) {
			this.control.release();
			this.control = null;
		}
	}

	/**
	 * What is read next.
	 */
	private enum State {

		HEADER, PAYLOAD, STOPPED

	}

}

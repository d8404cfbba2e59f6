package dev.wsclient.internal.protocol.message;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.PayloadDecoder;
import dev.wsclient.internal.protocol.frame.FrameReader;
import dev.wsclient.internal.protocol.frame.Opcode;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

/**
 * Reads messages and control frames out of the bytes a server sent
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5">RFC 6455, section 5</a>).
 * <p>
 * An unfragmented message that lies wholly in the read buffer is handed on in place, or
 * in scratch memory on the heap: nothing is allocated. Any other message is assembled in
 * one buffer that grows as the bytes come. Text is checked as it comes, so bad text is
 * refused before its end.
 * <p>
 * After a violation, a Close frame, {@link #stop()} or {@link #release()} the reader has
 * <em>stopped</em>: it skips all further bytes and calls nobody. Not safe for use by
 * several threads; not re-entrant.
 *
 * @since 0.1.0
 */
public final class MessageReader {

	private final ByteBufAllocator allocator;

	private final MessageSink sink;

	private final boolean streaming;

	private final FrameReader frame;

	private final MessageAssembly assembly;

	private final CurrentMessage message;

	private final @Nullable Extension extension;

	private final PlainMessages plain;

	/**
	 * Null until an encoded message comes.
	 */
	private @Nullable PayloadDecoder decoder;

	private State state = State.HEADER;

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
		this(maxMessageSize, Integer.MAX_VALUE, allocator, sink, null);
	}

	/**
	 * Creates a reader.
	 * @param maxMessageSize the largest payload of a message, in bytes
	 * @param maxFrameSize the largest payload of a data frame, in bytes
	 * @param allocator gives the buffers for payload that comes in pieces
	 * @param sink is told what was read
	 * @param extension decodes the messages that the server marked, or {@code null}; not
	 * released
	 * @throws IllegalArgumentException if a size is negative
	 */
	public MessageReader(int maxMessageSize, int maxFrameSize, ByteBufAllocator allocator, MessageSink sink,
			@Nullable Extension extension) {
		this(maxMessageSize, maxFrameSize, allocator, sink, extension, newScratch());
	}

	/**
	 * Creates a reader that shares memory with others.
	 * @param maxMessageSize the largest payload of a message, in bytes
	 * @param maxFrameSize the largest payload of a data frame, in bytes
	 * @param allocator gives the buffers for payload that comes in pieces
	 * @param sink is told what was read
	 * @param extension decodes the messages that the server marked, or {@code null}; not
	 * released
	 * @param scratch from {@link #newScratch}, for all readers of a thread
	 * @throws IllegalArgumentException if a size is negative
	 */
	public MessageReader(int maxMessageSize, int maxFrameSize, ByteBufAllocator allocator, MessageSink sink,
			@Nullable Extension extension, ByteBuf scratch) {
		this(maxMessageSize, maxFrameSize, allocator, sink, extension, false, scratch);
	}

	private MessageReader(int maxMessageSize, int maxFrameSize, ByteBufAllocator allocator, MessageSink sink,
			@Nullable Extension extension, boolean streaming, ByteBuf scratch) {
		if (maxMessageSize < 0 || maxFrameSize < 0) {
			throw new IllegalArgumentException("Largest message and frame must be of 0 bytes or more, were "
					+ maxMessageSize + " and " + maxFrameSize);
		}
		this.allocator = allocator;
		this.sink = sink;
		this.streaming = streaming;
		this.plain = new PlainMessages(Math.min(maxMessageSize, maxFrameSize), scratch, sink);
		this.assembly = new MessageAssembly(allocator);
		this.message = new CurrentMessage(maxMessageSize, maxFrameSize, this.assembly, streaming);
		this.extension = extension;
		this.frame = new FrameReader((extension != null) ? extension.reservedBits() : 0);
	}

	/**
	 * Allocates memory that a reader works in while it reads, and not between.
	 * @return the memory, on the heap; need not be released
	 */
	public static ByteBuf newScratch() {
		return Unpooled.buffer(PlainMessages.SCRATCH_SIZE);
	}

	/**
	 * Creates a reader that gives the pieces of messages as they come, so that messages
	 * may be of any size.
	 * @param maxFrameSize the largest payload of a data frame, in bytes
	 * @param allocator gives the buffers for control frames that come in pieces
	 * @param sink is told what was read
	 * @param extension decodes the messages that the server marked, or {@code null}; not
	 * released
	 * @return the reader
	 * @throws IllegalArgumentException if a size is negative
	 */
	public static MessageReader streaming(int maxFrameSize, ByteBufAllocator allocator, MessageSink sink,
			@Nullable Extension extension) {
		return new MessageReader(Integer.MAX_VALUE, maxFrameSize, allocator, sink, extension, true,
				Unpooled.EMPTY_BUFFER);
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
				if (isPlain()) {
					this.plain.read(in);
				}
				more = this.state != State.STOPPED && readHeader(in) && readPayload(in);
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

	/**
	 * Whether a message may begin here, and is passed on as a whole.
	 */
	private boolean isPlain() {
		return this.state == State.HEADER && !this.streaming && this.frame.isBetweenFrames()
				&& !this.message.isInProgress();
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
		if (this.frame.opcode() == Opcode.CONTINUATION) {
			this.message.requireInProgress();
		}
		else {
			this.message.begin(this.frame.opcode(), this.frame.isMarked());
		}
		this.message.addFragment(this.frame.payloadLength());
	}

	// Returns whether the frame is complete
	private boolean readPayload(ByteBuf in) {
		return Opcode.isControl(this.frame.opcode()) ? readControl(in) : readData(in);
	}

	private boolean readData(ByteBuf in) {
		int length = (int) Math.min(this.missing, in.readableBytes());
		this.missing -= length;
		if (this.message.isEncoded()) {
			return readEncoded(in, length);
		}
		boolean last = isLastPiece();
		if (this.streaming) {
			this.message.checkText(in, length, last);
			return streamInPlace(in, length, last);
		}
		int maxSize = this.frame.isFin() ? (int) (this.assembly.size() + length + this.missing)
				: this.message.maxSize();
		if (this.message.isText()) {
			ByteBuf message = this.assembly.appendText(in, length, maxSize);
			this.message.checkAppended(message, length, last);
			return endPiece(last);
		}
		if (last && isUnfragmented() && length == this.frame.payloadLength()) {
			int opcode = endMessage();
			deliverInPlace(opcode, in, length);
			return true;
		}
		this.assembly.append(in, length, maxSize);
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
		boolean more = decode(decoder, in, length, last);
		while (more) {
			ByteBuf decoded = takeDecoded(decoder, false);
			if (!this.streaming) {
				append(decoded);
			}
			else if (!streamPart(decoded, end - in.readerIndex())) {
				return false;
			}
			more = decode(decoder, in, end - in.readerIndex(), last);
		}
		ByteBuf decoded = takeDecoded(decoder, last);
		if (this.streaming) {
			return last ? streamLastAndRelease(decoded.retain(), decoder) : streamLastOfFrame(decoded, false);
		}
		if (last && this.assembly.size() == 0) {
			int opcode = endMessage();
			ByteBuf message = decoded.retain();
			decoder.trim();
			deliverAndRelease(opcode, message);
			return true;
		}
		append(decoded);
		if (last) {
			decoder.trim();
		}
		return endPiece(last);
	}

	// If the sink throws, the rest is still to be read
	private boolean streamPart(ByteBuf part, int rest) {
		this.missing += rest;
		boolean goesOn = stream(part, false);
		this.missing -= rest;
		return goesOn;
	}

	private boolean streamInPlace(ByteBuf in, int length, boolean last) {
		int end = in.readerIndex() + length;
		int writerIndex = in.writerIndex();
		in.writerIndex(end);
		try {
			return streamLastOfFrame(in, last);
		}
		finally {
			in.setIndex(end, writerIndex);
		}
	}

	private boolean streamLastAndRelease(ByteBuf piece, PayloadDecoder decoder) {
		decoder.trim();
		try {
			return streamLastOfFrame(piece, true);
		}
		finally {
			piece.release();
		}
	}

	/**
	 * Gives away the last piece of what was read of a frame.
	 * @return whether the frame is complete
	 */
	private boolean streamLastOfFrame(ByteBuf piece, boolean last) {
		if (this.missing == 0) {
			this.state = State.HEADER;
		}
		return stream(piece, last) && this.missing == 0;
	}

	/**
	 * Gives a piece away.
	 * @return whether the reader goes on
	 */
	private boolean stream(ByteBuf piece, boolean last) {
		if (last || piece.isReadable()) {
			int opcode = this.message.opcode();
			boolean first = this.message.addPiece(piece.readableBytes());
			if (last) {
				this.message.end();
			}
			this.sink.onFragment(opcode, piece, first, last);
		}
		return this.state != State.STOPPED;
	}

	private boolean decode(PayloadDecoder decoder, ByteBuf in, int length, boolean last) {
		try {
			return decoder.decode(in, length, last);
		}
		catch (ProtocolViolation ex) {
			// A fault in what comes before the damage is the first one
			takeDecoded(decoder, false);
			throw ex;
		}
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
		this.message.checkDecoded(decoded, last);
		return decoded;
	}

	private void append(ByteBuf decoded) {
		this.assembly.appendDecoded(decoded, decoded.readableBytes(), this.message.maxSize());
	}

	private boolean isUnfragmented() {
		return this.frame.isFin() && this.frame.opcode() != Opcode.CONTINUATION;
	}

	private int endMessage() {
		this.state = State.HEADER;
		return this.message.end();
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
		this.plain.stop();
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

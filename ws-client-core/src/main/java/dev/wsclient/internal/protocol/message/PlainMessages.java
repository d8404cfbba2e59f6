package dev.wsclient.internal.protocol.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads what most streams consist of, messages of one frame that lie wholly in the read
 * buffer, and reads them from an array: that takes a fraction of the time that a buffer
 * takes to check each access, and strings are made of arrays anyway. Knows no rule that
 * needs an answer: whatever is not such a message, or breaks a rule, is left where it is.
 */
final class PlainMessages {

	/**
	 * Small enough to stay in the fastest cache of a core.
	 */
	static final int SCRATCH_SIZE = 16 * 1024;

	private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

	private static final byte FINAL_TEXT = (byte) 0x81;

	private static final byte FINAL_BINARY = (byte) 0x82;

	private static final int LENGTH_16 = 126;

	private static final char REPLACEMENT = '\uFFFD';

	private final int maxSize;

	private final ByteBuf scratch;

	private final MessageSink sink;

	private final Utf8Validator utf8 = new Utf8Validator();

	/**
	 * Where the next frame begins.
	 */
	private int next;

	private boolean stopped;

	/**
	 * Creates a reader.
	 * @param maxSize the largest message and frame
	 * @param scratch memory on the heap that nobody else uses during a call of the sink
	 * @param sink is told what was read
	 */
	PlainMessages(int maxSize, ByteBuf scratch, MessageSink sink) {
		this.maxSize = maxSize;
		this.scratch = scratch;
		this.sink = sink;
	}

	/**
	 * Lets the sink hear nothing more. May be called by the sink; the bytes behind the
	 * message are still readable.
	 */
	void stop() {
		this.stopped = true;
	}

	void goOn() {
		this.stopped = false;
	}

	/**
	 * Reads all messages up to the first frame that is none. If the sink throws, its
	 * exception comes through, and the bytes behind that message are still readable.
	 * @param in the bytes, at the beginning of a frame
	 */
	void read(ByteBuf in) {
		if (in.hasArray()) {
			int writerIndex = in.writerIndex();
			this.next = in.readerIndex();
			try {
				readFrames(in, writerIndex);
			}
			finally {
				in.setIndex(this.next, writerIndex);
			}
			return;
		}
		int read;
		do {
			read = readPart(in);
		}
		while (read > 0 && !this.stopped);
	}

	/**
	 * Reads what fits into the scratch memory.
	 * @return the number of bytes that were read
	 */
	private int readPart(ByteBuf in) {
		int start = in.readerIndex();
		int length = Math.min(in.readableBytes(), this.scratch.capacity());
		if (length < 2 || !startsWithMessage(in, start, length)) {
			return 0;
		}
		in.getBytes(start, this.scratch.array(), this.scratch.arrayOffset(), length);
		this.next = 0;
		try {
			readFrames(this.scratch, length);
		}
		finally {
			in.readerIndex(start + this.next);
		}
		return this.next;
	}

	/**
	 * Whether it is worth copying.
	 */
	private boolean startsWithMessage(ByteBuf in, int start, int length) {
		byte first = in.getByte(start);
		if (first != FINAL_TEXT && first != FINAL_BINARY) {
			return false;
		}
		int payload = in.getByte(start + 1);
		return payload < LENGTH_16 || (length >= 4 && in.getUnsignedShort(start + 2) + 4 <= length);
	}

	private void readFrames(ByteBuf in, int end) {
		byte[] bytes = in.array();
		int offset = in.arrayOffset();
		int frame = this.next;
		while (end - frame >= 2 && !this.stopped) {
			byte first = bytes[offset + frame];
			int length = bytes[offset + frame + 1];
			int payload = frame + 2;
			if (length == LENGTH_16 && end - frame >= 4) {
				length = (short) SHORTS.get(bytes, offset + frame + 2) & 0xFFFF;
				payload = frame + 4;
				if (length < LENGTH_16) {
					return;
				}
			}
			else if (length < 0 || length >= LENGTH_16) {
				return;
			}
			if (length > end - payload || length > this.maxSize) {
				return;
			}
			frame = payload + length;
			if (first == FINAL_TEXT) {
				String text = this.sink.wantsStrings() ? decode(bytes, offset + payload, length) : null;
				if (text == null && !isUtf8(in, payload, length)) {
					return;
				}
				this.next = frame;
				in.setIndex(payload, frame);
				if (text != null) {
					this.sink.onText(in, text);
				}
				else {
					this.sink.onText(in);
				}
			}
			else if (first == FINAL_BINARY) {
				this.next = frame;
				in.setIndex(payload, frame);
				this.sink.onBinary(in);
			}
			else {
				return;
			}
		}
	}

	/**
	 * Decodes a text that is going to be decoded anyway, which proves it at once: the JDK
	 * puts a U+FFFD where it is no UTF-8.
	 * @return the text, or {@code null} if there is one, which may be the server's
	 */
	private static @Nullable String decode(byte[] bytes, int start, int length) {
		String text = new String(bytes, start, length, StandardCharsets.UTF_8);
		return (text.indexOf(REPLACEMENT) < 0) ? text : null;
	}

	private boolean isUtf8(ByteBuf in, int index, int length) {
		this.utf8.reset();
		return this.utf8.findBadByte(in, index, length) < 0 && this.utf8.isComplete();
	}

}

package dev.wsclient.internal.protocol.extension;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Deflates whole messages
 * (<a href="https://www.rfc-editor.org/rfc/rfc7692#section-7.2.1">RFC 7692, section
 * 7.2.1</a>).
 * <p>
 * The JDK's deflater always refers back up to 32 KiB. For a smaller window its memory is
 * cut, by a full flush, each time as much as the window was put in: nothing behind the
 * cut refers to anything before it.
 */
final class MessageDeflater {

	private static final int MAX_WINDOW = 1 << 15;

	/**
	 * What an empty stored block leaves behind its header, and the receiver puts back.
	 */
	private static final int TAIL = 0x0000FFFF;

	private static final int TAIL_SIZE = Integer.BYTES;

	/**
	 * A flush into less room than 6 bytes may be written twice, says zlib.
	 */
	private static final int MIN_ROOM = 64;

	private static final byte[] NOTHING = new byte[0];

	private final int level;

	private final int window;

	private final boolean keepsHistory;

	/**
	 * Null until a message is deflated, and between messages that are forgotten: it takes
	 * about 268 KiB of native memory.
	 */
	private @Nullable Deflater deflater;

	/**
	 * How much was put in since the last cut.
	 */
	private int history;

	private boolean released;

	MessageDeflater(int level, int windowBits, boolean keepsHistory) {
		this.level = level;
		this.window = 1 << windowBits;
		this.keepsHistory = keepsHistory;
	}

	void deflate(ByteBuffer payload, ByteBuf out) {
		if (!payload.hasRemaining()) {
			// The header of an empty stored block (RFC 7692, section 7.2.3.6)
			out.writeByte(0);
			return;
		}
		Deflater deflater = deflater();
		int end = payload.limit();
		while (payload.position() < end) {
			int size = nextPiece(end - payload.position());
			payload.limit(payload.position() + size);
			deflater.setInput(payload);
			deflate(deflater, flushMode(size, payload.limit() == end), out);
			payload.limit(end);
		}
		// It would keep the payload from being collected
		deflater.setInput(NOTHING);
		removeTail(out);
		if (!this.keepsHistory) {
			// A new one for each message costs about 1 us, a kept one its memory all the
			// time
			end();
		}
	}

	private Deflater deflater() {
		Deflater deflater = this.deflater;
		if (deflater == null) {
			if (this.released) {
				throw new IllegalStateException("the deflater is released");
			}
			deflater = new Deflater(this.level, true);
			this.deflater = deflater;
		}
		return deflater;
	}

	private int nextPiece(int left) {
		return (this.window == MAX_WINDOW) ? left : Math.min(left, this.window - this.history);
	}

	private int flushMode(int size, boolean last) {
		if (this.window < MAX_WINDOW) {
			this.history += size;
			if (this.history == this.window) {
				this.history = 0;
				return Deflater.FULL_FLUSH;
			}
		}
		return last ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
	}

	private static void deflate(Deflater deflater, int flushMode, ByteBuf out) {
		ByteBuffer room;
		do {
			out.ensureWritable(MIN_ROOM);
			int start = out.writerIndex();
			room = out.internalNioBuffer(start, out.writableBytes());
			int size = deflater.deflate(room, flushMode);
			out.writerIndex(start + size);
		}
		while (!room.hasRemaining());
	}

	private static void removeTail(ByteBuf out) {
		int end = out.writerIndex() - TAIL_SIZE;
		if (out.getInt(end) != TAIL) {
			throw new IllegalStateException("a flush must end with an empty stored block");
		}
		out.writerIndex(end);
	}

	void release() {
		this.released = true;
		end();
	}

	private void end() {
		this.history = 0;
		if (this.deflater != null) {
			this.deflater.end();
			this.deflater = null;
		}
	}

}

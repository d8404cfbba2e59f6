package dev.wsclient.internal.transport;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;

/**
 * A message on its way out. It is its own result stage and its own queue node, so that a
 * send allocates one object.
 */
public final class Outbound extends LoopFuture<Void> {

	private final Kind kind;

	private final @Nullable String text;

	private final @Nullable ByteBuffer bytes;

	private final int size;

	private boolean compressible;

	private volatile @Nullable Outbound next;

	/**
	 * Where the frame ends in the session's stream; event loop only.
	 */
	private long endOffset;

	private Outbound(Scheduler scheduler, Kind kind, @Nullable String text, @Nullable ByteBuffer bytes, int size) {
		super(scheduler);
		this.kind = kind;
		this.text = text;
		this.bytes = bytes;
		this.size = size;
		this.compressible = kind.isMessage();
	}

	public static Outbound text(Scheduler scheduler, String text) {
		return new Outbound(scheduler, Kind.TEXT, text, null, ByteBufUtil.utf8Bytes(text));
	}

	public static Outbound bytes(Scheduler scheduler, Kind kind, ByteBuffer bytes) {
		return new Outbound(scheduler, kind, null, bytes, bytes.remaining());
	}

	/**
	 * Takes the message out of compression. Before it is handed on.
	 * @return this message
	 */
	public Outbound uncompressed() {
		this.compressible = false;
		return this;
	}

	/**
	 * Whether the message may be compressed.
	 * @return {@code false} for control frames, and if the user wants so
	 */
	public boolean isCompressible() {
		return this.compressible;
	}

	public Kind kind() {
		return this.kind;
	}

	/**
	 * Returns the text of a {@link Kind#TEXT} message.
	 * @return the text
	 */
	public String text() {
		if (this.text == null) {
			throw new IllegalStateException("not a text message");
		}
		return this.text;
	}

	/**
	 * Returns the payload of any other kind.
	 * @return the payload
	 */
	public ByteBuffer bytes() {
		if (this.bytes == null) {
			throw new IllegalStateException("a text message");
		}
		return this.bytes;
	}

	/**
	 * Returns the size of the payload in bytes.
	 * @return the size
	 */
	public int size() {
		return this.size;
	}

	public @Nullable Outbound next() {
		return this.next;
	}

	public void setNext(@Nullable Outbound next) {
		this.next = next;
	}

	public long endOffset() {
		return this.endOffset;
	}

	public void setEndOffset(long endOffset) {
		this.endOffset = endOffset;
	}

	/**
	 * What is sent.
	 */
	public enum Kind {

		/**
		 * A text message.
		 */
		TEXT,

		/**
		 * A binary message.
		 */
		BINARY,

		/**
		 * A user's ping.
		 */
		PING,

		/**
		 * A user's pong.
		 */
		PONG;

		/**
		 * Whether this is a message and not a control frame.
		 * @return {@code true} for text and binary
		 */
		public boolean isMessage() {
			return this == TEXT || this == BINARY;
		}

	}

}

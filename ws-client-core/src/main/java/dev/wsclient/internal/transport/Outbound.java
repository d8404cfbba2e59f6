package dev.wsclient.internal.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;

/**
 * A message on its way out. It is its own result stage and its own queue node, so that a
 * send allocates one object.
 */
public final class Outbound extends LoopFuture<Void> {

	private static final VarHandle NEXT;

	static {
		try {
			NEXT = MethodHandles.lookup().findVarHandle(Outbound.class, "next", Outbound.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Kind kind;

	private final int size;

	/**
	 * The encoded text of a {@link Kind#TEXT} message, the publisher of a streamed one,
	 * or else the bytes; {@code null} when the message is done with.
	 */
	private @Nullable Object payload;

	private boolean compressible;

	/**
	 * The number of the session that the message is bound to; 0 if any may send it.
	 */
	private int session;

	/**
	 * When the message was accepted, in nanoseconds of the ticker.
	 */
	private long acceptedNanos;

	private volatile @Nullable Outbound next;

	/**
	 * Where the frame ends in the session's stream; event loop only.
	 */
	private long endOffset;

	private Outbound(Scheduler scheduler, Kind kind, int size, Object payload) {
		super(scheduler);
		this.kind = kind;
		this.size = size;
		this.payload = payload;
		this.compressible = kind == Kind.TEXT || kind == Kind.BINARY;
	}

	/**
	 * Creates a text message. The text is encoded here, on the sender's thread: the JDK
	 * does that many chars at a time, and the event loop has less to do.
	 * @param scheduler the connection's event loop
	 * @param text the text; what is no character becomes {@code ?}
	 * @return the message
	 */
	public static Outbound text(Scheduler scheduler, String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		return new Outbound(scheduler, Kind.TEXT, utf8.length, utf8);
	}

	public static Outbound bytes(Scheduler scheduler, Kind kind, ByteBuffer bytes) {
		return new Outbound(scheduler, kind, bytes.remaining(), bytes);
	}

	/**
	 * Creates a message whose fragments are still to come.
	 * @param scheduler the connection's event loop
	 * @param text whether it is a text message
	 * @param fragments gives the payload
	 * @return the message
	 */
	public static Outbound stream(Scheduler scheduler, boolean text, Flow.Publisher<ByteBuffer> fragments) {
		return new Outbound(scheduler, text ? Kind.TEXT_STREAM : Kind.BINARY_STREAM, 0,
				Objects.requireNonNull(fragments, "fragments"));
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
	 * Returns the payload of a {@link Kind#TEXT} message.
	 * @return the text, encoded
	 */
	public byte[] utf8() {
		if (this.payload instanceof byte[] utf8) {
			return utf8;
		}
		throw new IllegalStateException("not a text message, or done with");
	}

	/**
	 * Returns the payload of any other kind.
	 * @return the payload
	 */
	public ByteBuffer bytes() {
		if (this.payload instanceof ByteBuffer bytes) {
			return bytes;
		}
		throw new IllegalStateException("a text or streamed message, or done with");
	}

	/**
	 * Returns what gives the fragments of a streamed message.
	 * @return the publisher
	 */
	@SuppressWarnings("unchecked") // so it was created
	public Flow.Publisher<ByteBuffer> fragments() {
		if (this.payload instanceof Flow.Publisher<?> fragments) {
			return (Flow.Publisher<ByteBuffer>) fragments;
		}
		throw new IllegalStateException("not a streamed message, or done with");
	}

	/**
	 * Lets go of the payload, which whoever keeps the result is not to keep. By the last
	 * that needed it.
	 */
	public void clearPayload() {
		this.payload = null;
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

	/**
	 * Links the message behind this one, for whoever reads {@link #next} then. What this
	 * thread does next may come first.
	 * @param next the message
	 */
	public void setNext(Outbound next) {
		NEXT.setRelease(this, next);
	}

	/**
	 * Unlinks the message behind this one: whoever keeps this one is not to keep that
	 * one, and all behind it.
	 */
	public void clearNext() {
		NEXT.set(this, null);
	}

	/**
	 * Whether the message may not be sent in a session.
	 * @param session the session's number; 0 if there is none, yet another may come
	 * @return {@code true} if the message is bound to another session
	 */
	public boolean isBoundElsewhere(int session) {
		return this.session != 0 && this.session != session;
	}

	/**
	 * Binds the message to a session. Before it is handed on.
	 * @param session the session's number, at least 1
	 */
	public void bindTo(int session) {
		this.session = session;
	}

	public long acceptedNanos() {
		return this.acceptedNanos;
	}

	public void setAcceptedNanos(long acceptedNanos) {
		this.acceptedNanos = acceptedNanos;
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
		 * A text message that comes in fragments.
		 */
		TEXT_STREAM,

		/**
		 * A binary message that comes in fragments.
		 */
		BINARY_STREAM,

		/**
		 * The first fragment of a text message.
		 */
		TEXT_FRAGMENT,

		/**
		 * The first fragment of a binary message.
		 */
		BINARY_FRAGMENT,

		/**
		 * A fragment in the middle.
		 */
		CONTINUATION,

		/**
		 * The last fragment.
		 */
		LAST_FRAGMENT,

		/**
		 * A user's ping.
		 */
		PING,

		/**
		 * A user's pong.
		 */
		PONG;

		/**
		 * Whether this is a whole message.
		 * @return {@code false} for fragments and control frames
		 */
		public boolean isMessage() {
			return this == TEXT || this == BINARY || isStream();
		}

		/**
		 * Whether this is a message that comes in fragments.
		 * @return {@code true} for streams
		 */
		public boolean isStream() {
			return this == TEXT_STREAM || this == BINARY_STREAM;
		}

		/**
		 * Whether this is a control frame.
		 * @return {@code true} for pings and pongs
		 */
		public boolean isControl() {
			return this == PING || this == PONG;
		}

	}

}

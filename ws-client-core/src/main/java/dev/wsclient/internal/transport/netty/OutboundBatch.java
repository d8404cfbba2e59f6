package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.frame.FrameWriter;
import dev.wsclient.internal.protocol.frame.Opcode;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.SessionHandler;

/**
 * Encodes frames one behind the other into one buffer, so that many of them cost one
 * write, and still knows of each message when its last byte was written: it counts the
 * bytes of the session's stream. Over TLS the socket's progress says nothing about plain
 * bytes, so there a buffer is written as a whole or not.
 */
final class OutboundBatch {

	/**
	 * A buffer that is fuller than this is written before the next frame.
	 */
	private static final int WRITE_SIZE = 64 * 1024;

	private static final int INITIAL_SIZE = 1024;

	/**
	 * How many pongs may be on their way to the socket: enough for a server that counts
	 * them, and few in a flood of pings.
	 */
	private static final int MAX_PONGS = 16;

	/**
	 * How many messages are told to be written at once: so few that they are still in the
	 * core's fastest cache when their results are completed.
	 */
	private static final int MAX_RUN = 64;

	private final ChannelHandlerContext context;

	private final FrameWriter frames;

	private final SessionHandler handler;

	private final @Nullable Extension extension;

	private final Owner owner;

	private final boolean progressive;

	private final Deque<Outbound> inFlight = new ArrayDeque<>(4);

	private @Nullable ByteBuf buffer;

	/**
	 * What the next buffer is allocated with: behind a full one as much again, so that it
	 * does not grow step by step, copied each time.
	 */
	private int bufferSize = INITIAL_SIZE;

	/**
	 * How many bytes of the stream were encoded.
	 */
	private long encoded;

	/**
	 * How many bytes of it the socket took.
	 */
	private long written;

	/**
	 * How many pongs were added since the socket had taken all of them.
	 */
	private int pongs;

	/**
	 * Where the newest of them ends.
	 */
	private long pongEnd;

	/**
	 * Where the newest ping of the keep-alive ends.
	 */
	private long pingEnd;

	/**
	 * Where the Close frame ends; 0 if there is none yet.
	 */
	private long closeEnd;

	/**
	 * Whether what the socket takes now it takes because of a flush from here.
	 */
	private boolean flushing;

	/**
	 * Creates a batch.
	 * @param owner hears of the socket
	 */
	OutboundBatch(ChannelHandlerContext context, FrameWriter frames, SessionHandler handler,
			@Nullable Extension extension, Owner owner) {
		this.context = context;
		this.frames = frames;
		this.handler = handler;
		this.extension = extension;
		this.owner = owner;
		this.progressive = context.pipeline().get(SslHandler.class) == null;
	}

	/**
	 * Adds a message.
	 * @throws RuntimeException if it can't be encoded; then nothing was added, but no
	 * other message can be sent in this session
	 */
	void add(Outbound message) {
		Extension extension = this.extension;
		if (extension != null && message.isCompressible() && extension.isWorthEncoding(message.size())) {
			addEncoded(message, extension);
		}
		else {
			addPlain(message);
		}
	}

	private void addEncoded(Outbound message, Extension extension) {
		ByteBuf encoded = this.context.alloc().directBuffer(INITIAL_SIZE);
		try {
			encode(message, extension, encoded);
			ByteBuf out = room(encoded.readableBytes());
			int start = out.writerIndex();
			int opcode = (message.kind() == Outbound.Kind.TEXT) ? Opcode.TEXT : Opcode.BINARY;
			this.frames.writeEncoded(out, opcode, extension.reservedBits(), encoded);
			added(message, out.writerIndex() - start);
		}
		finally {
			encoded.release();
		}
	}

	private void encode(Outbound message, Extension extension, ByteBuf out) {
		extension.encode(
				(message.kind() == Outbound.Kind.TEXT) ? ByteBuffer.wrap(message.utf8()) : message.bytes().duplicate(),
				out);
	}

	private void addPlain(Outbound message) {
		ByteBuf out = room(message.size());
		int start = out.writerIndex();
		switch (message.kind()) {
			case TEXT -> this.frames.writeText(out, message.utf8());
			case BINARY -> this.frames.writeBinary(out, message.bytes());
			case PING -> this.frames.writePing(out, message.bytes());
			case PONG -> this.frames.writePong(out, message.bytes());
			case TEXT_FRAGMENT -> this.frames.writeFragment(out, Opcode.TEXT, false, message.bytes());
			case BINARY_FRAGMENT -> this.frames.writeFragment(out, Opcode.BINARY, false, message.bytes());
			case CONTINUATION -> this.frames.writeFragment(out, Opcode.CONTINUATION, false, message.bytes());
			case LAST_FRAGMENT -> this.frames.writeFragment(out, Opcode.CONTINUATION, true, message.bytes());
			case TEXT_STREAM, BINARY_STREAM -> throw new IllegalArgumentException("a stream is written in fragments");
		}
		added(message, out.writerIndex() - start);
	}

	private void added(Outbound message, int size) {
		this.encoded += size;
		message.setEndOffset(this.encoded);
		this.inFlight.add(message);
	}

	void addPing(ByteBuffer payload) {
		ByteBuf out = room(payload.remaining());
		int start = out.writerIndex();
		this.frames.writePing(out, payload);
		this.encoded += out.writerIndex() - start;
		this.pingEnd = this.encoded;
	}

	/**
	 * Whether a ping may be added, because none waits for the socket.
	 */
	boolean takesPing() {
		return this.pingEnd <= this.written;
	}

	void addPong(ByteBuffer payload) {
		ByteBuf out = room(payload.remaining());
		int start = out.writerIndex();
		this.frames.writePong(out, payload);
		this.encoded += out.writerIndex() - start;
		this.pongs++;
		this.pongEnd = this.encoded;
	}

	/**
	 * Whether a pong may be added, because not many others wait for the socket.
	 */
	boolean takesPong() {
		return this.pongs < MAX_PONGS;
	}

	void addClose(CloseStatus status) {
		ByteBuf out = room(FrameWriter.MAX_CONTROL_PAYLOAD);
		int start = out.writerIndex();
		this.frames.writeClose(out, status);
		this.encoded += out.writerIndex() - start;
		this.closeEnd = this.encoded;
	}

	/**
	 * Whether the socket took the Close frame.
	 */
	boolean isCloseWritten() {
		return this.closeEnd > 0 && this.closeEnd <= this.written;
	}

	void flush() {
		if (this.buffer != null) {
			write(this.buffer);
			boolean outer = this.flushing;
			this.flushing = true;
			try {
				this.context.flush();
			}
			finally {
				this.flushing = outer;
			}
		}
	}

	/**
	 * The socket took bytes. That tells something of the peer only if the socket was full
	 * before: one that is not takes bytes also for a peer that vanished.
	 */
	void onSocketProgress() {
		if (!this.flushing && !this.context.channel().isWritable()) {
			this.handler.onWriteProgress();
		}
	}

	/**
	 * Gives up what was not written.
	 */
	void release() {
		if (this.buffer != null) {
			this.buffer.release();
			this.buffer = null;
		}
		Outbound lost = this.inFlight.poll();
		try {
			while (lost != null) {
				this.handler.onLost(lost);
				lost = this.inFlight.poll();
			}
		}
		finally {
			if (!this.inFlight.isEmpty()) {
				release();
			}
		}
	}

	private ByteBuf room(int payloadSize) {
		int size = FrameWriter.frameSize(payloadSize);
		if (this.buffer != null && this.buffer.readableBytes() + size > WRITE_SIZE) {
			write(this.buffer);
		}
		ByteBuf out = this.buffer;
		if (out == null) {
			// Masking an array takes half the time
			out = this.context.alloc().heapBuffer(Math.max(size, this.bufferSize));
			this.buffer = out;
		}
		return out;
	}

	private void write(ByteBuf out) {
		this.buffer = null;
		this.bufferSize = (out.readableBytes() > WRITE_SIZE / 2) ? WRITE_SIZE : INITIAL_SIZE;
		long end = this.encoded;
		this.context.write(out,
				this.progressive ? newProgressivePromise(end - out.readableBytes(), end) : newPromise(end));
	}

	private ChannelPromise newPromise(long end) {
		ChannelPromise promise = this.context.newPromise();
		promise.addListener((result) -> onComplete(result, end));
		return promise;
	}

	private ChannelPromise newProgressivePromise(long start, long end) {
		return this.context.newProgressivePromise().addListener(new ChannelProgressiveFutureListener() {

			@Override
			public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
				onWritten(start + progress);
			}

			@Override
			public void operationComplete(ChannelProgressiveFuture future) {
				onComplete(future, end);
			}

		});
	}

	private void onComplete(Future<?> result, long end) {
		if (result.isSuccess()) {
			onWritten(end);
		}
		else {
			this.owner.onWriteFailed(result.cause());
		}
	}

	private void onWritten(long offset) {
		try {
			tellWritten(offset);
		}
		// Netty would only log it
		catch (RuntimeException | Error ex) {
			this.owner.onError(ex);
		}
	}

	/**
	 * The socket took all bytes up to this one.
	 */
	private void tellWritten(long offset) {
		onSocketProgress();
		this.written = offset;
		if (this.pongEnd <= offset) {
			this.pongs = 0;
		}
		while (isWritten(this.inFlight.peek())) {
			List<Outbound> messages = new ArrayList<>(Math.min(this.inFlight.size(), MAX_RUN));
			do {
				messages.add(this.inFlight.remove());
			}
			while (messages.size() < MAX_RUN && isWritten(this.inFlight.peek()));
			this.handler.onWritten(messages);
		}
		this.owner.onWriteProgress();
	}

	private boolean isWritten(@Nullable Outbound message) {
		return message != null && message.endOffset() <= this.written;
	}

	/**
	 * Hears of the socket.
	 */
	interface Owner {

		/**
		 * The socket took something.
		 */
		void onWriteProgress();

		/**
		 * The socket can't be written to.
		 * @param cause why
		 */
		void onWriteFailed(Throwable cause);

		/**
		 * Telling of the socket failed.
		 * @param cause why
		 */
		void onError(Throwable cause);

	}

}

package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsFragment;
import dev.wsclient.WsMessage;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.internal.protocol.close.ClosingHandshake;
import dev.wsclient.internal.protocol.close.ClosingHandshake.Next;
import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionOffer;
import dev.wsclient.internal.protocol.frame.Opcode;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.handshake.Acceptance;
import dev.wsclient.internal.protocol.handshake.HandshakeCheck;
import dev.wsclient.internal.protocol.handshake.HandshakeFailure;
import dev.wsclient.internal.protocol.handshake.HandshakeRequest;
import dev.wsclient.internal.protocol.handshake.HandshakeResponseReader;
import dev.wsclient.internal.protocol.message.MessageReader;
import dev.wsclient.internal.protocol.message.MessageSink;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * Joins the bytes of a channel to the protocol: opening handshake, messages in, messages
 * out in batches, closing handshake. Event loop only.
 */
final class SessionChannelHandler extends ChannelInboundHandlerAdapter implements OutboundBatch.Owner {

	/**
	 * How long the body of a refusal is waited for.
	 */
	private static final Duration BODY_PATIENCE = Duration.ofSeconds(1);

	private final NettyScheduler scheduler;

	private final WsOptions options;

	private final SessionHandler handler;

	private final Consumer<SessionEnd> end;

	private final String host;

	private final ClosingHandshake closing = new ClosingHandshake();

	/**
	 * A new one for each read of the socket: each time a string becomes part of an old
	 * object, G1 waits until the core has written all of it to memory. Null before the
	 * session is open.
	 */
	private @Nullable ReceivedMessage message;

	private Phase phase = Phase.HANDSHAKE;

	private @Nullable ChannelHandlerContext context;

	/**
	 * Null when it was sent.
	 */
	private @Nullable HandshakeRequest request;

	/**
	 * Null before the request was sent, and when the session is open or over.
	 */
	private @Nullable OpeningHandshake opening;

	private @Nullable Timer bodyTimer;

	private @Nullable InboundBytes inbound;

	private @Nullable OutboundBatch batch;

	/**
	 * Null before the session is open, and if no extension was agreed on.
	 */
	private @Nullable Extension extension;

	/**
	 * What the newest ping carried, if it could not be answered yet. Those before it need
	 * no answer any more (RFC 6455, section 5.5.3).
	 */
	private @Nullable ByteBuffer waitingPong;

	private boolean flushAfterRead;

	private @Nullable Failure failure;

	SessionChannelHandler(NettyScheduler scheduler, WsHandshakeRequest request, WsOptions options,
			List<ExtensionOffer> extensions, SessionHandler handler, Consumer<SessionEnd> end) {
		this.scheduler = scheduler;
		this.options = options;
		this.handler = handler;
		this.end = end;
		this.host = request.uri().getHost();
		this.request = new HandshakeRequest(request.uri(), scheduler.newHandshakeKey(), request.headers(),
				request.subprotocols(), extensions);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
		if (context.channel().isActive()) {
			startHandshake(context);
		}
	}

	private ChannelHandlerContext context() {
		if (this.context == null) {
			throw new IllegalStateException("there is no channel yet");
		}
		return this.context;
	}

	// The opening handshake

	@Override
	public void channelActive(ChannelHandlerContext context) {
		startHandshake(context);
	}

	private void startHandshake(ChannelHandlerContext context) {
		HandshakeRequest request = this.request;
		if (request != null) {
			this.request = null;
			this.opening = new OpeningHandshake(request, new HandshakeResponseReader(this.options.maxHandshakeSize()));
			this.handler.onConnected();
			ByteBuf out = context.alloc().buffer(512);
			request.writeTo(out);
			context.writeAndFlush(out, context.voidPromise());
		}
	}

	private void readHandshake(ByteBuf in, OpeningHandshake opening) {
		try {
			if (!opening.response().read(in)) {
				return;
			}
			if (opening.response().statusCode() == 101) {
				open(opening.check());
				readMessages(in);
			}
			else {
				this.phase = Phase.REFUSED;
				this.bodyTimer = this.scheduler.schedule(this::refuse, BODY_PATIENCE);
				readRefusal(in, opening);
			}
		}
		catch (HandshakeFailure ex) {
			refuse(ex);
		}
	}

	private void open(Acceptance acceptance) {
		ChannelHandlerContext context = context();
		Extension extension = acceptance.extension();
		this.phase = Phase.OPEN;
		this.opening = null;
		this.extension = extension;
		MessageReader messages = this.options.streaming()
				? MessageReader.streaming(this.options.maxFrameSize(), context.alloc(), new Sink(), extension)
				: new MessageReader(this.options.maxMessageSize(), this.options.maxFrameSize(), context.alloc(),
						new Sink(), extension, this.scheduler.scratch());
		this.inbound = new InboundBytes(messages, context.channel().config(), this::onViolation);
		this.batch = new OutboundBatch(context, this.scheduler.frameWriter(), this.handler, extension, this);
		this.message = new ReceivedMessage(this.handler.onOpen(acceptance.response()), false);
	}

	private void readRefusal(ByteBuf in, OpeningHandshake opening) {
		if (opening.response().readBody(in)) {
			refuse();
		}
	}

	private void refuse() {
		if (this.phase == Phase.REFUSED && this.opening != null) {
			try {
				this.opening.check();
			}
			catch (HandshakeFailure ex) {
				refuse(ex);
			}
		}
	}

	private void refuse(HandshakeFailure ex) {
		fail(failureOf(ex));
	}

	private static Failure failureOf(HandshakeFailure ex) {
		return new Failure.Handshake(ex.getMessage(), ex.statusCode(), ex.headers(),
				new String(ex.body(), StandardCharsets.UTF_8));
	}

	// Messages in

	@Override
	public void channelRead(ChannelHandlerContext context, Object received) {
		ByteBuf in = (ByteBuf) received;
		try {
			this.handler.onRead();
			OpeningHandshake opening = this.opening;
			switch (this.phase) {
				case HANDSHAKE -> {
					if (opening != null) {
						readHandshake(in, opening);
					}
				}
				case REFUSED -> {
					if (opening != null) {
						readRefusal(in, opening);
					}
				}
				case OPEN -> readMessages(in);
				case ENDED -> {
				}
			}
		}
		finally {
			in.release();
		}
	}

	private void readMessages(ByteBuf in) {
		if (this.inbound != null && this.message != null && this.closing.isReading()) {
			this.message = this.message.next();
			this.inbound.read(in);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		flushAfterRead();
	}

	private void flushAfterRead() {
		if (this.flushAfterRead) {
			this.flushAfterRead = false;
			flush();
		}
	}

	/**
	 * Stops or goes on to read and to deliver what was read.
	 */
	void setReading(boolean reading) {
		if (this.inbound != null && this.phase == Phase.OPEN && this.inbound.setReading(reading)) {
			this.scheduler.tryExecute(this::readOn);
		}
	}

	private void readOn() {
		if (this.inbound == null) {
			return;
		}
		try {
			this.inbound.readOn();
			flushAfterRead();
		}
		// As if the channel had delivered it
		catch (RuntimeException | Error ex) {
			exceptionCaught(context(), ex);
		}
	}

	/**
	 * What was read before the end comes before it, although reading was stopped.
	 */
	private void deliverAll() {
		if (this.inbound != null) {
			this.inbound.deliverAll();
		}
	}

	private void onViolation(ProtocolViolation violation) {
		if (this.failure == null) {
			this.failure = new Failure.Protocol(violation.getMessage(), violation.closeCode(), violation.section());
		}
		writeAccepted();
		if (this.closing.onViolation(violation) == Next.SEND_CLOSE) {
			sendClose();
		}
		this.handler.onClosing();
	}

	/**
	 * Gives what was accepted before a Close frame came or became due the chance to go
	 * out before ours.
	 */
	private void writeAccepted() {
		if (this.closing.isOpen()) {
			this.handler.onCloseDue();
		}
	}

	// Messages out

	boolean isWritable() {
		return this.phase == Phase.OPEN && context().channel().isWritable();
	}

	/**
	 * Whether the opening handshake succeeded.
	 */
	boolean wasOpened() {
		return this.batch != null;
	}

	void write(Outbound message) {
		if (this.batch == null || !this.closing.isOpen()) {
			this.handler.onLost(message);
			return;
		}
		try {
			this.batch.add(message);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// What was compressed so far is unknown, so no other message could be
			this.handler.onLost(message);
			fail(new Failure.Network("a message could not be encoded: " + ex, ex));
		}
	}

	void writePing(ByteBuffer payload) {
		if (this.batch != null && this.closing.isOpen() && this.batch.takesPing()) {
			this.batch.addPing(payload);
		}
	}

	void flush() {
		if (this.batch != null) {
			this.batch.flush();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (isWritable() && this.batch != null) {
			writeWaitingPong();
			this.handler.onWritable();
		}
	}

	@Override
	public void onWriteProgress() {
		if (this.batch != null && this.batch.isCloseWritten()) {
			this.closing.onCloseWritten();
		}
		writeWaitingPong();
	}

	private void answer(ByteBuffer ping) {
		OutboundBatch batch = this.batch;
		if (batch != null && mayAnswer(batch)) {
			this.waitingPong = null;
			batch.addPong(ping);
			this.flushAfterRead = true;
		}
		else {
			this.waitingPong = ByteBuffer.allocate(ping.remaining()).put(ping.duplicate()).flip();
		}
	}

	private void writeWaitingPong() {
		OutboundBatch batch = this.batch;
		ByteBuffer pong = this.waitingPong;
		if (pong != null && batch != null && mayAnswer(batch)) {
			this.waitingPong = null;
			batch.addPong(pong);
			batch.flush();
		}
	}

	// Also behind our own Close frame: a ping is to be answered until the server's came
	// (RFC 6455, section 5.5.2)
	private boolean mayAnswer(OutboundBatch batch) {
		return isWritable() && batch.takesPong() && this.closing.isReading();
	}

	// The end

	void close(CloseStatus status) {
		if (this.closing.onLocalClose(status) == Next.SEND_CLOSE) {
			sendClose();
		}
	}

	private void sendClose() {
		if (this.batch != null) {
			this.batch.addClose(this.closing.closeToSend());
			this.batch.flush();
		}
	}

	void abort(@Nullable Failure failure) {
		if (failure != null) {
			deliverAll();
		}
		this.closing.onAbort();
		if (this.phase == Phase.REFUSED) {
			refuse();
		}
		else {
			fail(this.closing.isCloseReceived() ? null : failure);
		}
	}

	/**
	 * Closes the channel; the first failure is the one that tells.
	 */
	private void fail(@Nullable Failure failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
		if (this.inbound != null) {
			this.inbound.release();
		}
		// TLS may take a moment to close, in which no answer is to open the session
		this.opening = null;
		context().close();
	}

	/**
	 * Netty closes a channel that can't be written to; the reason is known only here.
	 */
	@Override
	public void onWriteFailed(Throwable cause) {
		if (this.failure == null && !(cause instanceof ClosedChannelException) && this.closing.isOpen()) {
			this.failure = new Failure.Network("the connection broke: " + cause.getMessage(), cause);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (this.phase == Phase.HANDSHAKE && TlsFailure.isTls(cause)) {
			// A server that refuses the client's certificate says so behind the handshake
			// (RFC 8446, section 4.4.2.4)
			this.handler.onStep(ErrorContext.Phase.TLS);
			fail(new Failure.Network(TlsFailure.describe(cause, this.host), cause));
			return;
		}
		deliverAll();
		// Behind the server's Close frame nothing is lost any more
		fail(this.closing.isCloseReceived() ? null
				: new Failure.Network("the connection broke: " + cause.getMessage(), cause));
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.phase == Phase.ENDED) {
			return;
		}
		deliverAll();
		Phase last = this.phase;
		this.phase = Phase.ENDED;
		if (this.bodyTimer != null) {
			this.bodyTimer.cancel();
		}
		if (this.inbound != null) {
			this.inbound.release();
		}
		if (this.batch != null) {
			this.batch.release();
		}
		if (this.extension != null) {
			this.extension.release();
		}
		Failure failure = (this.failure != null) ? this.failure : failureOfEof(last);
		this.closing.onEof();
		this.end
			.accept(new SessionEnd(this.closing.status(), this.closing.initiator(), this.closing.isClean(), failure));
	}

	/**
	 * Returns what an end of the connection means that nobody announced.
	 */
	private @Nullable Failure failureOfEof(Phase last) {
		boolean silent = this.closing.isOpen();
		if (last == Phase.OPEN) {
			return silent
					? new Failure.Network(
							"the server closed the TCP connection without a Close frame (RFC 6455, 7.1.5)", null)
					: null;
		}
		if (!silent || this.opening == null) {
			return null;
		}
		try {
			this.opening.response().onEof();
			this.opening.check();
			return null;
		}
		catch (HandshakeFailure ex) {
			return failureOf(ex);
		}
	}

	/**
	 * Passes on what the reader reads.
	 */
	private final class Sink implements MessageSink {

		private ReceivedMessage message() {
			ReceivedMessage message = SessionChannelHandler.this.message;
			if (message == null) {
				throw new IllegalStateException("the session is not open yet");
			}
			return message;
		}

		@Override
		public void onText(ByteBuf payload) {
			onMessage(WsMessage.Type.TEXT, payload, null);
		}

		@Override
		public boolean wantsStrings() {
			return message().isTextWanted();
		}

		@Override
		public void onText(ByteBuf payload, String text) {
			onMessage(WsMessage.Type.TEXT, payload, text);
		}

		@Override
		public void onBinary(ByteBuf payload) {
			onMessage(WsMessage.Type.BINARY, payload, null);
		}

		private void onMessage(WsMessage.Type type, ByteBuf payload, @Nullable String text) {
			ReceivedMessage message = message();
			message.begin(type, payload, text);
			try {
				SessionChannelHandler.this.handler.onMessage(message);
			}
			finally {
				message.end();
			}
		}

		@Override
		public void onFragment(int opcode, ByteBuf payload, boolean first, boolean last) {
			WsMessage.Type type = (opcode == Opcode.TEXT) ? WsMessage.Type.TEXT : WsMessage.Type.BINARY;
			SessionChannelHandler.this.handler.onFragment(
					new WsFragment(type, payload.nioBuffer().asReadOnlyBuffer(), first, last, message().session()));
		}

		@Override
		public void onPing(ByteBuf payload) {
			ByteBuffer bytes = payload.nioBuffer().asReadOnlyBuffer();
			if (SessionChannelHandler.this.options.autoPong()) {
				answer(bytes);
			}
			SessionChannelHandler.this.handler.onPing(bytes);
		}

		@Override
		public void onPong(ByteBuf payload) {
			SessionChannelHandler.this.handler.onPong(payload.nioBuffer().asReadOnlyBuffer());
		}

		@Override
		public void onClose(int code, String reason) {
			writeAccepted();
			if (SessionChannelHandler.this.closing.onPeerClose(code, reason) == Next.SEND_CLOSE) {
				sendClose();
			}
			SessionChannelHandler.this.handler.onClosing();
		}

	}

	/**
	 * What is needed only until the session is open.
	 *
	 * @param request what was sent
	 * @param response reads the answer
	 */
	private record OpeningHandshake(HandshakeRequest request, HandshakeResponseReader response) {

		Acceptance check() {
			return HandshakeCheck.check(this.request, this.response);
		}

	}

	/**
	 * How far the session is.
	 */
	private enum Phase {

		/**
		 * The request is sent, the answer awaited.
		 */
		HANDSHAKE,

		/**
		 * The answer is a refusal whose body is read.
		 */
		REFUSED,

		/**
		 * Frames flow, until the channel is closed.
		 */
		OPEN,

		/**
		 * The channel is closed.
		 */
		ENDED

	}

}

package dev.wsclient.internal.transport.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.internal.protocol.extension.ExtensionOffer;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.options.Compression;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * A session from its first step: a {@link Connector} makes the channel, then it belongs
 * to its {@link SessionChannelHandler}.
 */
final class NettySession implements Session {

	private final NettyTransport transport;

	private final NettyScheduler scheduler;

	private final WsOptions options;

	private final SessionHandler handler;

	/**
	 * Makes the channel; {@code null} when that is done, for it holds much.
	 */
	private @Nullable Connector connector;

	/**
	 * The channel when it is connected. Written on the event loop, read anywhere.
	 */
	private volatile @Nullable Channel channel;

	/**
	 * What the channel has at the end of its pipeline.
	 */
	private @Nullable SessionChannelHandler channelHandler;

	private boolean ended;

	NettySession(NettyTransport transport, NettyScheduler scheduler, WsOptions options, SessionHandler handler) {
		this.transport = transport;
		this.scheduler = scheduler;
		this.options = options;
		this.handler = handler;
	}

	void start(WsHandshakeRequest request) {
		if (!this.ended) {
			Connector connector = new Connector(this.transport, this.scheduler, this.options, request,
					new Connected(request));
			this.connector = connector;
			connector.start();
		}
	}

	private void end(SessionEnd end) {
		if (!this.ended) {
			this.ended = true;
			if (end.failure() != null && blamesAddress(end.failure())) {
				blameAddress();
			}
			this.handler.onEnd(end);
		}
	}

	/**
	 * Whether another address of the server may do better: not after an answer that tells
	 * what is wrong with the request.
	 */
	private boolean blamesAddress(Failure failure) {
		if (this.channelHandler != null && this.channelHandler.wasOpened()) {
			return false;
		}
		return !(failure instanceof Failure.Handshake answer && answer.statusCode() >= 300
				&& answer.statusCode() < 500);
	}

	/**
	 * The address that took the TCP connection made no session of it.
	 */
	private void blameAddress() {
		SocketAddress peer = (this.connector != null) ? this.connector.peer() : remoteAddress();
		if (peer instanceof InetSocketAddress address) {
			this.transport.failedAddresses().add(address);
		}
	}

	private SessionChannelHandler channelHandler() {
		if (this.channelHandler == null) {
			throw new IllegalStateException("there is no channel yet");
		}
		return this.channelHandler;
	}

	@Override
	public boolean isWritable() {
		return channelHandler().isWritable();
	}

	@Override
	public void write(Outbound message) {
		channelHandler().write(message);
	}

	@Override
	public void writePing(ByteBuffer payload) {
		channelHandler().writePing(payload);
	}

	@Override
	public void flush() {
		channelHandler().flush();
	}

	@Override
	public void setReading(boolean reading) {
		channelHandler().setReading(reading);
	}

	@Override
	public void close(CloseStatus status) {
		channelHandler().close(status);
	}

	@Override
	public void abort(@Nullable Failure failure) {
		if (this.ended) {
			return;
		}
		if (this.channelHandler != null) {
			this.channelHandler.abort(failure);
			return;
		}
		if (this.connector != null) {
			this.connector.cancel();
		}
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.CLIENT, false, failure));
	}

	@Override
	public @Nullable SocketAddress localAddress() {
		Channel channel = this.channel;
		return (channel != null) ? channel.localAddress() : null;
	}

	@Override
	public @Nullable SocketAddress remoteAddress() {
		Channel channel = this.channel;
		return (channel != null) ? channel.remoteAddress() : null;
	}

	private static List<ExtensionOffer> extensions(Compression compression) {
		return compression.enabled() ? List.of(new PerMessageDeflateOffer(compression)) : List.of();
	}

	/**
	 * Hears how connecting goes on.
	 */
	private final class Connected implements Connector.Listener {

		private final WsHandshakeRequest request;

		Connected(WsHandshakeRequest request) {
			this.request = request;
		}

		@Override
		public void onStep(Phase step) {
			NettySession.this.handler.onStep(step);
		}

		@Override
		public void onConnected(Channel channel) {
			NettySession session = NettySession.this;
			SessionChannelHandler channelHandler = new SessionChannelHandler(session.scheduler, this.request,
					session.options, extensions(session.options.compression()), session.handler, session::end);
			session.connector = null;
			session.channel = channel;
			session.channelHandler = channelHandler;
			channel.pipeline().addLast(channelHandler);
		}

		@Override
		public void onFailed(Failure failure) {
			end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false, failure));
		}

	}

}

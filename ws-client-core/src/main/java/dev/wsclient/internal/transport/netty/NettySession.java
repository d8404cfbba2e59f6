package dev.wsclient.internal.transport.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;

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
import dev.wsclient.internal.transport.netty.SystemProxies.Route;
import dev.wsclient.options.Compression;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;

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
		if (this.ended) {
			return;
		}
		WsProxy proxy = this.options.proxy().filter((each) -> each.appliesTo(request.host())).orElse(null);
		if (proxy == null || proxy.type() != WsProxy.Type.SYSTEM) {
			new Routes(request, List.of(new Route(proxy, null))).tryNext();
			return;
		}
		this.transport.systemProxies()
			.routes(proxy, request)
			.whenComplete((routes, error) -> this.scheduler.tryExecute(() -> onRoutes(request, routes, error)));
	}

	private void onRoutes(WsHandshakeRequest request, @Nullable List<Route> routes, @Nullable Throwable error) {
		if (routes != null) {
			new Routes(request, routes).tryNext();
			return;
		}
		Throwable cause = (error instanceof CompletionException && error.getCause() != null) ? error.getCause() : error;
		this.handler.onStep(Phase.PROXY);
		fail("the system's ProxySelector failed: " + cause, cause);
	}

	private void fail(String description, @Nullable Throwable cause) {
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false, new Failure.Network(description, cause)));
	}

	private void end(SessionEnd end) {
		if (!this.ended) {
			this.ended = true;
			try {
				if (end.failure() != null && blamesAddress(end.failure())) {
					blameAddress();
				}
			}
			finally {
				this.handler.onEnd(end);
			}
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
	 * Tries the ways to the server, one after the other until one leads there.
	 */
	private final class Routes implements Connector.Listener {

		private final WsHandshakeRequest request;

		private final Deque<Route> routes;

		private final List<String> failures = new ArrayList<>();

		private Route route;

		Routes(WsHandshakeRequest request, List<Route> routes) {
			this.request = request;
			this.routes = new ArrayDeque<>(routes);
			this.route = this.routes.remove();
		}

		void tryNext() {
			NettySession session = NettySession.this;
			if (session.ended) {
				return;
			}
			try {
				Connector connector = new Connector(session.transport, session.scheduler, session.options, this.request,
						this.route.proxy(), this);
				session.connector = connector;
				connector.start();
			}
			// A task of the loop tells no one
			catch (RuntimeException | Error ex) {
				fail("the attempt failed: " + ex, ex);
			}
		}

		@Override
		public void onStep(Phase step) {
			NettySession.this.handler.onStep(step);
		}

		@Override
		public void onConnected(Channel channel) {
			NettySession session = NettySession.this;
			try {
				SessionChannelHandler channelHandler = new SessionChannelHandler(session.scheduler, this.request,
						session.options, extensions(session.options.compression()), session.handler, session::end);
				session.connector = null;
				session.channel = channel;
				session.channelHandler = channelHandler;
				channel.pipeline().addLast(channelHandler);
			}
			// Such as a request that can't be written
			catch (RuntimeException | Error ex) {
				channel.close();
				fail("the attempt failed: " + ex, ex);
			}
		}

		@Override
		public void onFailed(Failure failure, boolean reachedServer) {
			NettySession session = NettySession.this;
			boolean goesOn = !reachedServer && !(failure instanceof Failure.Proxy);
			if (goesOn && this.route.address() != null) {
				session.transport.systemProxies()
					.connectFailed(this.request, this.route.address(), ioExceptionOf(failure));
			}
			if (goesOn && !this.routes.isEmpty()) {
				this.failures.add(textOf(failure));
				this.route = this.routes.remove();
				session.handler.onStep(Phase.CONNECT);
				tryNext();
				return;
			}
			end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false, withOthers(failure)));
		}

		private static IOException ioExceptionOf(Failure failure) {
			return (failure instanceof Failure.Network network && network.cause() instanceof IOException cause) ? cause
					: new IOException(textOf(failure));
		}

		private static String textOf(Failure failure) {
			return (failure instanceof Failure.Network network) ? network.description()
					: "the proxy did not open the way to the server in time";
		}

		/**
		 * Tells of the ways that failed before, too.
		 */
		private Failure withOthers(Failure failure) {
			return (failure instanceof Failure.Network network && !this.failures.isEmpty())
					? new Failure.Network(String.join("; then ", this.failures) + "; then " + network.description(),
							network.cause())
					: failure;
		}

	}

}

package dev.wsclient.internal.transport.netty;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks4ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsProxy;

/**
 * The way through a proxy on one channel.
 */
final class Tunnel {

	private final WsProxy proxy;

	private final ProxyHandler handler;

	private final AnswerReader answerReader = new AnswerReader();

	private Consumer<@Nullable Throwable> result = (cause) -> {
	};

	/**
	 * Makes a way through a proxy.
	 * @param proxy the proxy
	 * @param address one of its addresses
	 */
	Tunnel(WsProxy proxy, InetSocketAddress address) {
		this.proxy = proxy;
		this.handler = newHandler(proxy, address);
		// The connector has a deadline for the proxy
		this.handler.setConnectTimeoutMillis(0);
	}

	private static ProxyHandler newHandler(WsProxy proxy, InetSocketAddress address) {
		String username = proxy.username();
		String password = (proxy.password() != null) ? proxy.password() : "";
		return switch (proxy.type()) {
			case HTTP ->
				(username != null) ? new HttpProxyHandler(address, username, password) : new HttpProxyHandler(address);
			case SOCKS5 -> (username != null) ? new Socks5ProxyHandler(address, username, password)
					: new Socks5ProxyHandler(address);
			case SOCKS4A ->
				(username != null) ? new Socks4ProxyHandler(address, username) : new Socks4ProxyHandler(address);
			case SYSTEM -> throw new IllegalArgumentException("the system's proxies are of other types");
		};
	}

	/**
	 * Returns the server as the proxy is to hear of it: a name as it is, an address as an
	 * address.
	 */
	static InetSocketAddress destination(String host, int port) {
		byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
		if (address == null) {
			return InetSocketAddress.createUnresolved(host, port);
		}
		try {
			return new InetSocketAddress(InetAddress.getByAddress(address), port);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("Netty makes addresses of 4 or 16 bytes", ex);
		}
	}

	/**
	 * Adds what speaks with the proxy.
	 */
	void addTo(ChannelPipeline pipeline) {
		pipeline.addLast(this.handler);
		if (this.proxy.type() == WsProxy.Type.HTTP) {
			pipeline.addBefore(pipeline.context(this.handler).name(), null, this.answerReader);
		}
	}

	/**
	 * Waits for the proxy.
	 * @param result hears {@code null} when the way is open, or why it isn't, which may
	 * be told twice
	 */
	void whenOpen(Consumer<@Nullable Throwable> result) {
		this.result = result;
		this.handler.connectFuture().addListener((future) -> result.accept(future.cause()));
	}

	/**
	 * Removes what spoke with the proxy, when the way is open.
	 */
	void removeFrom(ChannelPipeline pipeline) {
		if (this.proxy.type() == WsProxy.Type.HTTP) {
			pipeline.remove(this.answerReader);
		}
		pipeline.remove(this.handler);
	}

	/**
	 * Makes a failure of what went wrong.
	 */
	Failure failureOf(Throwable cause) {
		String name = this.proxy.type().name().toLowerCase(Locale.ROOT) + "://" + this.proxy.host() + ":"
				+ this.proxy.port();
		HttpResponse answer = this.answerReader.refusal;
		if (answer != null) {
			int status = answer.status().code();
			return new Failure.Proxy("the proxy " + name + " refused with status " + status + advice(status), status,
					headersOf(answer));
		}
		return new Failure.Network("the proxy " + name + " did not open the way to the server: " + reason(cause),
				cause);
	}

	private String advice(int status) {
		if (status != 407) {
			return "";
		}
		return (this.proxy.username() != null) ? "; it doesn't accept the credentials of WsProxy"
				: "; it wants credentials: set them in WsProxy";
	}

	private static HttpHeaders headersOf(HttpResponse answer) {
		Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		answer.headers()
			.forEach((field) -> headers.computeIfAbsent(field.getKey(), (name) -> new ArrayList<>())
				.add(field.getValue()));
		return HttpHeaders.of(headers, (name, value) -> true);
	}

	/**
	 * Netty repeats protocol and addresses in its messages; only the reason is wanted.
	 */
	private static String reason(Throwable cause) {
		String message = (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
		int start = message.indexOf(", ", Math.max(0, message.indexOf(" => ")));
		return (start >= 0 && message.contains(" => ")) ? message.substring(start + 2) : message;
	}

	/**
	 * Sees a refusal of an HTTP proxy as soon as its head is there: its body may never
	 * end, and Netty's handler doesn't tell the status.
	 */
	private final class AnswerReader extends ChannelInboundHandlerAdapter {

		private @Nullable HttpResponse refusal;

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof HttpResponse response) {
				read(response);
			}
			context.fireChannelRead(message);
		}

		private void read(HttpResponse response) {
			if (response.decoderResult().isFailure()) {
				Tunnel.this.result.accept(new ConnectException("its answer is not HTTP"));
			}
			else if (response.status().code() != 200) {
				this.refusal = response;
				Tunnel.this.result.accept(new ConnectException(response.status().toString()));
			}
		}

	}

}

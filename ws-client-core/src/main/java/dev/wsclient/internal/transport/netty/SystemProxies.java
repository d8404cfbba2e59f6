package dev.wsclient.internal.transport.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsProxy;

/**
 * Asks the JDK's {@link ProxySelector}, which may be the application's, look names up and
 * block: so on threads of its own. Attempts that ask for the same server while it is
 * asked share the answer. A selector that hangs has a bounded number of questions
 * waiting.
 */
final class SystemProxies {

	private static final Logger logger = LoggerFactory.getLogger(SystemProxies.class);

	private static final int THREADS = 4;

	private static final int MAX_WAITING = 1024;

	private final Map<URI, CompletableFuture<List<Proxy>>> running = new ConcurrentHashMap<>();

	private final ThreadPoolExecutor executor;

	SystemProxies() {
		this.executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(MAX_WAITING), new DefaultThreadFactory("ws-client-proxies", true));
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Finds the ways to a server. Any thread.
	 * @param options what the user set for all of them
	 * @param request names the server
	 * @return the ways in their order, at least one, or what the selector threw;
	 * completed on any thread
	 */
	CompletableFuture<List<Route>> routes(WsProxy options, WsHandshakeRequest request) {
		return select(originOf(request))
			.thenApply((proxies) -> proxies.stream().map((proxy) -> route(options, proxy)).toList());
	}

	/**
	 * Returns what a selector is asked: it knows nothing of WebSocket, and needs neither
	 * the path nor a query with a token in it.
	 */
	private static URI originOf(WsHandshakeRequest request) {
		boolean secure = request.uri().getScheme().equalsIgnoreCase("wss");
		// A selector knows no zones, which as written here are no part of a URL
		String host = request.host().replaceFirst("%.*]", "]");
		return URI.create((secure ? "https://" : "http://") + host + ":" + request.port() + "/");
	}

	private CompletableFuture<List<Proxy>> select(URI origin) {
		CompletableFuture<List<Proxy>> result = new CompletableFuture<>();
		CompletableFuture<List<Proxy>> other = this.running.putIfAbsent(origin, result);
		if (other != null) {
			return other;
		}
		try {
			this.executor.execute(() -> ask(origin, result));
		}
		catch (RejectedExecutionException ex) {
			this.running.remove(origin);
			result.completeExceptionally(ex);
		}
		return result;
	}

	private void ask(URI origin, CompletableFuture<List<Proxy>> result) {
		try {
			ProxySelector selector = ProxySelector.getDefault();
			List<Proxy> proxies = (selector != null) ? selector.select(origin) : null;
			List<Proxy> found = (proxies != null && !proxies.isEmpty()) ? List.copyOf(proxies)
					: List.of(Proxy.NO_PROXY);
			this.running.remove(origin);
			result.complete(found);
		}
		// Also an Error: it is the application's code, and later attempts are to ask
		// again
		catch (Throwable ex) {
			this.running.remove(origin);
			result.completeExceptionally(ex);
		}
	}

	private static Route route(WsProxy options, Proxy proxy) {
		WsProxy.Type type = switch (proxy.type()) {
			case DIRECT -> null;
			case HTTP -> WsProxy.Type.HTTP;
			case SOCKS -> WsProxy.Type.SOCKS5;
		};
		if (type == null) {
			return new Route(null, null);
		}
		if (!(proxy.address() instanceof InetSocketAddress address)) {
			throw new IllegalArgumentException("it named a proxy without host and port: " + proxy);
		}
		return new Route(new WsProxy(type, address.getHostString(), address.getPort(), options.username(),
				options.password(), List.of(), options.timeout()), address);
	}

	/**
	 * Tells the selector of a proxy that did not open the way. Any thread.
	 * @param request names the server
	 * @param address the proxy's address
	 * @param cause why
	 */
	void connectFailed(WsHandshakeRequest request, SocketAddress address, IOException cause) {
		try {
			this.executor.execute(() -> tellFailed(originOf(request), address, cause));
		}
		catch (RejectedExecutionException ex) {
			// The client is closed, or the selector hangs
		}
	}

	private static void tellFailed(URI origin, SocketAddress address, IOException cause) {
		try {
			ProxySelector selector = ProxySelector.getDefault();
			if (selector != null) {
				selector.connectFailed(origin, address, cause);
			}
		}
		// Whatever the application's code throws
		catch (Throwable ex) {
			logger.debug("The ProxySelector failed at connectFailed", ex);
		}
	}

	void shutdown() {
		this.executor.shutdownNow();
	}

	/**
	 * One way to a server.
	 *
	 * @param proxy the proxy, or {@code null} for none
	 * @param address the proxy's address as the selector named it, or {@code null} if it
	 * did not name one
	 */
	record Route(@Nullable WsProxy proxy, @Nullable SocketAddress address) {

	}

}

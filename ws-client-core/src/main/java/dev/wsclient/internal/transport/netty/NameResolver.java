package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.netty.util.NetUtil;

/**
 * Resolves names as the JDK does, with the hosts file and all, on threads of its own: a
 * lookup blocks as long as the name server pleases. Attempts that ask for a name while it
 * is looked up share the answer, so that a dead name server has no more lookups waiting
 * than there are names.
 */
final class NameResolver {

	/**
	 * So that a few names that hang don't stop all others.
	 */
	private static final int THREADS = 8;

	private final Lookup lookup;

	private final Map<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();

	private final ThreadPoolExecutor executor;

	NameResolver(Lookup lookup) {
		this.lookup = lookup;
		this.executor = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				OwnThreads.blocking("ws-client-resolver"));
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Looks a name up. Any thread.
	 * @return its addresses, or an {@link UnknownHostException}; completed on a thread of
	 * the resolver, or now if the name is an address
	 */
	CompletableFuture<List<InetAddress>> resolve(String host) {
		byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
		if (address != null && host.indexOf('%') < 0) {
			return CompletableFuture.completedFuture(List.of(of(address)));
		}
		CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
		CompletableFuture<List<InetAddress>> other = this.running.putIfAbsent(host, lookup);
		if (other != null) {
			return other;
		}
		try {
			this.executor.execute(() -> run(host, lookup));
		}
		catch (RejectedExecutionException ex) {
			this.running.remove(host);
			lookup.completeExceptionally(ex);
		}
		return lookup;
	}

	private static InetAddress of(byte[] address) {
		try {
			return InetAddress.getByAddress(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("Netty makes addresses of 4 or 16 bytes", ex);
		}
	}

	private void run(String host, CompletableFuture<List<InetAddress>> result) {
		try {
			List<InetAddress> addresses = List.of(this.lookup.addressesOf(host));
			this.running.remove(host);
			result.complete(addresses);
		}
		// Also an Error: later attempts are to look the name up again
		catch (Throwable ex) {
			this.running.remove(host);
			result.completeExceptionally(ex);
		}
	}

	void shutdown() {
		this.executor.shutdownNow();
	}

	/**
	 * Finds the addresses of a name, and may block.
	 */
	@FunctionalInterface
	interface Lookup {

		/**
		 * Finds the addresses.
		 * @param host the name
		 * @return at least one address
		 * @throws UnknownHostException if there is none
		 */
		InetAddress[] addressesOf(String host) throws UnknownHostException;

	}

}

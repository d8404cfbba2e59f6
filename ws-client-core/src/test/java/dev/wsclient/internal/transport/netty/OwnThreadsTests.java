package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rule: threads of ours keep nothing of whoever started them.
 */
class OwnThreadsTests {

	private static final InheritableThreadLocal<String> LEFT_BEHIND = new InheritableThreadLocal<>();

	private final CompletableFuture<Facts> onLoop = new CompletableFuture<>();

	private final CompletableFuture<Facts> onBlocking = new CompletableFuture<>();

	private final CompletableFuture<Facts> onResolver = new CompletableFuture<>();

	private final AtomicReference<@Nullable NettyTransport> transport = new AtomicReference<>();

	@Test
	@SuppressWarnings("ThreadPriorityCheck") // one that must not be inherited
	void threadsOfOursKeepNothingOfWhoeverStartedThem() throws Exception {
		ThreadGroup group = new ThreadGroup("users");
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		AtomicReference<@Nullable Boolean> interruptKept = new AtomicReference<>();
		Thread user = new Thread(group, () -> {
			LEFT_BEHIND.set("of the user");
			Thread.currentThread().interrupt();
			startAll();
			interruptKept.set(Thread.interrupted());
		}, "user");
		user.setDaemon(true);
		user.setPriority(Thread.MAX_PRIORITY);
		user.setContextClassLoader(new URLClassLoader(new URL[0]));
		user.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
		user.start();
		try {
			check(this.onLoop.get(60, TimeUnit.SECONDS), "ws-client-loop", false);
			check(this.onBlocking.get(60, TimeUnit.SECONDS), "ws-client-blocking", true);
			check(this.onResolver.get(60, TimeUnit.SECONDS), "ws-client-resolver", true);
			assertThat(this.onLoop.get().thread()).isInstanceOf(FastThreadLocalThread.class);
			user.join(60_000);
			assertThat(interruptKept.get()).isTrue();
			assertThat(failure.get()).isNull();
		}
		finally {
			NettyTransport transport = this.transport.get();
			if (transport != null) {
				transport.shutdown(Duration.ofSeconds(5));
			}
		}
	}

	private void startAll() {
		NettyTransport transport = new NettyTransport(1, (host) -> {
			this.onResolver.complete(Facts.ofThisThread());
			return new InetAddress[] { InetAddress.getLoopbackAddress() };
		});
		this.transport.set(transport);
		transport.nextScheduler().execute(() -> this.onLoop.complete(Facts.ofThisThread()));
		transport.blockingExecutor().execute(() -> this.onBlocking.complete(Facts.ofThisThread()));
		transport.resolver().resolve("feed.example");
	}

	private static void check(Facts facts, String name, boolean daemon) {
		assertThat(facts.thread().getName()).startsWith(name);
		assertThat(facts.local()).isNull();
		assertThat(facts.interrupted()).isFalse();
		assertThat(facts.thread().isDaemon()).isEqualTo(daemon);
		assertThat(facts.thread().getPriority()).isEqualTo(Thread.NORM_PRIORITY);
		assertThat(facts.thread().getContextClassLoader()).isSameAs(WsClient.class.getClassLoader());
		assertThat(facts.group().getName()).isNotEqualTo("users");
		assertThat(facts.group().getParent()).isNull();
	}

	private record Facts(Thread thread, ThreadGroup group, @Nullable String local, boolean interrupted) {

		static Facts ofThisThread() {
			Thread thread = Thread.currentThread();
			return new Facts(thread, thread.getThreadGroup(), LEFT_BEHIND.get(), thread.isInterrupted());
		}

	}

}

package dev.wsclient.internal.transport.netty;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/**
 * Makes the threads of a client, which serve all its connections and live longer than the
 * work that happens to start them: so they inherit nothing of the thread that makes them,
 * neither its thread locals nor its context class loader, group, access control context,
 * priority or daemon flag.
 */
abstract class OwnThreads implements ThreadFactory {

	private final String name;

	private final boolean daemon;

	private final AtomicInteger count = new AtomicInteger();

	private OwnThreads(String name, boolean daemon) {
		this.name = name;
		this.daemon = daemon;
	}

	/**
	 * Makes threads for what would block an event loop. They don't keep the JVM alive.
	 */
	static OwnThreads blocking(String name) {
		return new OwnThreads(name, true) {

			@Override
			Thread create(ThreadGroup group, Runnable task, String name) {
				return plain(group, task, name);
			}

		};
	}

	/**
	 * Makes threads for event loops, with Netty's fast thread locals. They keep the JVM
	 * alive.
	 */
	static OwnThreads eventLoops(String name) {
		return new OwnThreads(name, false) {

			@Override
			Thread create(ThreadGroup group, Runnable task, String name) {
				// Netty's threads inherit thread locals, so one that has none makes them
				AtomicReference<@Nullable Thread> created = new AtomicReference<>();
				Thread maker = plain(group, () -> created.set(new FastThreadLocalThread(group, task, name)),
						name + "-maker");
				maker.start();
				join(maker);
				return Objects.requireNonNull(created.get());
			}

		};
	}

	@Override
	@SuppressWarnings("ThreadPriorityCheck") // the normal one, in place of an inherited
												// one
	public Thread newThread(Runnable task) {
		String name = this.name + "-" + this.count.incrementAndGet();
		Thread thread = create(rootGroup(), task, name);
		thread.setDaemon(this.daemon);
		thread.setPriority(Thread.NORM_PRIORITY);
		// For user code on the thread; the application's where it has one class path
		thread.setContextClassLoader(OwnThreads.class.getClassLoader());
		return thread;
	}

	abstract Thread create(ThreadGroup group, Runnable task, String name);

	/**
	 * Those of an application's threads may go with the application.
	 */
	private static ThreadGroup rootGroup() {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		while (group.getParent() != null) {
			group = group.getParent();
		}
		return group;
	}

	/**
	 * Creates a thread without thread locals, and without the access control context that
	 * JDKs before 24 keep, which names the classes of all callers.
	 */
	@SuppressWarnings("removal")
	private static Thread plain(ThreadGroup group, Runnable task, String name) {
		PrivilegedAction<Thread> create = () -> new Thread(group, task, name, 0, false);
		return AccessController.doPrivileged(create);
	}

	private static void join(Thread thread) {
		boolean interrupted = false;
		while (thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}

package dev.wsclient.spring;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * Plays a recorded feed. It starts when the client has subscribed, and goes on with the
 * next message when the client has subscribed again after a cut.
 */
final class FeedScript implements JettyWsServer.Script {

	private final RecordedFeed feed;

	private final Pace pace;

	private final int cutEvery;

	private final Cut cut;

	/** What each session subscribed to. */
	private final Map<Session, List<String>> subscriptions = new ConcurrentHashMap<>();

	/** How many messages were sent. */
	private final AtomicInteger next = new AtomicInteger();

	final AtomicInteger sessions = new AtomicInteger();

	final List<Throwable> failures = new CopyOnWriteArrayList<>();

	/**
	 * Creates a script.
	 * @param feed the feed
	 * @param pace how fast it is played
	 * @param cuts how often the server ends the session
	 * @param cut how it does so
	 */
	FeedScript(RecordedFeed feed, Pace pace, int cuts, Cut cut) {
		this.feed = feed;
		this.pace = pace;
		this.cutEvery = (cuts > 0) ? feed.messages().size() / (cuts + 1) + 1 : Integer.MAX_VALUE;
		this.cut = cut;
	}

	@Override
	public void onText(Session session, String text) {
		List<String> received = this.subscriptions.computeIfAbsent(session, (key) -> new CopyOnWriteArrayList<>());
		received.add(text);
		if (received.equals(this.feed.subscriptions())) {
			new Thread(() -> play(session), "feed").start();
		}
	}

	private void play(Session session) {
		this.sessions.incrementAndGet();
		try {
			long start = System.nanoTime();
			long offset = this.feed.messages().get(this.next.get()).nanos();
			while (this.next.get() < this.feed.messages().size()) {
				RecordedFeed.Message message = this.feed.messages().get(this.next.get());
				this.pace.await(start, message.nanos() - offset);
				Callback.Completable.with((callback) -> session.sendText(message.text(), callback)).join();
				if (this.next.incrementAndGet() % this.cutEvery == 0) {
					this.cut.apply(session);
					return;
				}
			}
		}
		catch (RuntimeException ex) {
			this.failures.add(ex);
		}
	}

	/**
	 * How fast a feed is played.
	 */
	enum Pace {

		/**
		 * As fast as the connection takes it.
		 */
		FAST {
			@Override
			void await(long start, long nanos) {
			}
		},

		/**
		 * A hundred times as fast as it was recorded.
		 */
		HUNDREDFOLD {
			@Override
			void await(long start, long nanos) {
				long left = start + nanos / 100 - System.nanoTime();
				while (left > 0) {
					LockSupport.parkNanos(left);
					left = start + nanos / 100 - System.nanoTime();
				}
			}
		};

		abstract void await(long start, long nanos);

	}

	/**
	 * How the server ends a session, with all it sent flushed.
	 */
	enum Cut {

		/**
		 * By a Close frame.
		 */
		CLOSE_FRAME {
			@Override
			void apply(Session session) {
				session.close(1001, "moving", Callback.NOOP);
			}
		},

		/**
		 * By the end of the TCP connection.
		 */
		TCP_ONLY {
			@Override
			void apply(Session session) {
				session.disconnect();
			}
		};

		abstract void apply(Session session);

	}

}

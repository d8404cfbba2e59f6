package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;

/**
 * When which address of a server is dialled
 * (<a href="https://www.rfc-editor.org/rfc/rfc8305">RFC 8305</a>, "happy eyeballs"): both
 * families in turn, the next address as soon as one fails or has not answered in time,
 * while those before go on. Event loop only.
 */
final class AddressRace {

	/**
	 * How long an address has before the next is dialled too (RFC 8305, section 8).
	 */
	static final Duration STAGGER = Duration.ofMillis(250);

	private final Queue<InetAddress> waiting;

	private final Scheduler scheduler;

	private final Dialler dialler;

	private int running;

	private boolean over;

	private @Nullable Timer timer;

	AddressRace(List<InetAddress> addresses, Scheduler scheduler, Dialler dialler) {
		this.waiting = new ArrayDeque<>(interleave(addresses));
		this.scheduler = scheduler;
		this.dialler = dialler;
	}

	/**
	 * Orders addresses so that the families take turns, beginning with the first one's
	 * (RFC 8305, section 4).
	 */
	static List<InetAddress> interleave(List<InetAddress> addresses) {
		Queue<InetAddress> first = new ArrayDeque<>();
		Queue<InetAddress> second = new ArrayDeque<>();
		for (InetAddress address : addresses) {
			((address.getClass() == addresses.get(0).getClass()) ? first : second).add(address);
		}
		List<InetAddress> ordered = new ArrayList<>(addresses.size());
		while (!first.isEmpty() || !second.isEmpty()) {
			if (!first.isEmpty()) {
				ordered.add(first.remove());
			}
			if (!second.isEmpty()) {
				ordered.add(second.remove());
			}
		}
		return ordered;
	}

	void start() {
		dialNext();
	}

	private void dialNext() {
		stopTimer();
		InetAddress address = this.waiting.remove();
		this.running++;
		if (!this.waiting.isEmpty()) {
			this.timer = this.scheduler.schedule(this::dialNext, STAGGER);
		}
		this.dialler.dial(address);
	}

	/**
	 * An address that was dialled failed.
	 */
	void onFailed() {
		this.running--;
		if (this.over) {
			return;
		}
		if (!this.waiting.isEmpty()) {
			dialNext();
		}
		else if (this.running == 0) {
			this.over = true;
			this.dialler.onAllFailed();
		}
	}

	/**
	 * Dials no more: there is a winner, or nobody wants one any more.
	 */
	void stop() {
		this.over = true;
		this.waiting.clear();
		stopTimer();
	}

	private void stopTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	/**
	 * What the race does.
	 */
	interface Dialler {

		/**
		 * Starts to connect. {@link AddressRace#onFailed()} tells if that fails.
		 * @param address the address
		 */
		void dial(InetAddress address);

		/**
		 * The last address failed too.
		 */
		void onAllFailed();

	}

}

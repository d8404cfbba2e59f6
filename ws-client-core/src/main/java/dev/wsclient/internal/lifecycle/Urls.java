package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

import dev.wsclient.options.UrlSelection;

/**
 * Chooses the URL of each attempt and lets those rest that failed or refused. Event loop
 * only.
 */
final class Urls {

	private final List<Url> urls;

	private final UrlSelection selection;

	private final long coolDownNanos;

	private final RandomGenerator random;

	private final long startNanos;

	/**
	 * Index of the newest attempt's URL, or -1 before the first.
	 */
	private int last = -1;

	Urls(List<URI> urls, UrlSelection selection, long coolDownNanos, RandomGenerator random, long nowNanos) {
		this.urls = urls.stream().map(Url::new).toList();
		this.selection = selection;
		this.coolDownNanos = coolDownNanos;
		this.random = random;
		this.startNanos = nowNanos;
	}

	URI next(long nowNanos) {
		this.last = choose(time(nowNanos));
		return this.urls.get(this.last).uri;
	}

	private int choose(long time) {
		if (this.selection == UrlSelection.RANDOM) {
			List<Url> rested = this.urls.stream().filter((url) -> url.restsUntil <= time).toList();
			if (!rested.isEmpty()) {
				return this.urls.indexOf(rested.get(this.random.nextInt(rested.size())));
			}
		}
		int count = this.urls.size();
		int first = (this.selection == UrlSelection.ROUND_ROBIN) ? (this.last + 1) % count : 0;
		int soonest = first;
		for (int i = 0; i < count; i++) {
			int index = (first + i) % count;
			if (this.urls.get(index).restsUntil <= time) {
				return index;
			}
			if (this.urls.get(index).restsUntil < this.urls.get(soonest).restsUntil) {
				soonest = index;
			}
		}
		return soonest;
	}

	/**
	 * A session at the last URL ended.
	 * @param stable whether it was stable, so that what refused before is old news
	 */
	void onSessionEnd(boolean stable, long nowNanos) {
		Url url = last();
		url.accepted = true;
		url.acceptedAt = time(nowNanos);
		if (stable) {
			forgetRefusals();
		}
	}

	/**
	 * Whether the last URL had a session a short time ago.
	 */
	boolean acceptedWithin(Duration time, long nowNanos) {
		Url url = last();
		return url.accepted && time(nowNanos) - url.acceptedAt <= time.toNanos();
	}

	/**
	 * The attempt at the last URL failed, or its session was not stable.
	 */
	void onFailed(long nowNanos) {
		Url url = last();
		url.restsUntil = time(nowNanos) + this.coolDownNanos;
		url.refuses = false;
	}

	/**
	 * The last URL refused this client.
	 * @param rest how long it is left alone
	 */
	void onRefused(long nowNanos, Duration rest) {
		Url url = last();
		url.restsUntil = time(nowNanos) + rest.toNanos();
		url.refuses = true;
		url.refusals++;
	}

	/**
	 * Returns how often the last URL refused since a session was stable.
	 */
	int refusals() {
		return last().refusals;
	}

	/**
	 * Whether the newest end at each URL was a refusal.
	 */
	boolean allRefuse() {
		return this.urls.stream().allMatch((url) -> url.refuses);
	}

	void forgetRefusals() {
		for (Url url : this.urls) {
			url.refuses = false;
			url.refusals = 0;
		}
	}

	/**
	 * Returns how long to wait until a URL has rested.
	 */
	Duration untilRested(long nowNanos) {
		long first = this.urls.stream().mapToLong((url) -> url.restsUntil).min().orElse(0);
		return Duration.ofNanos(Math.max(0, first - time(nowNanos)));
	}

	private Url last() {
		return this.urls.get(this.last);
	}

	private long time(long nowNanos) {
		return nowNanos - this.startNanos;
	}

	/**
	 * A URL and what became of attempts at it. Times are nanoseconds from
	 * {@link #startNanos}.
	 */
	private static final class Url {

		private final URI uri;

		private long restsUntil;

		private boolean refuses;

		private int refusals;

		private boolean accepted;

		private long acceptedAt;

		Url(URI uri) {
			this.uri = uri;
		}

	}

}

package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import dev.wsclient.options.UrlSelection;

/**
 * Chooses the URL of each attempt and lets those rest that failed. Event loop only.
 */
final class Urls {

	private final List<URI> urls;

	private final UrlSelection selection;

	private final long coolDownNanos;

	private final RandomGenerator random;

	/**
	 * For each URL how many nanoseconds from {@link #startNanos} it rests.
	 */
	private final long[] restsUntil;

	private final long startNanos;

	private int last = -1;

	Urls(List<URI> urls, UrlSelection selection, long coolDownNanos, RandomGenerator random, long nowNanos) {
		this.urls = urls;
		this.selection = selection;
		this.coolDownNanos = coolDownNanos;
		this.random = random;
		this.restsUntil = new long[urls.size()];
		this.startNanos = nowNanos;
	}

	URI next(long nowNanos) {
		this.last = choose(nowNanos - this.startNanos);
		return this.urls.get(this.last);
	}

	private int choose(long time) {
		if (this.selection == UrlSelection.RANDOM) {
			int[] rested = IntStream.range(0, this.restsUntil.length)
				.filter((i) -> this.restsUntil[i] <= time)
				.toArray();
			if (rested.length > 0) {
				return rested[this.random.nextInt(rested.length)];
			}
		}
		int count = this.restsUntil.length;
		int first = (this.selection == UrlSelection.ROUND_ROBIN) ? (this.last + 1) % count : 0;
		int soonest = first;
		for (int i = 0; i < count; i++) {
			int index = (first + i) % count;
			if (this.restsUntil[index] <= time) {
				return index;
			}
			if (this.restsUntil[index] < this.restsUntil[soonest]) {
				soonest = index;
			}
		}
		return soonest;
	}

	/**
	 * The attempt at the last URL failed, or its session was not stable.
	 */
	void onFailed(long nowNanos) {
		if (this.last >= 0) {
			this.restsUntil[this.last] = nowNanos - this.startNanos + this.coolDownNanos;
		}
	}

}

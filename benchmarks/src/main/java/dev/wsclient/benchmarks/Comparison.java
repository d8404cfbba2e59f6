package dev.wsclient.benchmarks;

import java.util.Optional;
import java.util.OptionalDouble;

import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.client.ClientKind.Role;

/**
 * Ours beside the best peer and the loop, in one workload.
 *
 * @param workload the workload
 * @param ours what ours takes
 * @param peer which of the peers is the best
 * @param best what that one takes
 * @param loop what the loop takes that makes a {@code String} of each message
 */
record Comparison(Workload workload, double ours, Optional<ClientKind> peer, OptionalDouble best, OptionalDouble loop) {

	/**
	 * Compares.
	 * @return the comparison, empty if ours was not measured
	 */
	static Optional<Comparison> of(Results results, Options.Pinning pinning, Workload workload) {
		Metric metric = workload.metric();
		OptionalDouble ours = results.median(pinning, workload, ClientKind.WS_CLIENT, metric);
		if (ours.isEmpty()) {
			return Optional.empty();
		}
		Optional<ClientKind> peer = results.best(pinning, workload, metric, Role.PEER);
		OptionalDouble best = peer.map((client) -> results.median(pinning, workload, client, metric))
			.orElse(OptionalDouble.empty());
		return Optional.of(new Comparison(workload, ours.getAsDouble(), peer, best,
				results.median(pinning, workload, ClientKind.LIMIT_STRING, metric)));
	}

	OptionalDouble toBestPeer() {
		return ratio(this.ours, this.best);
	}

	OptionalDouble toLoop() {
		return ratio(this.ours, this.loop);
	}

	/**
	 * Returns whether ours keeps the budget; empty if there is none, or nothing to judge
	 * it by.
	 */
	Optional<Boolean> holds() {
		Budget budget = this.workload.budget();
		if (budget == null || this.best.isEmpty() || (budget.ofLoop() > 0 && this.loop.isEmpty())) {
			return Optional.empty();
		}
		boolean ofLoopHolds = budget.ofLoop() == 0 || toLoop().orElseThrow() <= budget.ofLoop();
		return Optional.of(ofLoopHolds && toBestPeer().orElseThrow() <= budget.ofBestPeer());
	}

	private static OptionalDouble ratio(double value, OptionalDouble other) {
		return other.isPresent() ? OptionalDouble.of(value / other.getAsDouble()) : OptionalDouble.empty();
	}

}

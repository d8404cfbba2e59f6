package dev.wsclient.benchmarks;

/**
 * What ours may cost at most.
 *
 * @param ofBestPeer as a multiple of the best peer
 * @param ofLoop as a multiple of the loop that makes a {@code String} of each message; 0
 * if that is no budget
 */
record Budget(double ofBestPeer, double ofLoop) {

	/**
	 * How much more a message may cost with 10,000 connections than with 10.
	 */
	static final double GROWTH = 1.2;

	/**
	 * No peer is better.
	 */
	static final Budget BEST = of(1);

	static Budget of(double ofBestPeer) {
		return new Budget(ofBestPeer, 0);
	}

	Budget andOfLoop(double ofLoop) {
		return new Budget(this.ofBestPeer, ofLoop);
	}

}

package dev.wsclient.spring;

/**
 * The half of a connection's backlog that messages of incomplete batches may take. Used
 * by one thread at a time.
 */
class BacklogShare {

	private final int maxPlaces;

	private final long maxBytes;

	private int places;

	private long bytes;

	/**
	 * Creates a share that is not used.
	 * @param backlog the places of the backlog
	 * @param backlogBytes its bytes
	 */
	BacklogShare(int backlog, long backlogBytes) {
		this.maxPlaces = backlog / 2;
		this.maxBytes = backlogBytes / 2;
	}

	void take(int bytes) {
		this.places++;
		this.bytes += bytes;
	}

	void giveBack(int bytes) {
		this.places--;
		this.bytes -= bytes;
	}

	boolean isUsedUp() {
		return this.places >= this.maxPlaces || this.bytes >= this.maxBytes;
	}

}

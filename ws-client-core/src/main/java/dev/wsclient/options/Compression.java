package dev.wsclient.options;

import org.jspecify.annotations.Nullable;

/**
 * Whether and how messages are compressed, by permessage-deflate
 * (<a href="https://www.rfc-editor.org/rfc/rfc7692#section-7">RFC 7692, section 7</a>).
 * It is offered in the opening handshake; a server that doesn't know it opens the session
 * without.
 *
 * @param enabled whether compression is offered; default {@code true}
 * @param level how much work to spend on a message sent, 1 (fast) to 9 (small), or 0 not
 * to compress at all but still to use the format; default 6
 * @param minSize the smallest payload, in bytes, that is sent compressed; default 1 KiB
 * @param serverNoContextTakeover whether the server has to forget each message before the
 * next, which compresses worse; a server that doesn't agree fails the handshake; default
 * {@code false}
 * @param clientNoContextTakeover whether the client forgets each message it sent before
 * the next, which compresses worse; default {@code false}
 * @param serverMaxWindowBits how far back, as a power of two, the server may refer when
 * it compresses, 8 to 15, or {@code null} to leave that to the server; a server that
 * doesn't agree fails the handshake; default {@code null}
 * @param clientMaxWindowBits how far back, as a power of two, the client refers at most
 * when it compresses, 8 to 15, or {@code null} for as far as the server allows; default
 * {@code null}
 * @since 0.1.0
 */
public record Compression(boolean enabled, int level, int minSize, boolean serverNoContextTakeover,
		boolean clientNoContextTakeover, @Nullable Integer serverMaxWindowBits, @Nullable Integer clientMaxWindowBits) {

	private static final Compression DEFAULTS = new Compression(true, 6, 1024, false, false, null, null);

	private static final Compression DISABLED = DEFAULTS.withEnabled(false);

	/**
	 * Creates a value.
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public Compression {
		require(level >= 0 && level <= 9, "compression level must be in 0 to 9, was " + level);
		require(minSize >= 0, "compression minSize must be 0 or more, was " + minSize);
		requireWindowBits(serverMaxWindowBits, "serverMaxWindowBits");
		requireWindowBits(clientMaxWindowBits, "clientMaxWindowBits");
	}

	private static void requireWindowBits(@Nullable Integer bits, String name) {
		require(bits == null || (bits >= 8 && bits <= 15),
				"compression " + name + " must be in 8 to 15 (RFC 7692, section 7.1.2), was " + bits);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Returns the default: offered, level 6, from 1 KiB on.
	 * @return the value
	 */
	public static Compression defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns a value by which compression is not offered.
	 * @return the value
	 */
	public static Compression disabled() {
		return DISABLED;
	}

	/**
	 * Returns this value, offered or not.
	 * @param enabled whether compression is offered
	 * @return the value
	 */
	public Compression withEnabled(boolean enabled) {
		return new Compression(enabled, this.level, this.minSize, this.serverNoContextTakeover,
				this.clientNoContextTakeover, this.serverMaxWindowBits, this.clientMaxWindowBits);
	}

	/**
	 * Returns this value with another level.
	 * @param level 1 (fast) to 9 (small), or 0
	 * @return the value
	 */
	public Compression withLevel(int level) {
		return new Compression(this.enabled, level, this.minSize, this.serverNoContextTakeover,
				this.clientNoContextTakeover, this.serverMaxWindowBits, this.clientMaxWindowBits);
	}

	/**
	 * Returns this value with another smallest size.
	 * @param minSize the smallest payload, in bytes, that is sent compressed
	 * @return the value
	 */
	public Compression withMinSize(int minSize) {
		return new Compression(this.enabled, this.level, minSize, this.serverNoContextTakeover,
				this.clientNoContextTakeover, this.serverMaxWindowBits, this.clientMaxWindowBits);
	}

	/**
	 * Returns this value, with or without the demand on the server to forget.
	 * @param serverNoContextTakeover whether the server has to forget each message
	 * @return the value
	 */
	public Compression withServerNoContextTakeover(boolean serverNoContextTakeover) {
		return new Compression(this.enabled, this.level, this.minSize, serverNoContextTakeover,
				this.clientNoContextTakeover, this.serverMaxWindowBits, this.clientMaxWindowBits);
	}

	/**
	 * Returns this value, with a client that forgets or not.
	 * @param clientNoContextTakeover whether the client forgets each message
	 * @return the value
	 */
	public Compression withClientNoContextTakeover(boolean clientNoContextTakeover) {
		return new Compression(this.enabled, this.level, this.minSize, this.serverNoContextTakeover,
				clientNoContextTakeover, this.serverMaxWindowBits, this.clientMaxWindowBits);
	}

	/**
	 * Returns this value with another bound for the server.
	 * @param serverMaxWindowBits 8 to 15, or {@code null}
	 * @return the value
	 */
	public Compression withServerMaxWindowBits(@Nullable Integer serverMaxWindowBits) {
		return new Compression(this.enabled, this.level, this.minSize, this.serverNoContextTakeover,
				this.clientNoContextTakeover, serverMaxWindowBits, this.clientMaxWindowBits);
	}

	/**
	 * Returns this value with another bound for the client.
	 * @param clientMaxWindowBits 8 to 15, or {@code null}
	 * @return the value
	 */
	public Compression withClientMaxWindowBits(@Nullable Integer clientMaxWindowBits) {
		return new Compression(this.enabled, this.level, this.minSize, this.serverNoContextTakeover,
				this.clientNoContextTakeover, this.serverMaxWindowBits, clientMaxWindowBits);
	}

}

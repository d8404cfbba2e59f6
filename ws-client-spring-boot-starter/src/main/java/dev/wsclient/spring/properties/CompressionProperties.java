package dev.wsclient.spring.properties;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Compression of messages by permessage-deflate.
 *
 * @since 0.1.0
 */
public class CompressionProperties {

	/**
	 * Whether to offer permessage-deflate to the server.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Work to spend on a message sent, 1 (fast) to 9 (small), or 0 not to compress.
	 */
	private @Nullable Integer level;

	/**
	 * Smallest payload that is sent compressed. In bytes if no unit is given.
	 */
	private @Nullable DataSize minSize;

	/**
	 * Whether the server has to forget each message before the next, which saves memory
	 * and compresses worse.
	 */
	private @Nullable Boolean serverNoContextTakeover;

	/**
	 * Whether the client forgets each message it sent before the next.
	 */
	private @Nullable Boolean clientNoContextTakeover;

	/**
	 * How far back, as a power of two from 8 to 15, the server may refer when it
	 * compresses. Left to the server if not set.
	 */
	private @Nullable Integer serverMaxWindowBits;

	/**
	 * How far back, as a power of two from 8 to 15, the client refers at most when it
	 * compresses. As far as the server allows if not set.
	 */
	private @Nullable Integer clientMaxWindowBits;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable Integer getLevel() {
		return this.level;
	}

	public void setLevel(@Nullable Integer level) {
		this.level = level;
	}

	public @Nullable DataSize getMinSize() {
		return this.minSize;
	}

	public void setMinSize(@Nullable DataSize minSize) {
		this.minSize = minSize;
	}

	public @Nullable Boolean getServerNoContextTakeover() {
		return this.serverNoContextTakeover;
	}

	public void setServerNoContextTakeover(@Nullable Boolean serverNoContextTakeover) {
		this.serverNoContextTakeover = serverNoContextTakeover;
	}

	public @Nullable Boolean getClientNoContextTakeover() {
		return this.clientNoContextTakeover;
	}

	public void setClientNoContextTakeover(@Nullable Boolean clientNoContextTakeover) {
		this.clientNoContextTakeover = clientNoContextTakeover;
	}

	public @Nullable Integer getServerMaxWindowBits() {
		return this.serverMaxWindowBits;
	}

	public void setServerMaxWindowBits(@Nullable Integer serverMaxWindowBits) {
		this.serverMaxWindowBits = serverMaxWindowBits;
	}

	public @Nullable Integer getClientMaxWindowBits() {
		return this.clientMaxWindowBits;
	}

	public void setClientMaxWindowBits(@Nullable Integer clientMaxWindowBits) {
		this.clientMaxWindowBits = clientMaxWindowBits;
	}

}

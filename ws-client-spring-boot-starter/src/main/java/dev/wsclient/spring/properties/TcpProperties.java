package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * TCP.
 *
 * @since 0.1.0
 */
public class TcpProperties {

	/**
	 * Whether small packets are sent at once.
	 */
	private @Nullable Boolean noDelay;

	/**
	 * Whether the system probes an idle connection.
	 */
	private @Nullable Boolean keepAlive;

	/**
	 * Time a connection is idle before the first probe, in whole seconds. That of the
	 * system if not set. In milliseconds if no unit is given.
	 */
	private @Nullable Duration keepAliveIdle;

	/**
	 * Time between probes, in whole seconds. That of the system if not set. In
	 * milliseconds if no unit is given.
	 */
	private @Nullable Duration keepAliveInterval;

	/**
	 * Number of unanswered probes after which the connection is broken. That of the
	 * system if not set.
	 */
	private @Nullable Integer keepAliveCount;

	public @Nullable Boolean getNoDelay() {
		return this.noDelay;
	}

	public void setNoDelay(@Nullable Boolean noDelay) {
		this.noDelay = noDelay;
	}

	public @Nullable Boolean getKeepAlive() {
		return this.keepAlive;
	}

	public void setKeepAlive(@Nullable Boolean keepAlive) {
		this.keepAlive = keepAlive;
	}

	public @Nullable Duration getKeepAliveIdle() {
		return this.keepAliveIdle;
	}

	public void setKeepAliveIdle(@Nullable Duration keepAliveIdle) {
		this.keepAliveIdle = keepAliveIdle;
	}

	public @Nullable Duration getKeepAliveInterval() {
		return this.keepAliveInterval;
	}

	public void setKeepAliveInterval(@Nullable Duration keepAliveInterval) {
		this.keepAliveInterval = keepAliveInterval;
	}

	public @Nullable Integer getKeepAliveCount() {
		return this.keepAliveCount;
	}

	public void setKeepAliveCount(@Nullable Integer keepAliveCount) {
		this.keepAliveCount = keepAliveCount;
	}

}

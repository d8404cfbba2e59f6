package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Keep-alive by a message.
 *
 * @since 0.1.0
 */
public class KeepAliveMessageProperties {

	/**
	 * Text to send. Nothing is sent if not set or empty.
	 */
	private @Nullable String text;

	/**
	 * Time between two of these messages. In milliseconds if no unit is given.
	 */
	private @Nullable Duration interval;

	public @Nullable String getText() {
		return this.text;
	}

	public void setText(@Nullable String text) {
		this.text = text;
	}

	public @Nullable Duration getInterval() {
		return this.interval;
	}

	public void setInterval(@Nullable Duration interval) {
		this.interval = interval;
	}

}

package dev.wsclient.spring;

import java.time.Duration;
import java.util.Locale;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;

/**
 * Describes a connection in the one line that the log has when it starts: where it leads
 * and what decides how it behaves. Holds no secrets.
 *
 * @param options the options
 * @param dispatch how messages are handed to handlers
 * @param autoStart whether the connection starts with the application
 */
record StartupLine(WsOptions options, DispatchSettings dispatch, boolean autoStart) {

	String text(int handlers) {
		return "Connection '" + this.options.name() + "' to " + urls() + ": "
				+ (this.autoStart ? "starts now" : "auto-start off") + ", " + reconnect() + ", " + ping()
				+ ", dispatch " + dispatchMode() + ", " + ((handlers > 0) ? handlers : "no") + " handler method"
				+ ((handlers != 1) ? "s" : "");
	}

	private String urls() {
		int further = this.options.uris().size() - 1;
		return this.options.redactedUri() + ((further > 0) ? " and " + further + " more" : "");
	}

	private String reconnect() {
		Reconnect reconnect = this.options.reconnect();
		Integer maxAttempts = reconnect.maxAttempts();
		if (maxAttempts != null && maxAttempts == 0) {
			return "reconnect off";
		}
		return "reconnect after " + print(reconnect.initialDelay()) + " to " + print(reconnect.maxDelay())
				+ ((maxAttempts != null) ? ", at most " + maxAttempts + " times" : "")
				+ ((reconnect.maxElapsed() != null) ? ", for at most " + print(reconnect.maxElapsed()) : "");
	}

	private String ping() {
		return this.options.pingInterval().isZero() ? "ping off"
				: "ping after " + print(this.options.pingInterval()) + " of silence";
	}

	private String dispatchMode() {
		return switch (this.dispatch.mode()) {
			case SERIAL -> "serial";
			case EVENT_LOOP -> "event-loop";
			case KEYED -> "keyed by " + this.dispatch.concurrency();
			case CONCURRENT -> "concurrent by " + this.dispatch.concurrency();
		};
	}

	/**
	 * Prints as the properties are written: {@code 1m30s}.
	 */
	private static String print(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

}

package dev.wsclient.spring;

import java.time.Duration;
import java.util.Locale;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.properties.DispatchMode;

/**
 * Describes a connection in the one line that the log has when it starts: where it leads
 * and what decides how it behaves. Holds no secrets.
 *
 * @param options the options
 * @param dispatch where handlers are called
 * @param autoStart whether the connection starts with the application
 */
record StartupLine(WsOptions options, DispatchMode dispatch, boolean autoStart) {

	String text(int handlers) {
		return "Connection '" + this.options.name() + "' to " + urls() + ": "
				+ (this.autoStart ? "starts now" : "auto-start off") + ", " + reconnect() + ", " + ping()
				+ ", dispatch " + this.dispatch.name().toLowerCase(Locale.ROOT).replace('_', '-') + ", "
				+ ((handlers > 0) ? handlers : "no") + " handler method" + ((handlers != 1) ? "s" : "");
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

	/**
	 * Prints as the properties are written: {@code 1m30s}.
	 */
	private static String print(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

}

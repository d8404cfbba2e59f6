package dev.wsclient.spring;

import java.util.Locale;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of connections: short work that belongs into a trace. A session that
 * lives for days is none, nor is a frame; the meters count these.
 *
 * @since 0.1.0
 */
public enum WsObservationDocumentation implements ObservationDocumentation {

	/**
	 * A call of a handler method, with the conversion of its arguments, and with what its
	 * failure leads to.
	 */
	HANDLER {
		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultWsHandlerObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { LowKey.CLIENT, LowKey.METHOD, LowKey.OUTCOME };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighKey.KIND };
		}
	},

	/**
	 * An attempt to open a session: name resolution, TCP, TLS, and the opening handshake
	 * with its redirects. If tracing is on, the handshake carries the trace to the
	 * server.
	 */
	CONNECT {
		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultWsConnectObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { LowKey.CLIENT, LowKey.OUTCOME };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighKey.ATTEMPT, HighKey.URI, HighKey.STATUS };
		}
	};

	/**
	 * Keys with few values, which meters have as tags.
	 */
	public enum LowKey implements KeyName {

		/**
		 * Name of the connection.
		 */
		CLIENT,

		/**
		 * The handler method: simple name of its class, a dot and its name.
		 */
		METHOD,

		/**
		 * Of handlers {@code success} or {@code error}, of attempts {@code success},
		 * {@code failure} or, when the application gave the attempt up,
		 * {@code cancelled}; {@code unknown} as long as it isn't over.
		 */
		OUTCOME;

		@Override
		public String asString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Keys with many values, which only traces have.
	 */
	public enum HighKey implements KeyName {

		/**
		 * What the handler was called for, such as {@code message} or {@code open}.
		 */
		KIND("ws.handler.kind"),

		/**
		 * How many attempts the connection made before without becoming stable.
		 */
		ATTEMPT("ws.attempt"),

		/**
		 * The server's URI without its query.
		 */
		URI("ws.uri"),

		/**
		 * The HTTP status of the server's answer; {@code none} if it gave none.
		 */
		STATUS("ws.status");

		private final String key;

		HighKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}

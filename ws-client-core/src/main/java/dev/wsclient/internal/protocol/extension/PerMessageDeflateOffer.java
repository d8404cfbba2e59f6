package dev.wsclient.internal.protocol.extension;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.options.Compression;

/**
 * Offers permessage-deflate and judges the answer
 * (<a href="https://www.rfc-editor.org/rfc/rfc7692#section-7.1">RFC 7692, section
 * 7.1</a>).
 *
 * @since 0.1.0
 */
public final class PerMessageDeflateOffer implements ExtensionOffer {

	private static final String NAME = "permessage-deflate";

	private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";

	private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";

	private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";

	private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

	private static final Set<String> PARAMETERS = Set.of(SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER,
			SERVER_MAX_WINDOW_BITS, CLIENT_MAX_WINDOW_BITS);

	private static final int MIN_WINDOW_BITS = 8;

	private static final int MAX_WINDOW_BITS = 15;

	private final Compression compression;

	/**
	 * Creates an offer.
	 * @param compression what the user wants
	 */
	public PerMessageDeflateOffer(Compression compression) {
		this.compression = compression;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String text() {
		StringBuilder text = new StringBuilder(NAME);
		Integer serverBits = this.compression.serverMaxWindowBits();
		Integer clientBits = this.compression.clientMaxWindowBits();
		if (this.compression.serverNoContextTakeover()) {
			text.append("; ").append(SERVER_NO_CONTEXT_TAKEOVER);
		}
		if (this.compression.clientNoContextTakeover()) {
			text.append("; ").append(CLIENT_NO_CONTEXT_TAKEOVER);
		}
		if (serverBits != null) {
			text.append("; ").append(SERVER_MAX_WINDOW_BITS).append('=').append(serverBits);
		}
		// Always: without it the answer must not bound the client's window
		text.append("; ").append(CLIENT_MAX_WINDOW_BITS);
		if (clientBits != null) {
			text.append('=').append(clientBits);
		}
		return text.toString();
	}

	@Override
	public Extension accept(ExtensionAnswer answer) {
		return new PerMessageDeflate(parse(answer), this.compression.level(), this.compression.minSize());
	}

	DeflateParameters parse(ExtensionAnswer answer) {
		Map<String, Parameter> parameters = new HashMap<>();
		for (Parameter parameter : answer.parameters()) {
			checkName(parameter);
			if (parameters.put(parameter.name(), parameter) != null) {
				throw unacceptable(parameter.name(), "at most once", "came twice", "7.1");
			}
		}
		String agreement = Stream.concat(Stream.of(NAME), answer.parameters().stream().map(Parameter::toString))
			.collect(Collectors.joining("; "));
		return new DeflateParameters(agreement, serverForgets(parameters.get(SERVER_NO_CONTEXT_TAKEOVER)),
				clientForgets(parameters.get(CLIENT_NO_CONTEXT_TAKEOVER)),
				serverWindowBits(parameters.get(SERVER_MAX_WINDOW_BITS)),
				clientWindowBits(parameters.get(CLIENT_MAX_WINDOW_BITS)));
	}

	private static void checkName(Parameter parameter) {
		if (!PARAMETERS.contains(parameter.name())) {
			throw new UnacceptableExtension(NAME + " has no parameter '" + parameter.name() + "'", "RFC 7692, 7.1");
		}
	}

	private boolean serverForgets(@Nullable Parameter parameter) {
		if (parameter == null && this.compression.serverNoContextTakeover()) {
			throw unacceptable(SERVER_NO_CONTEXT_TAKEOVER, "in the answer as it was demanded", "was absent", "7.1.1.1");
		}
		return isGiven(parameter, "7.1.1.1");
	}

	private boolean clientForgets(@Nullable Parameter parameter) {
		return isGiven(parameter, "7.1.1.2") || this.compression.clientNoContextTakeover();
	}

	private static boolean isGiven(@Nullable Parameter parameter, String section) {
		if (parameter != null && parameter.value() != null) {
			throw unacceptable(parameter.name(), "without a value", "was '" + parameter.value() + "'", section);
		}
		return parameter != null;
	}

	private int serverWindowBits(@Nullable Parameter parameter) {
		Integer demanded = this.compression.serverMaxWindowBits();
		if (parameter == null) {
			// The largest window is what the server has without a word
			if (demanded != null && demanded < MAX_WINDOW_BITS) {
				throw unacceptable(SERVER_MAX_WINDOW_BITS, "at most " + demanded + " as it was demanded", "was absent",
						"7.1.2.1");
			}
			return MAX_WINDOW_BITS;
		}
		int bits = windowBits(parameter, "7.1.2.1");
		if (demanded != null && bits > demanded) {
			throw unacceptable(SERVER_MAX_WINDOW_BITS, "at most " + demanded + " as it was demanded", "was " + bits,
					"7.1.2.1");
		}
		return bits;
	}

	private int clientWindowBits(@Nullable Parameter parameter) {
		int own = Objects.requireNonNullElse(this.compression.clientMaxWindowBits(), MAX_WINDOW_BITS);
		return (parameter != null) ? Math.min(own, windowBits(parameter, "7.1.2.2")) : own;
	}

	private static int windowBits(Parameter parameter, String section) {
		String value = parameter.value();
		if (value != null && value.matches("[89]|1[0-5]")) {
			return Integer.parseInt(value);
		}
		throw unacceptable(parameter.name(),
				"an integer in " + MIN_WINDOW_BITS + " to " + MAX_WINDOW_BITS + " without leading zeros",
				(value != null) ? "was '" + value + "'" : "had no value", section);
	}

	private static UnacceptableExtension unacceptable(String parameter, String expected, String seen, String section) {
		return new UnacceptableExtension(NAME + "'s parameter " + parameter + " must be " + expected + ", but " + seen,
				"RFC 7692, " + section);
	}

}

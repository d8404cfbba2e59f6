package dev.wsclient.internal.protocol.extension;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link PerMessageDeflateOffer}.
 */
class PerMessageDeflateOfferTests {

	private static final Compression DEFAULTS = Compression.defaults();

	private static final Compression ALL = DEFAULTS.withServerNoContextTakeover(true)
		.withClientNoContextTakeover(true)
		.withServerMaxWindowBits(10)
		.withClientMaxWindowBits(9);

	@Test
	void offerNamesWhatIsWanted() {
		assertThat(new PerMessageDeflateOffer(DEFAULTS).text()).isEqualTo("permessage-deflate; client_max_window_bits");
		assertThat(new PerMessageDeflateOffer(ALL).text())
			.isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover"
					+ "; server_max_window_bits=10; client_max_window_bits=9");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", delimiter = '|', value = { "- | false | false | 15 | 15",
			"server_no_context_takeover | true | false | 15 | 15",
			"client_no_context_takeover | false | true | 15 | 15", "server_max_window_bits=8 | false | false | 8 | 15",
			"client_max_window_bits=8 | false | false | 15 | 8",
			"client_max_window_bits=10,server_max_window_bits=15 | false | false | 15 | 10",
			"server_no_context_takeover,client_max_window_bits=9,client_no_context_takeover,server_max_window_bits=12 | true | true | 12 | 9" })
	void everyLegalAnswerIsTaken(@Nullable String answer, boolean serverForgets, boolean clientForgets, int serverBits,
			int clientBits) {
		DeflateParameters parameters = parse(DEFAULTS, answer);
		assertThat(parameters.serverNoContextTakeover()).isEqualTo(serverForgets);
		assertThat(parameters.clientNoContextTakeover()).isEqualTo(clientForgets);
		assertThat(parameters.serverWindowBits()).isEqualTo(serverBits);
		assertThat(parameters.clientWindowBits()).isEqualTo(clientBits);
		assertThat(parameters.agreement())
			.isEqualTo("permessage-deflate" + ((answer != null) ? "; " + answer.replace(",", "; ") : ""));
	}

	@Test
	void whatTheClientPromisedHoldsWithoutAnAnswer() {
		DeflateParameters parameters = parse(ALL, "server_no_context_takeover,server_max_window_bits=10");
		assertThat(parameters.clientNoContextTakeover()).isTrue();
		assertThat(parameters.clientWindowBits()).isEqualTo(9);
		assertThat(parse(ALL, "server_no_context_takeover,server_max_window_bits=9,client_max_window_bits=15")
			.clientWindowBits()).isEqualTo(9);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "mux | permessage-deflate has no parameter 'mux' | 7.1",
			"Server_no_context_takeover | permessage-deflate has no parameter 'Server_no_context_takeover' | 7.1",
			"server_no_context_takeover,server_no_context_takeover | permessage-deflate's parameter server_no_context_takeover must be at most once, but came twice | 7.1",
			"client_max_window_bits=9,client_max_window_bits=9 | permessage-deflate's parameter client_max_window_bits must be at most once, but came twice | 7.1",
			"server_no_context_takeover=1 | permessage-deflate's parameter server_no_context_takeover must be without a value, but was '1' | 7.1.1.1",
			"client_no_context_takeover=true | permessage-deflate's parameter client_no_context_takeover must be without a value, but was 'true' | 7.1.1.2",
			"server_max_window_bits | permessage-deflate's parameter server_max_window_bits must be an integer in 8 to 15 without leading zeros, but had no value | 7.1.2.1",
			"client_max_window_bits | permessage-deflate's parameter client_max_window_bits must be an integer in 8 to 15 without leading zeros, but had no value | 7.1.2.2" })
	void illegalAnswerIsRefusedByName(String answer, String message, String section) {
		assertRefused(DEFAULTS, answer, message, section);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "7", "16", "08", "010", "-8", "+8", "8.0", "x", "99999999999" })
	void windowOutOfRangeIsRefused(String value) {
		for (String side : List.of("server", "client")) {
			assertRefused(DEFAULTS, side + "_max_window_bits=" + value, "permessage-deflate's parameter " + side
					+ "_max_window_bits must be an integer in 8 to 15 without leading zeros, but was '" + value + "'",
					side.equals("server") ? "7.1.2.1" : "7.1.2.2");
		}
	}

	@Test
	void demandsOnTheServerMustBeMet() {
		assertRefused(ALL, "server_max_window_bits=10",
				"permessage-deflate's parameter server_no_context_takeover must be in the answer as it was demanded, "
						+ "but was absent",
				"7.1.1.1");
		assertRefused(ALL, "server_no_context_takeover",
				"permessage-deflate's parameter server_max_window_bits must be at most 10 as it was demanded, "
						+ "but was absent",
				"7.1.2.1");
		assertRefused(ALL, "server_no_context_takeover,server_max_window_bits=11",
				"permessage-deflate's parameter server_max_window_bits must be at most 10 as it was demanded, "
						+ "but was 11",
				"7.1.2.1");
	}

	@Test
	void demandForTheLargestWindowNeedsNoAnswer() {
		assertThat(parse(DEFAULTS.withServerMaxWindowBits(15), null).serverWindowBits()).isEqualTo(15);
	}

	private static void assertRefused(Compression compression, String answer, String message, String section) {
		UnacceptableExtension refusal = catchThrowableOfType(UnacceptableExtension.class,
				() -> parse(compression, answer));
		assertThat(refusal).hasMessage(message);
		assertThat(refusal.section()).isEqualTo("RFC 7692, " + section);
	}

	private static DeflateParameters parse(Compression compression, @Nullable String answer) {
		List<Parameter> parameters = new ArrayList<>();
		for (String parameter : (answer != null) ? answer.split(",") : new String[0]) {
			String[] parts = parameter.split("=", 2);
			parameters.add(new Parameter(parts[0], (parts.length > 1) ? parts[1] : null));
		}
		return new PerMessageDeflateOffer(compression).parse(new ExtensionAnswer("permessage-deflate", parameters));
	}

}

package dev.wsclient.internal.protocol.handshake;

import java.net.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.wsclient.PrintableText;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionOffer;
import dev.wsclient.internal.protocol.extension.UnacceptableExtension;

/**
 * Decides whether an answer opens a session
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">RFC 6455, section
 * 4.1</a>).
 *
 * @since 0.1.0
 */
public final class HandshakeCheck {

	private static final int MAX_SHOWN = 300;

	private final HandshakeRequest request;

	private final HandshakeResponseReader response;

	private final HttpHeaders headers;

	private HandshakeCheck(HandshakeRequest request, HandshakeResponseReader response) {
		this.request = request;
		this.response = response;
		this.headers = response.headers();
	}

	/**
	 * Checks an answer.
	 * @param request what was asked
	 * @param response what was answered; its head is complete
	 * @return the answer, and the extension agreed on
	 * @throws HandshakeFailure if it doesn't open a session
	 */
	public static Acceptance check(HandshakeRequest request, HandshakeResponseReader response) {
		return new HandshakeCheck(request, response).check();
	}

	private Acceptance check() {
		checkStatus();
		checkUpgrade();
		checkConnection();
		checkAccept();
		Extension extension = checkExtensions();
		return new Acceptance(new WsHandshakeResponse(this.response.statusCode(), this.headers, checkSubprotocol(),
				(extension != null) ? List.of(extension.toString()) : List.of()), extension);
	}

	private void checkStatus() {
		int status = this.response.statusCode();
		if (status != 101) {
			throw failure("Status must be 101, but the answer was " + Printable.quote(this.response.statusLine())
					+ hint(status), "4.1");
		}
	}

	private static String hint(int status) {
		String hint = switch (status) {
			case 400 -> "the server takes the request for malformed: see the body of the answer";
			case 401 -> "the server wants credentials: set a header such as Authorization or Cookie";
			case 403 -> "the server refuses these credentials, this Origin or this address";
			case 404, 410 -> "there is nothing at this path: check the URL";
			case 407 -> "a proxy wants credentials";
			case 426 -> "the server wants another protocol or version than WebSocket 13";
			case 429 -> "too many requests: try again later";
			default -> "";
		};
		if (hint.isEmpty()) {
			hint = switch (status / 100) {
				case 2 -> "something answers plain HTTP there: check that the URL is that of a WebSocket endpoint";
				case 3 ->
					"the server redirects: switch followRedirects on, or configure the URL that the Location header names";
				case 5 -> "the server, or a proxy in front of it, has a problem: try again later";
				default -> "see the body of the answer";
			};
		}
		return "; " + hint;
	}

	private void checkUpgrade() {
		List<String> values = this.headers.allValues("Upgrade");
		if (values.size() != 1 || !values.get(0).equalsIgnoreCase("websocket")) {
			throw failure("Upgrade must be 'websocket', but was " + show(values), "4.1");
		}
	}

	private void checkConnection() {
		List<String> values = this.headers.allValues("Connection");
		if (values.stream()
			.flatMap((value) -> Arrays.stream(value.split(",")))
			.noneMatch((token) -> HttpSyntax.strip(token).equalsIgnoreCase("upgrade"))) {
			throw failure("Connection must contain 'Upgrade', but was " + show(values), "4.1");
		}
	}

	private void checkAccept() {
		List<String> values = this.headers.allValues("Sec-WebSocket-Accept");
		String expected = this.request.expectedAccept();
		if (values.size() != 1 || !values.get(0).equals(expected)) {
			throw failure("Sec-WebSocket-Accept must be '" + expected + "', but was " + show(values)
					+ "; the answer may be that of another request, from a cache or a broken proxy", "4.1");
		}
	}

	private @Nullable Extension checkExtensions() {
		List<String> values = this.headers.allValues("Sec-WebSocket-Extensions");
		List<ExtensionAnswer> answers = ExtensionList.parse(String.join(",", values));
		if (answers == null) {
			throw failure(
					"Sec-WebSocket-Extensions must be a list of extensions with parameters, but was " + show(values),
					"9.1");
		}
		Extension extension = null;
		for (ExtensionAnswer answer : answers) {
			ExtensionOffer offer = findOffer(answer, values);
			if (extension != null) {
				// Several would have to share the reserved bits (RFC 7692, section 5)
				throw failure("Sec-WebSocket-Extensions must have at most one extension, but was " + show(values),
						"9.1");
			}
			extension = accept(offer, answer);
		}
		return extension;
	}

	private ExtensionOffer findOffer(ExtensionAnswer answer, List<String> values) {
		return this.request.extensions()
			.stream()
			.filter((offer) -> offer.name().equals(answer.name()))
			.findFirst()
			.orElseThrow(() -> notOffered(values));
	}

	private Extension accept(ExtensionOffer offer, ExtensionAnswer answer) {
		try {
			return offer.accept(answer);
		}
		catch (UnacceptableExtension ex) {
			throw new HandshakeFailure(PrintableText.of(ex.getMessage(), MAX_SHOWN) + " (" + ex.section() + ")",
					this.response.statusCode(), this.headers, this.response.body());
		}
	}

	private HandshakeFailure notOffered(List<String> values) {
		List<ExtensionOffer> offers = this.request.extensions();
		return failure("Sec-WebSocket-Extensions must be "
				+ (offers.isEmpty() ? "absent as none was offered"
						: "absent or one of " + offers.stream().map(ExtensionOffer::name).toList())
				+ ", but was " + show(values), "4.1 and 9.1");
	}

	private @Nullable String checkSubprotocol() {
		List<String> values = this.headers.allValues("Sec-WebSocket-Protocol");
		if (values.isEmpty()) {
			return null;
		}
		List<String> offered = this.request.subprotocols();
		if (values.size() != 1 || !offered.contains(values.get(0))) {
			throw failure("Sec-WebSocket-Protocol must be "
					+ (offered.isEmpty() ? "absent as none was offered" : "absent or one of " + offered) + ", but was "
					+ show(values), "4.1");
		}
		return values.get(0);
	}

	private static String show(List<String> values) {
		return values.isEmpty() ? "absent" : Printable.quote(String.join("' and '", values));
	}

	private HandshakeFailure failure(String message, String section) {
		return new HandshakeFailure(message + " (RFC 6455, " + section + ")", this.response.statusCode(), this.headers,
				this.response.body());
	}

}

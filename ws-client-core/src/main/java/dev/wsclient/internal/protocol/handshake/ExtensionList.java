package dev.wsclient.internal.protocol.handshake;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;

/**
 * Reads a {@code Sec-WebSocket-Extensions} header field
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-9.1">RFC 6455, section
 * 9.1</a>).
 *
 * <pre>
 * extensions = [ extension ] *( "," [ extension ] )
 * extension  = token *( ";" parameter )
 * parameter  = token [ "=" ( token | quoted token ) ]
 * </pre>
 */
final class ExtensionList {

	private static final int END = -1;

	private final String text;

	private int index;

	private ExtensionList(String text) {
		this.text = text;
	}

	/**
	 * Reads the value of a field.
	 * @return the extensions in order, or {@code null} if the value is malformed
	 */
	static @Nullable List<ExtensionAnswer> parse(String value) {
		try {
			return new ExtensionList(value).readExtensions();
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private List<ExtensionAnswer> readExtensions() {
		List<ExtensionAnswer> extensions = new ArrayList<>();
		do {
			// Empty elements of a list are ignored (RFC 9110, section 5.6.1.2)
			if (peek() != ',' && peek() != END) {
				extensions.add(readExtension());
			}
		}
		while (skip(','));
		if (peek() != END) {
			throw new IllegalArgumentException("malformed");
		}
		return extensions;
	}

	private ExtensionAnswer readExtension() {
		String name = readToken();
		List<Parameter> parameters = new ArrayList<>();
		while (skip(';')) {
			parameters.add(new Parameter(readToken(), skip('=') ? readValue() : null));
		}
		return new ExtensionAnswer(name, List.copyOf(parameters));
	}

	private String readValue() {
		return (peek() == '"') ? readQuoted() : readToken();
	}

	private String readToken() {
		peek();
		int start = this.index;
		while (this.index < this.text.length() && HttpSyntax.isTokenChar(this.text.charAt(this.index))) {
			this.index++;
		}
		return requireToken(this.text.substring(start, this.index));
	}

	private String readQuoted() {
		StringBuilder value = new StringBuilder();
		this.index++;
		while (charAt(this.index) != '"') {
			if (charAt(this.index) == '\\') {
				this.index++;
			}
			value.append((char) charAt(this.index++));
		}
		this.index++;
		return requireToken(value.toString());
	}

	private int charAt(int index) {
		if (index >= this.text.length()) {
			throw new IllegalArgumentException("malformed");
		}
		return this.text.charAt(index);
	}

	private static String requireToken(String token) {
		if (!HttpSyntax.isToken(token)) {
			throw new IllegalArgumentException("malformed");
		}
		return token;
	}

	private boolean skip(char c) {
		if (peek() == c) {
			this.index++;
			return true;
		}
		return false;
	}

	// The next character that is not blank
	private int peek() {
		while (this.index < this.text.length() && HttpSyntax.isBlank(this.text.charAt(this.index))) {
			this.index++;
		}
		return (this.index < this.text.length()) ? this.text.charAt(this.index) : END;
	}

}

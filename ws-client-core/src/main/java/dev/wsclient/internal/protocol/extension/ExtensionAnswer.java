package dev.wsclient.internal.protocol.extension;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One extension as the server's answer names it.
 *
 * @param name the name
 * @param parameters the parameters in order
 * @since 0.1.0
 */
public record ExtensionAnswer(String name, List<Parameter> parameters) {

	/**
	 * One parameter of an extension.
	 *
	 * @param name the name
	 * @param value the value, without quotes, or {@code null} if there is none
	 */
	public record Parameter(String name, @Nullable String value) {

		@Override
		public String toString() {
			return (this.value != null) ? this.name + "=" + this.value : this.name;
		}

	}

}

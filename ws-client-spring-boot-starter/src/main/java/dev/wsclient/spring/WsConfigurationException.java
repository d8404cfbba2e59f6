package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;

/**
 * Something that the user configured or wrote can't work; fails the start.
 */
class WsConfigurationException extends IllegalArgumentException {

	private final String action;

	private final @Nullable String property;

	/**
	 * Creates an error.
	 * @param property the name of the property that is wrong, or {@code null}
	 * @param description what is wrong, without secrets
	 * @param action how to mend it
	 */
	WsConfigurationException(@Nullable String property, String description, String action) {
		super(description);
		this.property = property;
		this.action = action;
	}

	static WsConfigurationException invalidProperty(String property, String reason, String action) {
		return new WsConfigurationException(property, "Property '" + property + "' is wrong: " + reason + ".", action);
	}

	@Nullable String property() {
		return this.property;
	}

	String action() {
		return this.action;
	}

}

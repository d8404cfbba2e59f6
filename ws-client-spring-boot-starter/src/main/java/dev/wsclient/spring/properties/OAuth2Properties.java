package dev.wsclient.spring.properties;

import org.jspecify.annotations.Nullable;

/**
 * OAuth2.
 *
 * @since 0.1.0
 */
public class OAuth2Properties {

	/**
	 * Client registration whose bearer token each opening handshake carries. No token if
	 * not set.
	 */
	private @Nullable String registrationId;

	public @Nullable String getRegistrationId() {
		return this.registrationId;
	}

	public void setRegistrationId(@Nullable String registrationId) {
		this.registrationId = registrationId;
	}

}

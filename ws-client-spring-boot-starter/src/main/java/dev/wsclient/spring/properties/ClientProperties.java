package dev.wsclient.spring.properties;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Settings of one connection.
 *
 * @since 0.1.0
 */
public class ClientProperties extends ConnectionProperties {

	/**
	 * Whether there is this connection at all. If not, it has no bean, and handler
	 * methods that name it are not called.
	 */
	private boolean enabled = true;

	/**
	 * URL of the server, starting with ws:// or wss://.
	 */
	private @Nullable String url;

	/**
	 * URLs of the server if it has several, each starting with ws:// or wss://. In place
	 * of url.
	 */
	private @Nullable List<String> urls;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getUrl() {
		return this.url;
	}

	public void setUrl(@Nullable String url) {
		this.url = url;
	}

	public @Nullable List<String> getUrls() {
		return this.urls;
	}

	public void setUrls(@Nullable List<String> urls) {
		this.urls = urls;
	}

}

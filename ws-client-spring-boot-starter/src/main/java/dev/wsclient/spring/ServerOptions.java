package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.util.CollectionUtils;
import org.springframework.util.StringUtils;

import dev.wsclient.PrintableText;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.properties.ConnectionProperties;

/**
 * Starts the options with the server's URLs, and sets what the opening handshake asks
 * for.
 */
class ServerOptions {

	private static final String TOKEN = "names of letters, digits and !#$%&'*+-.^_`|~, none twice";

	private static final int MAX_SHOWN = 80;

	private final LayeredSettings settings;

	private final List<WsConnectionDetails> details;

	ServerOptions(LayeredSettings settings, List<WsConnectionDetails> details) {
		this.settings = settings;
		this.details = details;
	}

	WsOptions.Builder builder() {
		WsOptions.Builder builder = urls();
		this.settings.apply("selection", ConnectionProperties::getSelection, "ordered, round-robin or random",
				builder::urlSelection);
		this.settings.apply("url-cool-down", ConnectionProperties::getUrlCoolDown, LayeredSettings.DURATION,
				builder::urlCoolDown);
		this.settings.apply("follow-redirects", ConnectionProperties::getFollowRedirects, "true or false",
				builder::followRedirects);
		this.settings.apply("redirect-headers", ConnectionProperties::getRedirectHeaders,
				"names of header fields, or Sec-WebSocket-Protocol; not Host",
				(names) -> builder.redirectHeaders(StringUtils.toStringArray(names)));
		applyHeaders(builder);
		applyCookies(builder);
		this.settings.apply("origin", ConnectionProperties::getOrigin, "an origin such as https://app.example",
				builder::origin);
		this.settings.apply("subprotocols", ConnectionProperties::getSubprotocols, TOKEN,
				(values) -> builder.subprotocols(StringUtils.toStringArray(values)));
		return builder;
	}

	private WsOptions.Builder urls() {
		for (WsConnectionDetails each : this.details) {
			List<String> urls = each.getUrls(this.settings.name());
			if (!urls.isEmpty()) {
				return urls(each, urls);
			}
		}
		return configuredUrls();
	}

	private WsOptions.Builder urls(WsConnectionDetails details, List<String> urls) {
		try {
			return WsOptions.builder(urls);
		}
		catch (IllegalArgumentException ex) {
			throw new WsConfigurationException(null,
					"The WsConnectionDetails " + details.getClass().getName() + " give the connection 'ws.clients."
							+ this.settings.name() + "' wrong URLs: " + ex.getMessage() + ".",
					"Let its getUrls give URLs such as wss://feed.example/v1, none twice.");
		}
	}

	private WsOptions.Builder configuredUrls() {
		String property = this.settings.clientPrefix() + "url";
		String url = this.settings.client().getUrl();
		List<String> urls = this.settings.client().getUrls();
		String action = "Set '" + property + "' to the URL of the server, such as wss://feed.example/v1.";
		if (!CollectionUtils.isEmpty(urls)) {
			if (StringUtils.hasText(url)) {
				throw WsConfigurationException.invalidProperty(property, "'" + property + "s' is set too",
						"Put all URLs into '" + property + "s', and remove '" + property + "'.");
			}
			property += "s";
			action = "Set '" + property + "' to the URLs of the server, such as wss://feed.example/v1, none twice.";
		}
		else if (StringUtils.hasText(url)) {
			urls = List.of(url);
		}
		else {
			throw WsConfigurationException.invalidProperty(property, "it is missing", action);
		}
		for (String each : urls) {
			LayeredSettings.requireResolved(property, each);
		}
		try {
			return WsOptions.builder(urls);
		}
		catch (IllegalArgumentException ex) {
			throw WsConfigurationException.invalidProperty(property, String.valueOf(ex.getMessage()), action);
		}
	}

	private void applyHeaders(WsOptions.Builder builder) {
		Map<String, List<String>> own = headers(this.settings.client());
		headers(this.settings.defaults()).forEach((header, values) -> {
			if (!own.containsKey(header)) {
				applyHeader("ws.defaults.headers.", builder, header, values);
			}
		});
		own.forEach(
				(header, values) -> applyHeader(this.settings.clientPrefix() + "headers.", builder, header, values));
	}

	private static Map<String, List<String>> headers(ConnectionProperties settings) {
		Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		if (settings.getHeaders() != null) {
			settings.getHeaders()
				.forEach(
						(header, values) -> headers.computeIfAbsent(header, (key) -> new ArrayList<>()).addAll(values));
		}
		return headers;
	}

	private static void applyHeader(String prefix, WsOptions.Builder builder, String header, List<String> values) {
		values.forEach((value) -> LayeredSettings.requireResolved(prefix + header, value));
		try {
			values.forEach((value) -> builder.header(header, value));
		}
		catch (IllegalArgumentException ex) {
			throw WsConfigurationException.invalidProperty(prefix + header, String.valueOf(ex.getMessage()),
					"Correct the name or the value of the header '" + PrintableText.of(header, MAX_SHOWN)
							+ "'; a value is one line of ISO-8859-1 text.");
		}
	}

	private void applyCookies(WsOptions.Builder builder) {
		Map<String, String> own = cookies(this.settings.client());
		Map<String, String> all = cookies(this.settings.defaults());
		all.putAll(own);
		all.forEach((cookie, value) -> {
			String property = (own.containsKey(cookie) ? this.settings.clientPrefix() : "ws.defaults.") + "cookies."
					+ cookie;
			LayeredSettings.requireResolved(property, value);
			try {
				builder.cookie(cookie, value);
			}
			catch (IllegalArgumentException ex) {
				throw WsConfigurationException.invalidProperty(property, String.valueOf(ex.getMessage()),
						"Correct the name or the value of the cookie '" + PrintableText.of(cookie, MAX_SHOWN)
								+ "'; a value has no spaces, quotes, commas and semicolons.");
			}
		});
	}

	private static Map<String, String> cookies(ConnectionProperties settings) {
		return (settings.getCookies() != null) ? new LinkedHashMap<>(settings.getCookies()) : new LinkedHashMap<>();
	}

}

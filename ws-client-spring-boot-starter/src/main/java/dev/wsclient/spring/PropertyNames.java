package dev.wsclient.spring;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of properties by what the core calls its options in texts, so that no text
 * tells the user of a builder. One map for all connections.
 */
final class PropertyNames {

	private static final Map<String, String> KEYS = Map.ofEntries(Map.entry("autoPong", "auto-pong"),
			Map.entry("closeTimeout", "close-timeout"), Map.entry("connectTimeout", "connect-timeout"),
			Map.entry("executorBacklog", "dispatch.queue"), Map.entry("executorBacklogBytes", "dispatch.queue-bytes"),
			Map.entry("followRedirects", "follow-redirects"), Map.entry("handshakeTimeout", "handshake-timeout"),
			Map.entry("keepAliveMessage interval", "keep-alive-message.interval"),
			Map.entry("localAddress", "local-address"), Map.entry("maxFrameSize", "max-frame-size"),
			Map.entry("maxHandshakeSize", "max-handshake-size"), Map.entry("maxMessageSize", "max-message-size"),
			Map.entry("messageTimeout", "message-timeout"), Map.entry("offlinePolicy", "send-buffer.offline"),
			Map.entry("offlineTtl", "send-buffer.offline-ttl"), Map.entry("onOpenMessages", "on-open"),
			Map.entry("pingInterval", "ping.interval"), Map.entry("pingMisses", "ping.misses"),
			Map.entry("pingTimeout", "ping.timeout"), Map.entry("sendBufferCount", "send-buffer.max-count"),
			Map.entry("sendBufferSize", "send-buffer.max-size"), Map.entry("unixSocket", "unix-socket"),
			Map.entry("urlCoolDown", "url-cool-down"), Map.entry("urlSelection", "selection"),
			Map.entry("whenFull", "send-buffer.when-full"), Map.entry("compression minSize", "compression.min-size"),
			Map.entry("initialDelay", "reconnect.initial-delay"),
			Map.entry("reconnect initialDelay", "reconnect.initial-delay"),
			Map.entry("reconnect maxDelay", "reconnect.max-delay"),
			Map.entry("reconnect resetAfter", "reconnect.reset-after"),
			Map.entry("reconnect maxRetryAfter", "reconnect.max-retry-after"),
			Map.entry("reconnect maxAttempts", "reconnect.max-attempts"),
			Map.entry("reconnect maxElapsed", "reconnect.max-elapsed"),
			Map.entry("reconnect stopOn", "reconnect.stop-on"),
			Map.entry("reconnect refusedDelay", "reconnect.refused-delay"),
			Map.entry("refusedDelay", "reconnect.refused-delay"),
			Map.entry("reconnect refusedMaxDelay", "reconnect.refused-max-delay"),
			Map.entry("proxy nonProxyHosts", "proxy.non-proxy-hosts"), Map.entry("timeout of WsProxy", "proxy.timeout"),
			Map.entry("tcp keepAliveCount", "tcp.keep-alive-count"),
			Map.entry("tcp keepAliveIdle", "tcp.keep-alive-idle"),
			Map.entry("tcp keepAliveInterval", "tcp.keep-alive-interval"),
			Map.entry("keepAliveInterval", "tcp.keep-alive-interval"),
			Map.entry("keepAliveCount", "tcp.keep-alive-count"), Map.entry("keepAlive", "tcp.keep-alive"),
			Map.entry("tls handshakeTimeout", "ssl.handshake-timeout"),
			Map.entry("handshakeTimeout of WsTls", "ssl.handshake-timeout"),
			Map.entry("tls serverName", "ssl.server-name"), Map.entry("serverName of WsTls", "ssl.server-name"),
			Map.entry("tls sslContext", "ssl.bundle"), Map.entry("trust of WsTls", "ssl.bundle"),
			Map.entry("key of WsTls", "ssl.bundle"),
			Map.entry("protocols, ciphers and key of WsTls", "ssl.protocols, ssl.ciphers and ssl.bundle"));

	/** What the core gets for all connections. */
	static final Map<String, String> BY_OPTION = withPrefix();

	private static final Pattern OPTION = Pattern.compile(KEYS.keySet()
		.stream()
		.sorted(Comparator.comparing(String::length).reversed())
		.map(Pattern::quote)
		.collect(Collectors.joining("|", "\\b(", ")\\b")));

	private PropertyNames() {
	}

	private static Map<String, String> withPrefix() {
		Map<String, String> names = new TreeMap<>();
		KEYS.forEach((option, key) -> names.put(option, "ws.clients.{name}." + key));
		names.put("url", "ws.clients.{name}.url");
		names.put("proxy", "ws.clients.{name}.proxy");
		names.put("headers", "ws.clients.{name}.headers");
		names.put("reconnect retryDecision", "the retryDecision of a WsOptionsCustomizer");
		return Map.copyOf(names);
	}

	/**
	 * Translates a text about wrong values.
	 * @param text the text as the core has it
	 * @return the text with the keys of properties
	 */
	static String in(String text) {
		return OPTION.matcher(text).replaceAll((MatchResult match) -> KEYS.get(match.group()));
	}

}

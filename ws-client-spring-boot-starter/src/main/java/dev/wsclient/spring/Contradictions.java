package dev.wsclient.spring;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

import dev.wsclient.spring.properties.CompressionProperties;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.DispatchMode;
import dev.wsclient.spring.properties.ProxyProperties;
import dev.wsclient.spring.properties.ReconnectProperties;
import dev.wsclient.spring.properties.TcpProperties;

/**
 * Finds settings that another one leaves without effect, which nobody means. A connection
 * may turn off what the defaults tune; that is no contradiction.
 */
class Contradictions {

	private final LayeredSettings settings;

	Contradictions(LayeredSettings settings) {
		this.settings = settings;
	}

	/**
	 * Refuses the first contradiction.
	 * @throws WsConfigurationException if there is one
	 */
	void check() {
		pings();
		keepAliveMessage();
		reconnect();
		compression();
		tcp();
		proxy();
		dispatch();
		startup();
		oauth2();
		ownOnly();
	}

	private void pings() {
		Switch off = new Switch("ping.interval", (settings) -> (settings.getPing().getInterval() != null)
				? settings.getPing().getInterval().isZero() : null, "is 0, so that no pings are sent");
		refuse(off, "ping.timeout", (settings) -> settings.getPing().getTimeout());
		refuse(off, "ping.misses", (settings) -> settings.getPing().getMisses());
	}

	private void keepAliveMessage() {
		needs("keep-alive-message.text", (settings) -> settings.getKeepAliveMessage().getText(),
				"keep-alive-message.interval", (settings) -> settings.getKeepAliveMessage().getInterval());
		needs("keep-alive-message.interval", (settings) -> settings.getKeepAliveMessage().getInterval(),
				"keep-alive-message.text", (settings) -> settings.getKeepAliveMessage().getText());
	}

	private void reconnect() {
		Switch off = new Switch("reconnect.enabled", (settings) -> not(settings.getReconnect().getEnabled()),
				"is false");
		refuseReconnect(off, "initial-delay", ReconnectProperties::getInitialDelay);
		refuseReconnect(off, "max-delay", ReconnectProperties::getMaxDelay);
		refuseReconnect(off, "multiplier", ReconnectProperties::getMultiplier);
		refuseReconnect(off, "jitter", ReconnectProperties::getJitter);
		refuseReconnect(off, "max-attempts", ReconnectProperties::getMaxAttempts);
		refuseReconnect(off, "max-elapsed", ReconnectProperties::getMaxElapsed);
		refuseReconnect(off, "reset-after", ReconnectProperties::getResetAfter);
		refuseReconnect(off, "max-retry-after", ReconnectProperties::getMaxRetryAfter);
	}

	private void refuseReconnect(Switch off, String property, Function<ReconnectProperties, @Nullable Object> getter) {
		refuse(off, "reconnect." + property, (settings) -> getter.apply(settings.getReconnect()));
	}

	private void compression() {
		Switch off = new Switch("compression.enabled", (settings) -> not(settings.getCompression().getEnabled()),
				"is false");
		refuseCompression(off, "level", CompressionProperties::getLevel);
		refuseCompression(off, "min-size", CompressionProperties::getMinSize);
		refuseCompression(off, "server-no-context-takeover", CompressionProperties::getServerNoContextTakeover);
		refuseCompression(off, "client-no-context-takeover", CompressionProperties::getClientNoContextTakeover);
		refuseCompression(off, "server-max-window-bits", CompressionProperties::getServerMaxWindowBits);
		refuseCompression(off, "client-max-window-bits", CompressionProperties::getClientMaxWindowBits);
	}

	private void refuseCompression(Switch off, String property,
			Function<CompressionProperties, @Nullable Object> getter) {
		refuse(off, "compression." + property, (settings) -> getter.apply(settings.getCompression()));
	}

	private void tcp() {
		Switch off = new Switch("tcp.keep-alive", (settings) -> not(settings.getTcp().getKeepAlive()), "is false");
		refuseTcp(off, "keep-alive-idle", TcpProperties::getKeepAliveIdle);
		refuseTcp(off, "keep-alive-interval", TcpProperties::getKeepAliveInterval);
		refuseTcp(off, "keep-alive-count", TcpProperties::getKeepAliveCount);
	}

	private void refuseTcp(Switch off, String property, Function<TcpProperties, @Nullable Object> getter) {
		refuse(off, "tcp." + property, (settings) -> getter.apply(settings.getTcp()));
	}

	/**
	 * Who sets one of these believes that a proxy is used.
	 */
	private void proxy() {
		needsProxy("port", ProxyProperties::getPort);
		needsProxy("username", ProxyProperties::getUsername);
		needsProxy("password", ProxyProperties::getPassword);
		needsProxy("non-proxy-hosts", ProxyProperties::getNonProxyHosts);
	}

	private void needsProxy(String property, Function<ProxyProperties, @Nullable Object> getter) {
		needs("proxy." + property, (settings) -> getter.apply(settings.getProxy()), "proxy.host",
				(settings) -> settings.getProxy().getHost());
	}

	private void dispatch() {
		Switch eventLoop = mode((each) -> each == DispatchMode.EVENT_LOOP, "is event-loop, where no call waits");
		refuse(eventLoop, "dispatch.queue", (settings) -> settings.getDispatch().getQueue());
		refuse(eventLoop, "dispatch.queue-bytes", (settings) -> settings.getDispatch().getQueueBytes());
		Switch single = mode((each) -> each == DispatchMode.SERIAL || each == DispatchMode.EVENT_LOOP,
				"is neither keyed nor concurrent");
		refuse(single, "dispatch.concurrency", (settings) -> settings.getDispatch().getConcurrency());
		needs("dispatch.concurrency", (settings) -> settings.getDispatch().getConcurrency(), "dispatch.mode",
				(settings) -> settings.getDispatch().getMode());
		DispatchMode mode = this.settings.get((settings) -> settings.getDispatch().getMode());
		if (Boolean.TRUE.equals(this.settings.get((settings) -> settings.getDispatch().getConflate()))) {
			Switch unordered = mode((each) -> each == DispatchMode.CONCURRENT || each == DispatchMode.EVENT_LOOP,
					"is neither serial nor keyed");
			refuse(unordered, "dispatch.conflate", (settings) -> settings.getDispatch().getConflate());
			if (mode != DispatchMode.CONCURRENT && mode != DispatchMode.EVENT_LOOP) {
				needsKey("dispatch.conflate", (settings) -> settings.getDispatch().getConflate());
			}
		}
		else {
			refuse(mode((each) -> each != DispatchMode.KEYED, "is not keyed, and 'dispatch.conflate' not true"),
					"dispatch.key", (settings) -> settings.getDispatch().getKey());
			needs("dispatch.key", (settings) -> settings.getDispatch().getKey(), "dispatch.mode",
					(settings) -> settings.getDispatch().getMode());
		}
		if (mode == DispatchMode.KEYED) {
			needsKey("dispatch.mode", (settings) -> settings.getDispatch().getMode());
		}
	}

	private static Switch mode(Predicate<DispatchMode> off, String reason) {
		return new Switch("dispatch.mode", (settings) -> (settings.getDispatch().getMode() != null)
				? off.test(settings.getDispatch().getMode()) : null, reason);
	}

	private void needsKey(String property, Function<ConnectionProperties, @Nullable Object> getter) {
		if (this.settings.get((settings) -> settings.getDispatch().getKey()) == null) {
			String prefix = this.settings.prefix(getter);
			throw WsConfigurationException.invalidProperty(prefix + property,
					"it needs to know which messages belong together",
					"Set '" + prefix + "dispatch.key' to what they have in common, such as $.symbol.");
		}
	}

	private void startup() {
		Switch off = new Switch("auto-start", (settings) -> not(settings.getAutoStart()), "is false");
		if (Boolean.TRUE.equals(this.settings.get((settings) -> settings.getStartup().getFailFast()))) {
			refuse(off, "startup.fail-fast", (settings) -> settings.getStartup().getFailFast());
		}
	}

	/**
	 * The token takes the place of the header, so that one of the two credentials is not
	 * what the server gets.
	 */
	private void oauth2() {
		Switch on = new Switch("oauth2.registration-id",
				(settings) -> (settings.getOauth2().getRegistrationId() != null)
						? !settings.getOauth2().getRegistrationId().isEmpty() : null,
				"puts its token in this header");
		refuse(on, "headers.Authorization",
				(settings) -> (settings.getHeaders() != null) ? settings.getHeaders()
					.keySet()
					.stream()
					.filter("Authorization"::equalsIgnoreCase)
					.findAny()
					.orElse(null) : null);
	}

	/**
	 * What is harmless in the defaults, as it is for those connections that it fits, but
	 * can't be meant where a connection sets it itself.
	 */
	private void ownOnly() {
		refuseOwn("selection", ConnectionProperties::getSelection, hasOneUrl(), "there is only one URL",
				"set several 'urls'");
		refuseOwn("url-cool-down", ConnectionProperties::getUrlCoolDown, hasOneUrl(), "there is only one URL",
				"set several 'urls'");
		boolean noProxy = this.settings.get((settings) -> settings.getProxy().getHost()) == null;
		refuseOwn("proxy.type", (settings) -> settings.getProxy().getType(), noProxy, "there is no 'proxy.host'",
				"set 'proxy.host'");
		refuseOwn("proxy.timeout", (settings) -> settings.getProxy().getTimeout(), noProxy, "there is no 'proxy.host'",
				"set 'proxy.host'");
		refuseOwn("startup.timeout", (settings) -> settings.getStartup().getTimeout(),
				!Boolean.TRUE.equals(this.settings.get((settings) -> settings.getStartup().getFailFast())),
				"'startup.fail-fast' is not true", "set 'startup.fail-fast' to true");
		refuseOwn("ssl.reconnect-on-update", (settings) -> settings.getSsl().getReconnectOnUpdate(),
				this.settings.get((settings) -> settings.getSsl().getBundle()) == null, "there is no 'ssl.bundle'",
				"set 'ssl.bundle'");
		plainText();
		unixSocket();
	}

	/**
	 * Only the URLs of the properties count: others may be different in each environment.
	 */
	private boolean hasOneUrl() {
		List<String> urls = this.settings.client().getUrls();
		return StringUtils.hasText(this.settings.client().getUrl()) || (urls != null && urls.size() == 1);
	}

	/**
	 * Who sets up TLS must not end up without it unnoticed.
	 */
	private void plainText() {
		boolean redirected = Boolean.TRUE.equals(this.settings.get(ConnectionProperties::getFollowRedirects));
		boolean plain = isPlain() && !redirected;
		String reason = "all URLs start with ws://, so that nothing is encrypted";
		String mend = "write wss:// in the URL";
		refuseOwn("ssl.bundle", (settings) -> settings.getSsl().getBundle(), plain, reason, mend);
		refuseOwn("ssl.server-name", (settings) -> settings.getSsl().getServerName(), plain, reason, mend);
		refuseOwn("ssl.verify-hostname", (settings) -> settings.getSsl().getVerifyHostname(), plain, reason, mend);
		refuseOwn("ssl.pins", (settings) -> settings.getSsl().getPins(), plain, reason, mend);
		refuseOwn("ssl.protocols", (settings) -> settings.getSsl().getProtocols(), plain, reason, mend);
		refuseOwn("ssl.ciphers", (settings) -> settings.getSsl().getCiphers(), plain, reason, mend);
		refuseOwn("ssl.handshake-timeout", (settings) -> settings.getSsl().getHandshakeTimeout(), plain, reason, mend);
		refuseOwn("ssl.provider", (settings) -> settings.getSsl().getProvider(), plain, reason, mend);
	}

	private boolean isPlain() {
		String url = this.settings.client().getUrl();
		List<String> urls = StringUtils.hasText(url) ? List.of(url) : this.settings.client().getUrls();
		return urls != null && !urls.isEmpty()
				&& urls.stream().allMatch((each) -> each.regionMatches(true, 0, "ws://", 0, 5));
	}

	private void unixSocket() {
		boolean local = this.settings.get(ConnectionProperties::getUnixSocket) != null;
		String reason = "'unix-socket' is set, which is no TCP";
		String mend = "remove 'unix-socket'";
		refuseOwn("tcp.no-delay", (settings) -> settings.getTcp().getNoDelay(), local, reason, mend);
		refuseOwn("tcp.keep-alive", (settings) -> settings.getTcp().getKeepAlive(), local, reason, mend);
		refuseOwn("tcp.keep-alive-idle", (settings) -> settings.getTcp().getKeepAliveIdle(), local, reason, mend);
		refuseOwn("tcp.keep-alive-interval", (settings) -> settings.getTcp().getKeepAliveInterval(), local, reason,
				mend);
		refuseOwn("tcp.keep-alive-count", (settings) -> settings.getTcp().getKeepAliveCount(), local, reason, mend);
	}

	private void refuseOwn(String property, Function<ConnectionProperties, @Nullable Object> getter,
			boolean withoutEffect, String reason, String mend) {
		if (withoutEffect && this.settings.isOwn(getter) && this.settings.get(getter) != null) {
			String blamed = this.settings.clientPrefix() + property;
			throw WsConfigurationException.invalidProperty(blamed, "it has no effect, as " + reason,
					"Remove '" + blamed + "', or " + mend + ".");
		}
	}

	private static @Nullable Boolean not(@Nullable Boolean value) {
		return (value != null) ? !value : null;
	}

	private void needs(String property, Function<ConnectionProperties, @Nullable Object> getter, String other,
			Function<ConnectionProperties, @Nullable Object> otherGetter) {
		boolean takenAway = this.settings.isOwn(otherGetter) && !this.settings.isOwn(getter);
		if (this.settings.get(getter) != null && this.settings.get(otherGetter) == null && !takenAway) {
			String prefix = this.settings.prefix(getter);
			throw WsConfigurationException.invalidProperty(prefix + property,
					"it has no effect without '" + other + "'",
					"Set '" + prefix + other + "' too, or remove '" + prefix + property + "'.");
		}
	}

	private void refuse(Switch off, String property, Function<ConnectionProperties, @Nullable Object> getter) {
		boolean overridden = this.settings.isOwn(off.getter()) && !this.settings.isOwn(getter);
		if (this.settings.get(getter) != null && Boolean.TRUE.equals(this.settings.get(off.getter())) && !overridden) {
			String blamed = this.settings.prefix(getter) + property;
			String offProperty = this.settings.prefix(off.getter()) + off.property();
			throw WsConfigurationException.invalidProperty(blamed,
					"it has no effect, as '" + offProperty + "' " + off.reason(),
					"Remove '" + blamed + "', or change '" + offProperty + "'.");
		}
	}

	/**
	 * What turns something off.
	 *
	 * @param property its property
	 * @param getter whether it is off, or {@code null} if it is not set
	 * @param reason what the property says, for messages
	 */
	private record Switch(String property, Function<ConnectionProperties, @Nullable Boolean> getter, String reason) {

	}

}

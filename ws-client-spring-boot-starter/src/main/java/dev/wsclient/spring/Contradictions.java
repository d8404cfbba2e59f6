package dev.wsclient.spring;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

import dev.wsclient.spring.properties.CompressionProperties;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.DispatchMode;
import dev.wsclient.spring.properties.DispatchProperties;
import dev.wsclient.spring.properties.KeepAliveMessageProperties;
import dev.wsclient.spring.properties.PingProperties;
import dev.wsclient.spring.properties.ProxyProperties;
import dev.wsclient.spring.properties.ReconnectProperties;
import dev.wsclient.spring.properties.StartupProperties;
import dev.wsclient.spring.properties.TcpProperties;

/**
 * Finds settings that another one leaves without effect, which nobody means. A connection
 * may turn off what the defaults tune; that is no contradiction.
 */
class Contradictions {

	private static final Group<PingProperties> PING = new Group<>("ping", ConnectionProperties::getPing);

	private static final Group<KeepAliveMessageProperties> KEEP_ALIVE_MESSAGE = new Group<>("keep-alive-message",
			ConnectionProperties::getKeepAliveMessage);

	private static final Group<ReconnectProperties> RECONNECT = new Group<>("reconnect",
			ConnectionProperties::getReconnect);

	private static final Group<CompressionProperties> COMPRESSION = new Group<>("compression",
			ConnectionProperties::getCompression);

	private static final Group<TcpProperties> TCP = new Group<>("tcp", ConnectionProperties::getTcp);

	private static final Group<ProxyProperties> PROXY = new Group<>("proxy", ConnectionProperties::getProxy);

	private static final Group<DispatchProperties> DISPATCH = new Group<>("dispatch",
			ConnectionProperties::getDispatch);

	private static final Group<StartupProperties> STARTUP = new Group<>("startup", ConnectionProperties::getStartup);

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
		refuse(off, PING.setting("timeout", PingProperties::getTimeout));
		refuse(off, PING.setting("misses", PingProperties::getMisses));
	}

	private void keepAliveMessage() {
		Setting text = KEEP_ALIVE_MESSAGE.setting("text", KeepAliveMessageProperties::getText);
		Setting interval = KEEP_ALIVE_MESSAGE.setting("interval", KeepAliveMessageProperties::getInterval);
		needs(text, interval);
		needs(interval, text);
	}

	private void reconnect() {
		Switch off = new Switch("reconnect.enabled", (settings) -> not(settings.getReconnect().getEnabled()),
				"is false");
		refuse(off, RECONNECT.setting("max-attempts", ReconnectProperties::getMaxAttempts));
		reconnect(off);
		reconnect(new Switch("reconnect.max-attempts",
				(settings) -> (settings.getReconnect().getMaxAttempts() != null)
						? settings.getReconnect().getMaxAttempts() == 0 : null,
				"is 0, so that no attempt follows another"));
	}

	private void reconnect(Switch off) {
		refuse(off, RECONNECT.setting("initial-delay", ReconnectProperties::getInitialDelay));
		refuse(off, RECONNECT.setting("max-delay", ReconnectProperties::getMaxDelay));
		refuse(off, RECONNECT.setting("multiplier", ReconnectProperties::getMultiplier));
		refuse(off, RECONNECT.setting("jitter", ReconnectProperties::getJitter));
		refuse(off, RECONNECT.setting("max-elapsed", ReconnectProperties::getMaxElapsed));
		refuse(off, RECONNECT.setting("reset-after", ReconnectProperties::getResetAfter));
		refuse(off, RECONNECT.setting("max-retry-after", ReconnectProperties::getMaxRetryAfter));
		refuse(off, RECONNECT.setting("refused-delay", ReconnectProperties::getRefusedDelay));
		refuse(off, RECONNECT.setting("refused-max-delay", ReconnectProperties::getRefusedMaxDelay));
		// An empty list takes that of the defaults away
		List<Integer> stopOn = this.settings.get((settings) -> settings.getReconnect().getStopOn());
		if (stopOn != null && !stopOn.isEmpty()) {
			refuse(off, RECONNECT.setting("stop-on", ReconnectProperties::getStopOn));
		}
	}

	private void compression() {
		Switch off = new Switch("compression.enabled", (settings) -> not(settings.getCompression().getEnabled()),
				"is false");
		refuse(off, COMPRESSION.setting("level", CompressionProperties::getLevel));
		refuse(off, COMPRESSION.setting("min-size", CompressionProperties::getMinSize));
		refuse(off,
				COMPRESSION.setting("server-no-context-takeover", CompressionProperties::getServerNoContextTakeover));
		refuse(off,
				COMPRESSION.setting("client-no-context-takeover", CompressionProperties::getClientNoContextTakeover));
		refuse(off, COMPRESSION.setting("server-max-window-bits", CompressionProperties::getServerMaxWindowBits));
		refuse(off, COMPRESSION.setting("client-max-window-bits", CompressionProperties::getClientMaxWindowBits));
	}

	private void tcp() {
		Switch off = new Switch("tcp.keep-alive", (settings) -> not(settings.getTcp().getKeepAlive()), "is false");
		refuse(off, TCP.setting("keep-alive-idle", TcpProperties::getKeepAliveIdle));
		refuse(off, TCP.setting("keep-alive-interval", TcpProperties::getKeepAliveInterval));
		refuse(off, TCP.setting("keep-alive-count", TcpProperties::getKeepAliveCount));
	}

	/**
	 * Who sets one of these believes that a proxy is used.
	 */
	private void proxy() {
		needs(PROXY.setting("port", ProxyProperties::getPort), PROXY.setting("host", ProxyProperties::getHost));
		needs(PROXY.setting("username", ProxyProperties::getUsername), PROXY.setting("host", ProxyProperties::getHost));
		needs(PROXY.setting("password", ProxyProperties::getPassword), PROXY.setting("host", ProxyProperties::getHost));
		needs(PROXY.setting("non-proxy-hosts", ProxyProperties::getNonProxyHosts),
				PROXY.setting("host", ProxyProperties::getHost));
	}

	private void dispatch() {
		Setting concurrency = DISPATCH.setting("concurrency", DispatchProperties::getConcurrency);
		Setting conflate = DISPATCH.setting("conflate", DispatchProperties::getConflate);
		Setting key = DISPATCH.setting("key", DispatchProperties::getKey);
		Setting mode = DISPATCH.setting("mode", DispatchProperties::getMode);
		Switch eventLoop = mode((each) -> each == DispatchMode.EVENT_LOOP, "is event-loop, where no call waits");
		refuse(eventLoop, DISPATCH.setting("queue", DispatchProperties::getQueue));
		refuse(eventLoop, DISPATCH.setting("queue-bytes", DispatchProperties::getQueueBytes));
		refuse(mode((each) -> each == DispatchMode.SERIAL || each == DispatchMode.EVENT_LOOP,
				"is neither keyed nor concurrent"), concurrency);
		needs(concurrency, mode);
		DispatchMode effective = this.settings.get((settings) -> settings.getDispatch().getMode());
		if (Boolean.TRUE.equals(this.settings.get(conflate.getter()))) {
			refuse(mode((each) -> each == DispatchMode.CONCURRENT || each == DispatchMode.EVENT_LOOP,
					"is neither serial nor keyed"), conflate);
			if (effective != DispatchMode.CONCURRENT && effective != DispatchMode.EVENT_LOOP) {
				needsKey(conflate, key);
			}
		}
		else {
			refuse(mode((each) -> each != DispatchMode.KEYED, "is not keyed, and 'dispatch.conflate' not true"), key);
			needs(key, mode);
		}
		if (effective == DispatchMode.KEYED) {
			needsKey(mode, key);
		}
	}

	private static Switch mode(Predicate<DispatchMode> off, String reason) {
		return new Switch("dispatch.mode", (settings) -> (settings.getDispatch().getMode() != null)
				? off.test(settings.getDispatch().getMode()) : null, reason);
	}

	private void needsKey(Setting setting, Setting key) {
		if (this.settings.get(key.getter()) == null) {
			String prefix = this.settings.prefix(setting.getter());
			throw WsConfigurationException.invalidProperty(prefix + setting.property(),
					"it needs to know which messages belong together",
					"Set '" + prefix + key.property() + "' to what they have in common, such as $.symbol.");
		}
	}

	private void startup() {
		Switch off = new Switch("auto-start", (settings) -> not(settings.getAutoStart()), "is false");
		Setting failFast = STARTUP.setting("fail-fast", StartupProperties::getFailFast);
		if (Boolean.TRUE.equals(this.settings.get(failFast.getter()))) {
			refuse(off, failFast);
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
		refuse(on,
				new Setting("headers.Authorization",
						(settings) -> (settings.getHeaders() != null) ? settings.getHeaders()
							.keySet()
							.stream()
							.filter("Authorization"::equalsIgnoreCase)
							.findAny()
							.orElse(null) : null));
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

	private void needs(Setting setting, Setting other) {
		boolean takenAway = this.settings.isOwn(other.getter()) && !this.settings.isOwn(setting.getter());
		if (this.settings.get(setting.getter()) != null && this.settings.get(other.getter()) == null && !takenAway) {
			String prefix = this.settings.prefix(setting.getter());
			throw WsConfigurationException.invalidProperty(prefix + setting.property(),
					"it has no effect without '" + other.property() + "'",
					"Set '" + prefix + other.property() + "' too, or remove '" + prefix + setting.property() + "'.");
		}
	}

	private void refuse(Switch off, Setting setting) {
		boolean overridden = this.settings.isOwn(off.getter()) && !this.settings.isOwn(setting.getter());
		if (this.settings.get(setting.getter()) != null && Boolean.TRUE.equals(this.settings.get(off.getter()))
				&& !overridden) {
			String blamed = this.settings.prefix(setting.getter()) + setting.property();
			String offProperty = this.settings.prefix(off.getter()) + off.property();
			throw WsConfigurationException.invalidProperty(blamed,
					"it has no effect, as '" + offProperty + "' " + off.reason(),
					"Remove '" + blamed + "', or change '" + offProperty + "'.");
		}
	}

	/**
	 * Properties with a common prefix.
	 *
	 * @param name the prefix
	 * @param getter where they are bound
	 */
	private record Group<T>(String name, Function<ConnectionProperties, T> getter) {

		Setting setting(String property, Function<T, @Nullable Object> value) {
			return new Setting(this.name + "." + property, (settings) -> value.apply(this.getter.apply(settings)));
		}

	}

	/**
	 * A property.
	 *
	 * @param property its name
	 * @param getter its value, or {@code null} if it is not set
	 */
	private record Setting(String property, Function<ConnectionProperties, @Nullable Object> getter) {

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

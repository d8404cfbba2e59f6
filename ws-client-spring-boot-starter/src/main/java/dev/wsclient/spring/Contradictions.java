package dev.wsclient.spring;

import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

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

	private static @Nullable Boolean not(@Nullable Boolean value) {
		return (value != null) ? !value : null;
	}

	private void needs(String property, Function<ConnectionProperties, @Nullable Object> getter, String other,
			Function<ConnectionProperties, @Nullable Object> otherGetter) {
		if (this.settings.get(getter) != null && this.settings.get(otherGetter) == null) {
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

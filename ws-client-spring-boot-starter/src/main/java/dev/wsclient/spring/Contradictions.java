package dev.wsclient.spring;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.wsclient.spring.WsProperties.Compression;
import dev.wsclient.spring.WsProperties.Proxy;
import dev.wsclient.spring.WsProperties.Reconnect;
import dev.wsclient.spring.WsProperties.Settings;
import dev.wsclient.spring.WsProperties.Tcp;

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
		refuseReconnect(off, "initial-delay", Reconnect::getInitialDelay);
		refuseReconnect(off, "max-delay", Reconnect::getMaxDelay);
		refuseReconnect(off, "multiplier", Reconnect::getMultiplier);
		refuseReconnect(off, "jitter", Reconnect::getJitter);
		refuseReconnect(off, "max-attempts", Reconnect::getMaxAttempts);
		refuseReconnect(off, "max-elapsed", Reconnect::getMaxElapsed);
		refuseReconnect(off, "reset-after", Reconnect::getResetAfter);
		refuseReconnect(off, "max-retry-after", Reconnect::getMaxRetryAfter);
	}

	private void refuseReconnect(Switch off, String property, Function<Reconnect, @Nullable Object> getter) {
		refuse(off, "reconnect." + property, (settings) -> getter.apply(settings.getReconnect()));
	}

	private void compression() {
		Switch off = new Switch("compression.enabled", (settings) -> not(settings.getCompression().getEnabled()),
				"is false");
		refuseCompression(off, "level", Compression::getLevel);
		refuseCompression(off, "min-size", Compression::getMinSize);
		refuseCompression(off, "server-no-context-takeover", Compression::getServerNoContextTakeover);
		refuseCompression(off, "client-no-context-takeover", Compression::getClientNoContextTakeover);
		refuseCompression(off, "server-max-window-bits", Compression::getServerMaxWindowBits);
		refuseCompression(off, "client-max-window-bits", Compression::getClientMaxWindowBits);
	}

	private void refuseCompression(Switch off, String property, Function<Compression, @Nullable Object> getter) {
		refuse(off, "compression." + property, (settings) -> getter.apply(settings.getCompression()));
	}

	private void tcp() {
		Switch off = new Switch("tcp.keep-alive", (settings) -> not(settings.getTcp().getKeepAlive()), "is false");
		refuseTcp(off, "keep-alive-idle", Tcp::getKeepAliveIdle);
		refuseTcp(off, "keep-alive-interval", Tcp::getKeepAliveInterval);
		refuseTcp(off, "keep-alive-count", Tcp::getKeepAliveCount);
	}

	private void refuseTcp(Switch off, String property, Function<Tcp, @Nullable Object> getter) {
		refuse(off, "tcp." + property, (settings) -> getter.apply(settings.getTcp()));
	}

	/**
	 * Who sets one of these believes that a proxy is used.
	 */
	private void proxy() {
		needsProxy("port", Proxy::getPort);
		needsProxy("username", Proxy::getUsername);
		needsProxy("password", Proxy::getPassword);
		needsProxy("non-proxy-hosts", Proxy::getNonProxyHosts);
	}

	private void needsProxy(String property, Function<Proxy, @Nullable Object> getter) {
		needs("proxy." + property, (settings) -> getter.apply(settings.getProxy()), "proxy.host",
				(settings) -> settings.getProxy().getHost());
	}

	private void dispatch() {
		Switch off = new Switch("dispatch.mode",
				(settings) -> (settings.getDispatch().getMode() != null)
						? settings.getDispatch().getMode() == DispatchMode.EVENT_LOOP : null,
				"is event-loop, where no call waits");
		refuse(off, "dispatch.queue", (settings) -> settings.getDispatch().getQueue());
		refuse(off, "dispatch.queue-bytes", (settings) -> settings.getDispatch().getQueueBytes());
	}

	private static @Nullable Boolean not(@Nullable Boolean value) {
		return (value != null) ? !value : null;
	}

	private void needs(String property, Function<Settings, @Nullable Object> getter, String other,
			Function<Settings, @Nullable Object> otherGetter) {
		if (this.settings.get(getter) != null && this.settings.get(otherGetter) == null) {
			String prefix = this.settings.prefix(getter);
			throw WsConfigurationException.invalidProperty(prefix + property,
					"it has no effect without '" + other + "'",
					"Set '" + prefix + other + "' too, or remove '" + prefix + property + "'.");
		}
	}

	private void refuse(Switch off, String property, Function<Settings, @Nullable Object> getter) {
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
	private record Switch(String property, Function<Settings, @Nullable Boolean> getter, String reason) {

	}

}

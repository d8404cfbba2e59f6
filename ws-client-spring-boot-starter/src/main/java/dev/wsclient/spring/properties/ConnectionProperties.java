package dev.wsclient.spring.properties;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.convert.Delimiter;
import org.springframework.util.unit.DataSize;

import dev.wsclient.WsMessage;
import dev.wsclient.options.UrlSelection;

/**
 * Settings that all connections may share.
 *
 * @since 0.1.0
 */
public class ConnectionProperties {

	/**
	 * Header fields added to the opening handshake, each with one or several values.
	 */
	private @Nullable Map<String, List<String>> headers;

	/**
	 * Cookies added to the opening handshake, by their names.
	 */
	private @Nullable Map<String, String> cookies;

	/**
	 * Value of the Origin header of the opening handshake.
	 */
	private @Nullable String origin;

	/**
	 * Subprotocols offered, in order of preference.
	 */
	private @Nullable List<String> subprotocols;

	/**
	 * Which of several URLs an attempt takes.
	 */
	private @Nullable UrlSelection selection;

	/**
	 * Time for which a URL that failed is left out if there are others. Zero for not at
	 * all. In milliseconds if no unit is given.
	 */
	private @Nullable Duration urlCoolDown;

	/**
	 * Whether redirects of the opening handshake are followed, at most 5 in a row.
	 */
	private @Nullable Boolean followRedirects;

	/**
	 * Names of the header fields that a redirect to another origin (scheme, host and
	 * port) takes along; with Sec-WebSocket-Protocol the subprotocols are offered there
	 * too. Nothing else of the headers, cookies and subprotocols goes to another origin.
	 */
	private @Nullable List<String> redirectHeaders;

	/**
	 * Whether to connect when the application has started.
	 */
	private @Nullable Boolean autoStart;

	/**
	 * What the start of the application expects of the connection.
	 */
	@NestedConfigurationProperty
	private final StartupProperties startup = new StartupProperties();

	/**
	 * Time allowed for name resolution, TCP, proxy and TLS. In milliseconds if no unit is
	 * given.
	 */
	private @Nullable Duration connectTimeout;

	/**
	 * Time allowed for the opening handshake. In milliseconds if no unit is given.
	 */
	private @Nullable Duration handshakeTimeout;

	/**
	 * Time allowed for the closing handshake. In milliseconds if no unit is given.
	 */
	private @Nullable Duration closeTimeout;

	/**
	 * Time without a message from the server after which the session is ended, whatever
	 * pings say. Unlimited if zero. In milliseconds if no unit is given.
	 */
	private @Nullable Duration messageTimeout;

	/**
	 * Type of the messages that carry the JSON of what handler methods return.
	 */
	private WsMessage.@Nullable Type messageType;

	/**
	 * What becomes of received messages that wait for their handlers when the application
	 * stops.
	 */
	private @Nullable ShutdownMode shutdown;

	/**
	 * Largest message that is received; a larger one ends the session with close code
	 * 1009. In bytes if no unit is given.
	 */
	private @Nullable DataSize maxMessageSize;

	/**
	 * Largest frame that is received, as it is on the wire; a larger one ends the session
	 * with close code 1009. Limited by the size of messages only if not set. In bytes if
	 * no unit is given.
	 */
	private @Nullable DataSize maxFrameSize;

	/**
	 * Largest status line and header section of the opening handshake that is received.
	 * In bytes if no unit is given.
	 */
	private @Nullable DataSize maxHandshakeSize;

	/**
	 * Text messages that are sent first in every session, such as a log-in or
	 * subscriptions.
	 */
	@Delimiter(Delimiter.NONE)
	private @Nullable List<String> onOpen;

	/**
	 * Keep-alive pings.
	 */
	@NestedConfigurationProperty
	private final PingProperties ping = new PingProperties();

	/**
	 * Text message sent in fixed intervals while a session is open.
	 */
	@NestedConfigurationProperty
	private final KeepAliveMessageProperties keepAliveMessage = new KeepAliveMessageProperties();

	/**
	 * Whether pings of the server are answered. If not, call pong in a handler method of
	 * pings.
	 */
	private @Nullable Boolean autoPong;

	/**
	 * Reconnecting after a failed attempt or a session that ended.
	 */
	@NestedConfigurationProperty
	private final ReconnectProperties reconnect = new ReconnectProperties();

	/**
	 * Messages that wait for being written.
	 */
	@NestedConfigurationProperty
	private final SendBufferProperties sendBuffer = new SendBufferProperties();

	/**
	 * Compression of messages by permessage-deflate.
	 */
	@NestedConfigurationProperty
	private final CompressionProperties compression = new CompressionProperties();

	/**
	 * TLS.
	 */
	@NestedConfigurationProperty
	private final SslProperties ssl = new SslProperties();

	/**
	 * OAuth2 of the opening handshake.
	 */
	@NestedConfigurationProperty
	private final OAuth2Properties oauth2 = new OAuth2Properties();

	/**
	 * Proxy through which the server is reached.
	 */
	@NestedConfigurationProperty
	private final ProxyProperties proxy = new ProxyProperties();

	/**
	 * TCP socket.
	 */
	@NestedConfigurationProperty
	private final TcpProperties tcp = new TcpProperties();

	/**
	 * Address of this machine to connect from. Chosen by the system if not set.
	 */
	private @Nullable InetAddress localAddress;

	/**
	 * Path of a unix domain socket to connect to in place of the URL's host and port.
	 */
	private @Nullable String unixSocket;

	/**
	 * Calls of handler methods.
	 */
	@NestedConfigurationProperty
	private final DispatchProperties dispatch = new DispatchProperties();

	/**
	 * What follows when a handler method of messages or of the opening fails.
	 */
	@NestedConfigurationProperty
	private final HandlerErrorsProperties handlerErrors = new HandlerErrorsProperties();

	/**
	 * Health of the connection.
	 */
	@NestedConfigurationProperty
	private final HealthProperties health = new HealthProperties();

	public @Nullable Map<String, List<String>> getHeaders() {
		return this.headers;
	}

	public void setHeaders(@Nullable Map<String, List<String>> headers) {
		this.headers = headers;
	}

	public @Nullable Map<String, String> getCookies() {
		return this.cookies;
	}

	public void setCookies(@Nullable Map<String, String> cookies) {
		this.cookies = cookies;
	}

	public @Nullable String getOrigin() {
		return this.origin;
	}

	public void setOrigin(@Nullable String origin) {
		this.origin = origin;
	}

	public @Nullable List<String> getSubprotocols() {
		return this.subprotocols;
	}

	public void setSubprotocols(@Nullable List<String> subprotocols) {
		this.subprotocols = subprotocols;
	}

	public @Nullable UrlSelection getSelection() {
		return this.selection;
	}

	public void setSelection(@Nullable UrlSelection selection) {
		this.selection = selection;
	}

	public @Nullable Duration getUrlCoolDown() {
		return this.urlCoolDown;
	}

	public void setUrlCoolDown(@Nullable Duration urlCoolDown) {
		this.urlCoolDown = urlCoolDown;
	}

	public @Nullable Boolean getFollowRedirects() {
		return this.followRedirects;
	}

	public void setFollowRedirects(@Nullable Boolean followRedirects) {
		this.followRedirects = followRedirects;
	}

	public @Nullable List<String> getRedirectHeaders() {
		return this.redirectHeaders;
	}

	public void setRedirectHeaders(@Nullable List<String> redirectHeaders) {
		this.redirectHeaders = redirectHeaders;
	}

	public @Nullable Boolean getAutoStart() {
		return this.autoStart;
	}

	public void setAutoStart(@Nullable Boolean autoStart) {
		this.autoStart = autoStart;
	}

	public StartupProperties getStartup() {
		return this.startup;
	}

	public @Nullable Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(@Nullable Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public @Nullable Duration getHandshakeTimeout() {
		return this.handshakeTimeout;
	}

	public void setHandshakeTimeout(@Nullable Duration handshakeTimeout) {
		this.handshakeTimeout = handshakeTimeout;
	}

	public @Nullable Duration getCloseTimeout() {
		return this.closeTimeout;
	}

	public void setCloseTimeout(@Nullable Duration closeTimeout) {
		this.closeTimeout = closeTimeout;
	}

	public @Nullable Duration getMessageTimeout() {
		return this.messageTimeout;
	}

	public void setMessageTimeout(@Nullable Duration messageTimeout) {
		this.messageTimeout = messageTimeout;
	}

	public @Nullable ShutdownMode getShutdown() {
		return this.shutdown;
	}

	public void setShutdown(@Nullable ShutdownMode shutdown) {
		this.shutdown = shutdown;
	}

	public WsMessage.@Nullable Type getMessageType() {
		return this.messageType;
	}

	public void setMessageType(WsMessage.@Nullable Type messageType) {
		this.messageType = messageType;
	}

	public @Nullable DataSize getMaxMessageSize() {
		return this.maxMessageSize;
	}

	public void setMaxMessageSize(@Nullable DataSize maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	public @Nullable DataSize getMaxFrameSize() {
		return this.maxFrameSize;
	}

	public void setMaxFrameSize(@Nullable DataSize maxFrameSize) {
		this.maxFrameSize = maxFrameSize;
	}

	public @Nullable DataSize getMaxHandshakeSize() {
		return this.maxHandshakeSize;
	}

	public void setMaxHandshakeSize(@Nullable DataSize maxHandshakeSize) {
		this.maxHandshakeSize = maxHandshakeSize;
	}

	public @Nullable List<String> getOnOpen() {
		return this.onOpen;
	}

	public void setOnOpen(@Nullable List<String> onOpen) {
		this.onOpen = onOpen;
	}

	public PingProperties getPing() {
		return this.ping;
	}

	public KeepAliveMessageProperties getKeepAliveMessage() {
		return this.keepAliveMessage;
	}

	public @Nullable Boolean getAutoPong() {
		return this.autoPong;
	}

	public void setAutoPong(@Nullable Boolean autoPong) {
		this.autoPong = autoPong;
	}

	public ReconnectProperties getReconnect() {
		return this.reconnect;
	}

	public SendBufferProperties getSendBuffer() {
		return this.sendBuffer;
	}

	public CompressionProperties getCompression() {
		return this.compression;
	}

	public SslProperties getSsl() {
		return this.ssl;
	}

	public OAuth2Properties getOauth2() {
		return this.oauth2;
	}

	public ProxyProperties getProxy() {
		return this.proxy;
	}

	public TcpProperties getTcp() {
		return this.tcp;
	}

	public @Nullable InetAddress getLocalAddress() {
		return this.localAddress;
	}

	public void setLocalAddress(@Nullable InetAddress localAddress) {
		this.localAddress = localAddress;
	}

	public @Nullable String getUnixSocket() {
		return this.unixSocket;
	}

	public void setUnixSocket(@Nullable String unixSocket) {
		this.unixSocket = unixSocket;
	}

	public DispatchProperties getDispatch() {
		return this.dispatch;
	}

	public HandlerErrorsProperties getHandlerErrors() {
		return this.handlerErrors;
	}

	public HealthProperties getHealth() {
		return this.health;
	}

}

package dev.wsclient.spring;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/**
 * The beans that take part in making the options of connections.
 *
 * @param sslBundles the SSL bundles, or {@code null} without any
 * @param details know URLs, in order
 * @param tokens gives bearer tokens, or {@code null} without an OAuth2 client
 * @param optionsCustomizers change options, in order
 * @param handshakeCustomizers change opening handshakes, in order
 * @param recoverers names of the beans that recover from failures of handlers
 */
record OptionsBeans(@Nullable SslBundles sslBundles, List<WsConnectionDetails> details, @Nullable BearerTokens tokens,
		List<WsOptionsCustomizer> optionsCustomizers, List<WsHandshakeCustomizer> handshakeCustomizers,
		List<String> recoverers) {

}

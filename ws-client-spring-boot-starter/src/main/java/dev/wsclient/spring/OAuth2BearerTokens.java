package dev.wsclient.spring;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;

/**
 * Gets tokens from Spring Security's OAuth2 client. It keeps them until they expire; one
 * that the server refused is forgotten. The principal is the connection, so that each has
 * its own token. Asking the token endpoint blocks, which threads of its own do.
 */
class OAuth2BearerTokens implements BearerTokens {

	private final ClientRegistrationRepository registrations;

	private final OAuth2AuthorizedClientService clients;

	private final @Nullable AuthorizedClientServiceOAuth2AuthorizedClientManager usersManager;

	private final Supplier<Executor> executors;

	/** One for each registration, so that a slow token endpoint holds up no other. */
	private final Map<String, Executor> executorOf = new ConcurrentHashMap<>();

	/**
	 * Creates a source of tokens.
	 * @param registrations knows the token endpoints
	 * @param clients keeps the tokens
	 * @param usersManager asks for tokens, or {@code null} for one of client credentials
	 * @param executors makes what runs the blocking requests of one registration
	 */
	OAuth2BearerTokens(ClientRegistrationRepository registrations, OAuth2AuthorizedClientService clients,
			@Nullable AuthorizedClientServiceOAuth2AuthorizedClientManager usersManager, Supplier<Executor> executors) {
		this.registrations = registrations;
		this.clients = clients;
		this.usersManager = usersManager;
		this.executors = executors;
	}

	@Override
	public WsHandshakeCustomizer customizer(String registrationId) {
		ClientRegistration registration = this.registrations.findByRegistrationId(registrationId);
		if (registration == null) {
			throw new IllegalArgumentException("there is no OAuth2 client registration '" + registrationId + "'");
		}
		AuthorizationGrantType grant = registration.getAuthorizationGrantType();
		if (this.usersManager == null && !AuthorizationGrantType.CLIENT_CREDENTIALS.equals(grant)) {
			throw new IllegalArgumentException("the OAuth2 client registration '" + registrationId
					+ "' is for the grant type " + grant.getValue() + ", which needs a user at the browser or a bean "
					+ "of type AuthorizedClientServiceOAuth2AuthorizedClientManager");
		}
		AuthorizedClientServiceOAuth2AuthorizedClientManager manager = manager();
		Executor executor = this.executorOf.computeIfAbsent(registrationId, (id) -> this.executors.get());
		return (name, request, attempt) -> CompletableFuture.supplyAsync(
				() -> request.withBearerToken(token(manager, registrationId, name, attempt.credentialsRefused())),
				executor);
	}

	/**
	 * Made for connections that ask for tokens only, as it needs an HTTP client and JSON,
	 * which may not be there.
	 */
	private AuthorizedClientServiceOAuth2AuthorizedClientManager manager() {
		return (this.usersManager != null) ? this.usersManager
				: new AuthorizedClientServiceOAuth2AuthorizedClientManager(this.registrations, this.clients);
	}

	private String token(AuthorizedClientServiceOAuth2AuthorizedClientManager manager, String registrationId,
			String principal, boolean refused) {
		if (refused) {
			this.clients.removeAuthorizedClient(registrationId, principal);
		}
		OAuth2AuthorizedClient client = manager
			.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(registrationId).principal(principal).build());
		if (client == null) {
			throw new IllegalStateException(
					"the OAuth2 client registration '" + registrationId + "' gives no token without a user");
		}
		return client.getAccessToken().getTokenValue();
	}

}

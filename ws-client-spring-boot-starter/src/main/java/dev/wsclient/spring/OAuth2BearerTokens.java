package dev.wsclient.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;

import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier;

/**
 * Gets tokens from Spring Security's OAuth2 client. It keeps them until they expire; one
 * that the server refused is forgotten. The principal is the connection, so that each has
 * its own token. As asking the token endpoint blocks, an executor does it.
 */
class OAuth2BearerTokens implements BearerTokens {

	private final OptionalBean<ClientRegistrationRepository> registrations;

	private final OptionalBean<OAuth2AuthorizedClientService> clients;

	private final @Nullable AuthorizedClientServiceOAuth2AuthorizedClientManager usersManager;

	private final Executor executor;

	/**
	 * Creates a source of tokens.
	 * @param registrations knows the token endpoints
	 * @param clients keeps the tokens
	 * @param usersManager asks for tokens, or {@code null} for one of client credentials
	 * @param executor runs what blocks
	 */
	OAuth2BearerTokens(OptionalBean<ClientRegistrationRepository> registrations,
			OptionalBean<OAuth2AuthorizedClientService> clients,
			@Nullable AuthorizedClientServiceOAuth2AuthorizedClientManager usersManager, Executor executor) {
		this.registrations = registrations;
		this.clients = clients;
		this.usersManager = usersManager;
		this.executor = executor;
	}

	@Override
	public Source source(String registrationId, String client) {
		ClientRegistrationRepository registrations = this.registrations.require();
		OAuth2AuthorizedClientService clients = this.clients.require();
		ClientRegistration registration = registrations.findByRegistrationId(registrationId);
		if (registration == null) {
			throw new IllegalArgumentException("there is no OAuth2 client registration '" + registrationId + "'");
		}
		AuthorizationGrantType grant = registration.getAuthorizationGrantType();
		if (this.usersManager == null && !AuthorizationGrantType.CLIENT_CREDENTIALS.equals(grant)) {
			throw new IllegalArgumentException("the OAuth2 client registration '" + registrationId
					+ "' is for the grant type " + grant.getValue() + ", which needs a user at the browser or a bean "
					+ "of type AuthorizedClientServiceOAuth2AuthorizedClientManager");
		}
		return new ConnectionToken(manager(registrations, clients), clients, registrationId, client, this.executor);
	}

	/**
	 * Made for connections that ask for tokens only, as it needs an HTTP client and JSON,
	 * which may not be there.
	 */
	private AuthorizedClientServiceOAuth2AuthorizedClientManager manager(ClientRegistrationRepository registrations,
			OAuth2AuthorizedClientService clients) {
		return (this.usersManager != null) ? this.usersManager
				: new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, clients);
	}

	/**
	 * The token of one connection.
	 */
	private static final class ConnectionToken implements Source {

		private final AuthorizedClientServiceOAuth2AuthorizedClientManager manager;

		private final OAuth2AuthorizedClientService clients;

		private final String registrationId;

		private final String client;

		private final Executor executor;

		private volatile boolean forgotten;

		ConnectionToken(AuthorizedClientServiceOAuth2AuthorizedClientManager manager,
				OAuth2AuthorizedClientService clients, String registrationId, String client, Executor executor) {
			this.manager = manager;
			this.clients = clients;
			this.registrationId = registrationId;
			this.client = client;
			this.executor = executor;
		}

		@Override
		public CompletionStage<WsHandshakeRequest> customize(String name, WsHandshakeRequest request,
				WsHandshakeSupplier.Attempt attempt) {
			return CompletableFuture.supplyAsync(() -> request.withBearerToken(token(attempt.credentialsRefused())),
					this.executor);
		}

		private String token(boolean refused) {
			if (refused) {
				remove();
			}
			OAuth2AuthorizedClient authorized = this.manager
				.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(this.registrationId)
					.principal(this.client)
					.build());
			if (this.forgotten) {
				remove();
			}
			if (authorized == null) {
				throw new IllegalStateException(
						"the OAuth2 client registration '" + this.registrationId + "' gives no token without a user");
			}
			return authorized.getAccessToken().getTokenValue();
		}

		/**
		 * The service may keep tokens in a database, so this is no work for an event
		 * loop.
		 */
		@Override
		public void forget() {
			this.forgotten = true;
			try {
				this.executor.execute(this::remove);
			}
			catch (RejectedExecutionException ex) {
				// The application is being stopped
			}
		}

		private void remove() {
			this.clients.removeAuthorizedClient(this.registrationId, this.client);
		}

	}

}

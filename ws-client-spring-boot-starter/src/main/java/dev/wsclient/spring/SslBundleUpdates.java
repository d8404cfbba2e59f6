package dev.wsclient.spring;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;

/**
 * Tells connections of updates of their SSL bundles. The next attempt of each uses the
 * new bundle anyhow; those that want to are made to connect again at once.
 */
class SslBundleUpdates {

	private static final Logger logger = LoggerFactory.getLogger(SslBundleUpdates.class);

	private final @Nullable SslBundles bundles;

	/** By the names of bundles. */
	private final Map<String, Set<Follower>> followers = new ConcurrentHashMap<>();

	SslBundleUpdates(@Nullable SslBundles bundles) {
		this.bundles = bundles;
	}

	/**
	 * Begins to tell a connection.
	 * @param bundle the name of its bundle, or {@code null} if it has none
	 * @param connection the connection
	 * @param reconnect whether an update replaces its session
	 * @return ends it
	 */
	Runnable follow(@Nullable String bundle, WsConnection connection, boolean reconnect) {
		if (bundle == null || this.bundles == null) {
			return () -> {
			};
		}
		Follower follower = new Follower(connection, reconnect);
		Set<Follower> followers = this.followers.computeIfAbsent(bundle, this::register);
		followers.add(follower);
		return () -> followers.remove(follower);
	}

	/**
	 * A handler can't be taken back, so there is one for each bundle, and it stays.
	 */
	private Set<Follower> register(String bundle) {
		if (this.bundles != null) {
			this.bundles.addBundleUpdateHandler(bundle, (updated) -> updated(bundle));
		}
		return ConcurrentHashMap.newKeySet();
	}

	private void updated(String bundle) {
		for (Follower follower : this.followers.getOrDefault(bundle, Set.of())) {
			WsState state = follower.connection().state();
			boolean reconnects = follower.reconnect() && (state == WsState.OPEN || state == WsState.CONNECTING);
			logger.info("Connection '{}': the SSL bundle '{}' was updated, {}", follower.connection().name(), bundle,
					reconnects ? "connecting again" : "the next attempt uses it");
			if (reconnects) {
				follower.connection().reconnect(Duration.ZERO);
			}
		}
	}

	/**
	 * Who uses a bundle.
	 *
	 * @param connection the connection
	 * @param reconnect whether an update replaces its session
	 */
	private record Follower(WsConnection connection, boolean reconnect) {

	}

}

package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.PrintableText;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.exception.WsException;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier;
import dev.wsclient.options.WsHandshakeSupplier.Attempt;
import dev.wsclient.options.WsOptions;

/**
 * How an attempt gets to its session: the request it makes, and whether the server's
 * answer leads to another request. Event loop only.
 */
final class Opening {

	private static final int MAX_REDIRECTS = 5;

	private static final int UNAUTHORIZED = 401;

	private static final int MAX_SHOWN_URI = 1000;

	private final Lifecycle lifecycle;

	private final CurrentSession session;

	private final WsOptions options;

	private final Scheduler scheduler;

	private final Transport transport;

	private final URI uri;

	private final int attempts;

	/**
	 * How the last attempt or session ended, or the last request of this attempt.
	 */
	private @Nullable WsException lastEnd;

	private boolean preparing;

	private boolean renewed;

	private int redirects;

	private final RedirectCookies cookies = new RedirectCookies();

	/**
	 * Whether a redirect led to another origin, which nothing of the user's is meant for
	 * but what is allowed: also if the next one leads back, for by then that origin chose
	 * the URL.
	 */
	private boolean foreign;

	/**
	 * The newest request, without what the observer adds; {@code null} until it is
	 * prepared.
	 */
	private @Nullable WsHandshakeRequest request;

	Opening(Lifecycle lifecycle, CurrentSession session, WsOptions options, Scheduler scheduler, Transport transport,
			URI uri, int attempts, @Nullable WsException lastEnd) {
		this.lifecycle = lifecycle;
		this.session = session;
		this.options = options;
		this.scheduler = scheduler;
		this.transport = transport;
		this.uri = uri;
		this.attempts = attempts;
		this.lastEnd = lastEnd;
	}

	void start() {
		this.foreign = false;
		this.cookies.clear();
		WsHandshakeRequest request = new WsHandshakeRequest(this.uri, this.options.headers(),
				this.options.subprotocols());
		WsHandshakeSupplier supplier = this.options.handshakeSupplier().orElse(null);
		if (supplier == null) {
			open(request);
			return;
		}
		this.preparing = true;
		this.session.onPreparing();
		this.lifecycle.onPreparing();
		// A closed client has no attempt any more
		supply(supplier, request)
			.whenComplete((supplied, error) -> this.scheduler.tryExecute(() -> onSupplied(supplied, error)));
	}

	private CompletionStage<@Nullable WsHandshakeRequest> supply(WsHandshakeSupplier supplier,
			WsHandshakeRequest request) {
		try {
			return supplier.supply(request, new Attempt(this.attempts, this.renewed, this.lastEnd))
				.thenApply((supplied) -> supplied);
		}
		// Whatever user code throws must not end the loop
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void onSupplied(@Nullable WsHandshakeRequest supplied, @Nullable Throwable error) {
		if (!this.preparing) {
			return;
		}
		this.preparing = false;
		if (supplied != null) {
			open(supplied);
			return;
		}
		Throwable cause = (error instanceof CompletionException && error.getCause() != null) ? error.getCause() : error;
		abort(new Failure.Network((cause != null) ? "the handshake supplier failed: " + PrintableText.of(cause)
				: "the handshake supplier gave null instead of a request", cause));
	}

	private void open(WsHandshakeRequest request) {
		this.request = request;
		WsHandshakeRequest sent = this.cookies.addTo(request, this.session.now());
		this.session.onStarted(PrintableText.of(request.redactedUri(), MAX_SHOWN_URI), this.foreign
				? this.transport.open(this.scheduler, sent, foreignOptions(), this.session)
				: this.transport.open(this.scheduler, this.lifecycle.observed(sent), this.options, this.session));
		this.lifecycle.onConnecting();
	}

	private WsOptions foreignOptions() {
		return this.options.toBuilder().tls(() -> Redirects.foreign(this.options.tls())).build();
	}

	/**
	 * Ends the attempt before there is a session.
	 */
	void abort(@Nullable Failure failure) {
		this.preparing = false;
		this.session.onEnd(new SessionEnd(CloseStatus.ABNORMAL, Initiator.CLIENT, false, failure));
	}

	/**
	 * Makes another request if the end of this one asks for it.
	 * @return {@code null} if another request is under way, or else how the attempt ended
	 */
	@Nullable SessionEnd next(SessionEnd end) {
		if (!(end.failure() instanceof Failure.Handshake answer) || this.request == null) {
			return end;
		}
		if (answer.statusCode() == UNAUTHORIZED && this.options.handshakeSupplier().isPresent() && !this.renewed) {
			this.renewed = true;
			this.lastEnd = this.lifecycle.causeOf(end, this.session, true);
			start();
			return null;
		}
		if (!this.options.followRedirects() || !Redirects.isRedirect(answer)) {
			return end;
		}
		try {
			if (this.redirects == MAX_REDIRECTS) {
				throw new IllegalArgumentException("it is the " + (MAX_REDIRECTS + 1) + "th in a row");
			}
			WsHandshakeRequest redirected = Redirects.follow(this.request, answer, this.options.redirectHeaders());
			if (Redirects.isSameOrigin(this.request, redirected)) {
				this.cookies.store(this.request, answer.headers());
			}
			else {
				leaveOrigin();
			}
			this.redirects++;
			open(redirected);
			return null;
		}
		catch (IllegalArgumentException ex) {
			return new SessionEnd(end.status(), end.initiator(), end.clean(),
					new Failure.Handshake(
							"the redirect (status " + answer.statusCode() + ") is not followed: " + ex.getMessage(),
							answer.statusCode(), answer.headers(), answer.body()));
		}
	}

	private void leaveOrigin() {
		if (this.options.unixSocket().isPresent()) {
			throw new IllegalArgumentException(
					"it leads to another origin, which is not behind the unix domain socket");
		}
		this.foreign = true;
		this.cookies.clear();
	}

}

package dev.wsclient.spring;

import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

import dev.wsclient.options.WsTls;

/**
 * Options of TLS with an SSL bundle as it is at the moment. They are made anew only when
 * the bundle has changed, so that TLS sessions are resumed.
 */
class SslBundleTls implements Supplier<WsTls> {

	private final Supplier<SslBundle> bundle;

	private final Function<SslBundle, WsTls> factory;

	private volatile @Nullable Current current;

	/**
	 * Creates options.
	 * @param bundle gives the bundle, the same object unless it has changed
	 * @param factory makes the options of a bundle
	 */
	SslBundleTls(Supplier<SslBundle> bundle, Function<SslBundle, WsTls> factory) {
		this.bundle = bundle;
		this.factory = factory;
	}

	@Override
	public WsTls get() {
		SslBundle bundle = this.bundle.get();
		Current current = this.current;
		if (current == null || current.bundle() != bundle) {
			current = new Current(bundle, this.factory.apply(bundle));
			this.current = current;
		}
		return current.tls();
	}

	/**
	 * What was made last.
	 *
	 * @param bundle the bundle
	 * @param tls its options
	 */
	private record Current(SslBundle bundle, WsTls tls) {

	}

}

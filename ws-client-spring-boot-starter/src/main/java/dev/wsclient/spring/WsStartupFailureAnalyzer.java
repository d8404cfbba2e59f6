package dev.wsclient.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells which connection did not open, why, and how to start nevertheless.
 */
class WsStartupFailureAnalyzer extends AbstractFailureAnalyzer<WsStartupException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WsStartupException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"See whether the server can be reached from here, and mend what the last error says. To give it more "
						+ "time set 'startup.timeout' of the connection; to start without it set 'startup.fail-fast' "
						+ "to false.",
				cause);
	}

}

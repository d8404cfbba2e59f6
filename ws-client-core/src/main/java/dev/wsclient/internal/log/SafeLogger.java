package dev.wsclient.internal.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LocationAwareLogger;

/**
 * A logger that never throws, the only kind that this module uses: a line is no reason to
 * end an event loop or a connection. The logging backend asks a throwable for its
 * message, its causes and its stack trace, which is code of the application, and runs
 * appenders, filters and layouts, which may be too. If a line with a throwable fails, it
 * is written with a stand-in for it; if that fails too, it is lost.
 */
public final class SafeLogger extends LegacyAbstractLogger {

	private static final long serialVersionUID = 1;

	private static final String CALLER = AbstractLogger.class.getName();

	private static final Object[] NONE = {};

	private final transient Logger backend;

	SafeLogger(Logger backend) {
		this.backend = backend;
		this.name = backend.getName();
	}

	/**
	 * Returns the logger of a type.
	 * @param type the type
	 * @return its logger
	 */
	public static Logger of(Class<?> type) {
		return new SafeLogger(LoggerFactory.getLogger(type));
	}

	/**
	 * Returns the logger of a name.
	 * @param name the name
	 * @return its logger
	 */
	public static Logger of(String name) {
		return new SafeLogger(LoggerFactory.getLogger(name));
	}

	@Override
	protected @Nullable String getFullyQualifiedCallerName() {
		return CALLER;
	}

	@Override
	public boolean isTraceEnabled() {
		return isEnabled(Level.TRACE);
	}

	@Override
	public boolean isDebugEnabled() {
		return isEnabled(Level.DEBUG);
	}

	@Override
	public boolean isInfoEnabled() {
		return isEnabled(Level.INFO);
	}

	@Override
	public boolean isWarnEnabled() {
		return isEnabled(Level.WARN);
	}

	@Override
	public boolean isErrorEnabled() {
		return isEnabled(Level.ERROR);
	}

	private boolean isEnabled(Level level) {
		try {
			return this.backend.isEnabledForLevel(level);
		}
		// A filter of the backend may be the application's
		catch (Throwable ex) {
			return false;
		}
	}

	@Override
	protected void handleNormalizedLoggingCall(Level level, @Nullable Marker marker, String format,
			Object @Nullable [] arguments, @Nullable Throwable thrown) {
		Throwable printable = (thrown == null || Thrown.isBounded(thrown)) ? thrown : Thrown.printable(thrown);
		if (!write(level, marker, format, arguments, printable) && thrown != null) {
			write(level, marker, format, arguments, Thrown.printable(thrown));
		}
	}

	private boolean write(Level level, @Nullable Marker marker, String format, Object @Nullable [] arguments,
			@Nullable Throwable thrown) {
		try {
			if (this.backend instanceof LocationAwareLogger aware) {
				aware.log(marker, CALLER, level.toInt(), format, arguments, thrown);
			}
			else {
				this.backend.atLevel(level).setCause(thrown).log(format, (arguments != null) ? arguments : NONE);
			}
			return true;
		}
		catch (Throwable ex) {
			return false;
		}
	}

}

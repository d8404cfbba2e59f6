package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Collectors;

import dev.wsclient.WsConnection;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsException;

/**
 * A payload doesn't satisfy the constraints of a handler method's parameter that is
 * {@code @Valid} or {@code @Validated}. Places and constraints are named, never values,
 * which may be secret. The connection goes on.
 *
 * @since 0.1.0
 */
public class WsMessageValidationException extends WsException {

	private final transient Method method;

	private final transient List<Violation> violations;

	/**
	 * Creates an error.
	 * @param connection the connection
	 * @param handler the handler method
	 * @param size the size of the message in bytes
	 * @param violations what is wrong
	 */
	WsMessageValidationException(WsConnection connection, HandlerMethod handler, int size, List<Violation> violations) {
		super(new ErrorContext(connection.name(), connection.uri(), Phase.OPEN, false),
				"a message of " + size + " bytes for " + handler + " is not valid: "
						+ violations.stream().map(Violation::toString).collect(Collectors.joining(", ")),
				null);
		this.method = handler.method();
		this.violations = List.copyOf(violations);
	}

	/**
	 * Returns the handler method.
	 * @return the method
	 */
	public Method method() {
		return this.method;
	}

	/**
	 * Returns what is wrong.
	 * @return at least one, in order of their paths
	 */
	public List<Violation> violations() {
		return this.violations;
	}

	/**
	 * A constraint that is not satisfied.
	 *
	 * @param path where: properties from the payload on, such as {@code order.items[2]};
	 * {@code [*]} stands for any entry of a map or set; empty for the payload itself
	 * @param constraint the simple name of the constraint, such as {@code NotBlank}
	 */
	public record Violation(String path, String constraint) {

		@Override
		public String toString() {
			return (this.path.isEmpty() ? "the payload" : this.path) + " (@" + this.constraint + ")";
		}

	}

}

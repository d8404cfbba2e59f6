package dev.wsclient.spring;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.expression.AccessException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;

import dev.wsclient.WsMessage;

/**
 * The properties of a message in expressions, and the fields of its JSON. A field that is
 * not there is {@code null}, and so are its own fields: feeds leave fields out.
 */
class MessagePropertyAccessor implements PropertyAccessor {

	static final List<String> NAMES = List.of("message", "text", "json", "connection");

	private final @Nullable JsonCodec json;

	MessagePropertyAccessor(@Nullable JsonCodec json) {
		this.json = json;
	}

	@Override
	public Class<?> @Nullable [] getSpecificTargetClasses() {
		return null;
	}

	@Override
	public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
		return target == null || target instanceof Map || (target instanceof WsHandlerEvent && NAMES.contains(name));
	}

	@Override
	public TypedValue read(EvaluationContext context, @Nullable Object target, String name) throws AccessException {
		if (target instanceof WsHandlerEvent event) {
			return new TypedValue(read(event, name));
		}
		return (target instanceof Map<?, ?> map) ? new TypedValue(map.get(name)) : TypedValue.NULL;
	}

	private @Nullable Object read(WsHandlerEvent event, String name) throws AccessException {
		WsMessage message = Objects.requireNonNull(event.message());
		return switch (name) {
			case "message" -> message;
			case "text" -> message.isText() ? message.text() : null;
			case "json" -> json(event);
			default -> event.connection();
		};
	}

	private @Nullable Object json(WsHandlerEvent event) throws AccessException {
		if (this.json == null) {
			throw new AccessException("json needs Jackson: add spring-boot-starter-jackson");
		}
		return event.content().json(this.json);
	}

	@Override
	public boolean canWrite(EvaluationContext context, @Nullable Object target, String name) {
		return false;
	}

	@Override
	public void write(EvaluationContext context, @Nullable Object target, String name, @Nullable Object value)
			throws AccessException {
		throw new AccessException("messages can't be changed");
	}

}

package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

import dev.wsclient.spring.HandlerMethod.Argument;
import dev.wsclient.spring.HandlerMethod.Source;

/**
 * A parameter of a handler method, or an element of one that takes batches.
 *
 * @param declared the parameter
 * @param type the type of the value as the bean decides it, inside an {@code Optional}
 * @param wrapped whether the value is wrapped in an {@code Optional}
 */
record HandlerParameter(MethodParameter declared, Type type, boolean wrapped) {

	/**
	 * Creates a parameter.
	 * @param declared the parameter
	 * @param type its type as the bean decides it
	 * @return the parameter
	 */
	static HandlerParameter of(MethodParameter declared, Type type) {
		boolean wrapped = BeanTypes.raw(type) == Optional.class;
		return new HandlerParameter(declared, wrapped ? BeanTypes.argument(type, Optional.class) : type, wrapped);
	}

	Class<?> typeClass() {
		return BeanTypes.raw(this.type);
	}

	/**
	 * Whether there may be no value.
	 * @return {@code true} for an {@code Optional} and what may be {@code null}
	 */
	boolean isOptional() {
		return this.wrapped || this.declared.isOptional();
	}

	<A extends Annotation> @Nullable A annotation(Class<A> type) {
		return this.declared.getParameterAnnotation(type);
	}

	@Nullable String name() {
		return this.declared.getParameterName();
	}

	Method method() {
		return Objects.requireNonNull(this.declared.getMethod());
	}

	/**
	 * Returns an argument that is wrapped as the parameter needs it.
	 * @param argument the argument
	 * @return the argument
	 */
	Argument wrap(Argument argument) {
		if (!this.wrapped) {
			return argument;
		}
		Source source = argument.source();
		return argument.withSource((event, handler) -> Optional.ofNullable(source.get(event, handler)));
	}

	/**
	 * Describes the parameter for messages.
	 * @return its index, name and type
	 */
	String describe() {
		String name = (name() != null) ? " '" + name() + "'" : "";
		return this.declared.getParameterIndex() + name + " of type " + declaredTypeName();
	}

	String declaredTypeName() {
		return this.wrapped ? "java.util.Optional<" + this.type.getTypeName() + ">" : this.type.getTypeName();
	}

}

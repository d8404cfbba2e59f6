package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

import org.springframework.core.annotation.MergedAnnotation;

import dev.wsclient.WsMessage;

/**
 * A handler method as its bean declares it.
 *
 * @param kind what it is called for
 * @param bean the bean, which may be a proxy
 * @param targetClass the class behind the proxy
 * @param beanTypes what its type variables are in the bean
 * @param method the method of that class
 * @param invocable the method to invoke on the bean
 * @param annotation the annotation
 * @param order the order among others
 */
record HandlerDefinition(HandlerKind kind, Object bean, Class<?> targetClass, BeanTypes beanTypes, Method method,
		Method invocable, MergedAnnotation<?> annotation, int order) {

	/**
	 * Creates the definition of a method whose bean is all that its class says.
	 * @param kind what it is called for
	 * @param bean the bean, which may be a proxy
	 * @param targetClass the class behind the proxy
	 * @param method the method of that class
	 * @param invocable the method to invoke on the bean
	 * @param annotation the annotation
	 * @param order the order among others
	 */
	HandlerDefinition(HandlerKind kind, Object bean, Class<?> targetClass, Method method, Method invocable,
			MergedAnnotation<?> annotation, int order) {
		this(kind, bean, targetClass, new BeanTypes(targetClass), method, invocable, annotation, order);
	}

	/**
	 * Returns the types of messages that the method names itself.
	 * @return the types, may be empty
	 */
	Set<WsMessage.Type> types() {
		Set<WsMessage.Type> types = EnumSet.noneOf(WsMessage.Type.class);
		if (this.kind == HandlerKind.MESSAGE) {
			types.addAll(Arrays.asList(this.annotation.getEnumArray("type", WsMessage.Type.class)));
		}
		return types;
	}

	/**
	 * Returns what the method returns.
	 * @return the type as the bean decides it
	 */
	Type returnType() {
		return this.beanTypes.resolve(this.method.getGenericReturnType());
	}

	/**
	 * Returns an attribute of {@link OnWsMessage}.
	 * @param attribute the name of the attribute
	 * @return its text, empty for another annotation
	 */
	String text(String attribute) {
		return (this.kind == HandlerKind.MESSAGE) ? this.annotation.getString(attribute) : "";
	}

}

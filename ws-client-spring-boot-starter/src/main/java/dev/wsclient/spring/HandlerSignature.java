package dev.wsclient.spring;

import java.lang.reflect.Method;

import org.springframework.core.annotation.AnnotatedMethod;

/**
 * A handler method with the annotations that its parameters have in interfaces and
 * superclasses too, and with type variables as the class of the bean decides them.
 */
class HandlerSignature extends AnnotatedMethod {

	private final Class<?> targetClass;

	HandlerSignature(Method method, Class<?> targetClass) {
		super(method);
		this.targetClass = targetClass;
	}

	@Override
	protected Class<?> getContainingClass() {
		return this.targetClass;
	}

}

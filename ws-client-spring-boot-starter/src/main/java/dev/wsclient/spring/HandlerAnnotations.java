package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Finds handler methods by their annotations, also those of superclasses and interfaces,
 * and annotations behind annotations.
 */
final class HandlerAnnotations {

	private static final List<Class<? extends Annotation>> ANNOTATIONS = Stream.of(HandlerKind.values())
		.<Class<? extends Annotation>>map(HandlerKind::annotation)
		.toList();

	private HandlerAnnotations() {
	}

	/**
	 * Whether a class has handler methods.
	 * @param type the class, not that of a proxy
	 * @return {@code true} if it has one of any kind
	 */
	static boolean arePresent(Class<?> type) {
		return first(type) != null;
	}

	/**
	 * Returns a handler method of a class.
	 * @param type the class, not that of a proxy
	 * @return one of any kind, or {@code null} if there is none
	 */
	static @Nullable Method first(Class<?> type) {
		return Stream.of(HandlerKind.values())
			.flatMap((kind) -> methods(type, kind).keySet().stream())
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the handler methods of a kind.
	 * @param type the class, not that of a proxy
	 * @param kind the kind
	 * @return the methods and their annotations
	 */
	static Map<Method, MergedAnnotation<?>> methods(Class<?> type, HandlerKind kind) {
		if (!AnnotationUtils.isCandidateClass(type, ANNOTATIONS)) {
			return Map.of();
		}
		return MethodIntrospector.selectMethods(type, (Method method) -> annotation(method, kind));
	}

	/**
	 * Finds the methods that a method overrides or implements. In a generic type their
	 * own types may be others than those of the method.
	 * @param method a method
	 * @param targetClass the class of the bean
	 * @param types interfaces and superclasses
	 * @return the methods that these types declare
	 */
	static Stream<Method> overridden(Method method, Class<?> targetClass, Class<?>... types) {
		return Stream.of(types)
			.flatMap((each) -> Stream.of(each.getDeclaredMethods()))
			.filter((each) -> each.getName().equals(method.getName())
					&& each.getParameterCount() == method.getParameterCount() && !each.isBridge()
					&& !Modifier.isStatic(each.getModifiers()))
			.filter((each) -> BridgeMethodResolver
				.findBridgedMethod(ClassUtils.getMostSpecificMethod(each, targetClass))
				.equals(method));
	}

	private static @Nullable MergedAnnotation<?> annotation(Method method, HandlerKind kind) {
		MergedAnnotation<?> annotation = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.get(kind.annotation());
		return annotation.isPresent() ? annotation : null;
	}

}

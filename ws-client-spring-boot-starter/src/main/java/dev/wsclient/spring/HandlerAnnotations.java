package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

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
		return Stream.of(HandlerKind.values()).anyMatch((kind) -> !methods(type, kind).isEmpty());
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

	private static @Nullable MergedAnnotation<?> annotation(Method method, HandlerKind kind) {
		MergedAnnotation<?> annotation = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.get(kind.annotation());
		return annotation.isPresent() ? annotation : null;
	}

}

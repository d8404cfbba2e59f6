package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;

/**
 * Makes handler methods callable in a native image, what they take and return
 * convertible, whichever converter does it, and constraints of payloads checkable.
 */
class HandlerMethodsAotProcessor implements BeanRegistrationAotProcessor {

	/** By its name, as it may not be there. */
	private static final String JSON_SUB_TYPES = "com.fasterxml.jackson.annotation.JsonSubTypes";

	private static final boolean VALIDATION_PRESENT = ClassUtils.isPresent("jakarta.validation.Validator",
			HandlerMethodsAotProcessor.class.getClassLoader());

	private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Class<?> type = ClassUtils.getUserClass(registeredBean.getBeanClass());
		if (!HandlerAnnotations.arePresent(type)) {
			return null;
		}
		BeanTypes types = new BeanTypes(type, registeredBean.getBeanType().getType());
		return (generationContext, code) -> {
			ReflectionHints hints = generationContext.getRuntimeHints().reflection();
			for (HandlerKind kind : HandlerKind.values()) {
				HandlerAnnotations.methods(type, kind)
					.keySet()
					.forEach((method) -> register(hints, type, types, method));
			}
		};
	}

	private void register(ReflectionHints hints, Class<?> type, BeanTypes types, Method method) {
		hints.registerMethod(method, ExecutableMode.INVOKE);
		// What is called if the bean has a proxy of its interfaces
		HandlerAnnotations.overridden(method, type, ClassUtils.getAllInterfacesForClass(type))
			.forEach((each) -> hints.registerMethod(each, ExecutableMode.INVOKE));
		MethodParameter[] signature = new HandlerSignature(method, type).getMethodParameters();
		Stream<Type> parameters = Arrays.stream(signature).map((each) -> type(each, types));
		Stream<Type> replies = Stream.of(ReturnValues.value(types.resolve(method.getGenericReturnType())));
		Stream.concat(parameters, replies).filter((each) -> isConverted(BeanTypes.raw(each))).forEach((each) -> {
			this.bindings.registerReflectionHints(hints, each);
			family(ResolvableType.forType(each)).stream()
				.filter(HandlerMethodsAotProcessor::isConverted)
				.forEach((member) -> this.bindings.registerReflectionHints(hints, member));
		});
		if (VALIDATION_PRESENT) {
			registerConstraints(hints, signature, types);
		}
	}

	private static Type type(MethodParameter parameter, BeanTypes types) {
		return types.resolve(parameter.getGenericParameterType());
	}

	private static void registerConstraints(ReflectionHints hints, MethodParameter[] signature, BeanTypes types) {
		ConstraintHints constraints = new ConstraintHints(hints);
		Arrays.stream(signature)
			.filter((parameter) -> PayloadArguments.validationHints(parameter) != null)
			.map((parameter) -> ResolvableType.forType(type(parameter, types)))
			.forEach((payload) -> family(payload).forEach(constraints::register));
	}

	/**
	 * Returns the class of a type, those that what stands in the JSON chooses from, and
	 * the same of types it holds.
	 */
	private static Set<Class<?>> family(ResolvableType type) {
		Set<Class<?>> members = new LinkedHashSet<>();
		Class<?> raw = type.isArray() ? type.getComponentType().toClass() : type.toClass();
		members.add(raw);
		addMembers(raw, members);
		Arrays.stream(type.getGenerics()).forEach((generic) -> members.addAll(family(generic)));
		return members;
	}

	private static void addMembers(Class<?> type, Set<Class<?>> members) {
		Stream<Class<?>> named = MergedAnnotations.from(type)
			.stream(JSON_SUB_TYPES)
			.flatMap((each) -> Arrays.stream(each.getAnnotationArray("value", Annotation.class)))
			.map((each) -> each.getClass("value"));
		Stream<Class<?>> permitted = type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.empty();
		Stream.concat(named, permitted).filter(members::add).toList().forEach((member) -> addMembers(member, members));
	}

	private static boolean isConverted(Class<?> type) {
		return !ClassUtils.isPrimitiveOrWrapper(type) && !HandlerKind.isEventType(type) && !ReplySender.isDirect(type);
	}

}

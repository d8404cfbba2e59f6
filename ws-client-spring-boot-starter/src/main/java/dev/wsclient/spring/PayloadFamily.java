package dev.wsclient.spring;

/**
 * A payload type among others that have a supertype in common and are told apart by what
 * stands in the message: it is converted to the supertype, and goes to those methods
 * whose type is the closest to what came out.
 *
 * @param root the supertype of all
 * @param member the type that a method takes
 * @param optional whether the method takes messages that stand for no value
 * @param reader reads messages as the supertype
 */
record PayloadFamily(Class<?> root, Class<?> member, boolean optional, WsMessageConverter.Reader reader) {

}

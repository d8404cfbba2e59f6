/**
 * What is bound from {@code ws.*}, by getters and setters.
 */
@NullMarked
package dev.wsclient.spring.properties;

import org.jspecify.annotations.NullMarked;

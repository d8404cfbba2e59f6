/**
 * Tests that hold the documentation against what runs.
 */
@NullMarked
package dev.wsclient.docs;

import org.jspecify.annotations.NullMarked;

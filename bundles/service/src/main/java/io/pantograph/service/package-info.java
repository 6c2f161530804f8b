/** The service client: a hub run from the outside, by its REST API. */
package io.pantograph.service;

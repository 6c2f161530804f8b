package io.pantograph.api.azure;

/** What a shared access policy allows. */
public enum Right { RegistryRead, RegistryWrite, ServiceConnect, DeviceConnect }

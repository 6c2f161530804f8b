package io.pantograph.api.azure;

/** The cloud's error codes, with the HTTP status each comes with (IoT Hub, "understand and resolve errors"). */
public enum AzureError {
    ArgumentInvalid(400004), InvalidProtocolVersion(400002), IotHubFormatError(400006), BulkRegistryOperationFailure(400013),
    EtagDoesNotMatch(400023),
    IotHubUnauthorizedAccess(401002), IotHubUnauthorized(401003),
    IotHubQuotaExceeded(403002), DeviceMaximumQueueDepthExceeded(403004), InvalidMessageExpiryTime(403009), DeviceDisabled(403012),
    DeviceMaximumInflightMethodExceeded(403800),
    NotFound(404000), DeviceNotFound(404001), JobNotFound(404002), ModuleNotFound(404010), DeviceNotOnline(404103),
    DeviceConnectionClosedRemotely(404104), ConfigurationNotFound(404301),
    MethodNotAllowed(405001),
    DeviceAlreadyExists(409001), LinkCreationConflict(409002), ModuleAlreadyExistsOnDevice(409301),
    PreconditionFailed(412001), DeviceMessageLockLost(412002),
    MessageTooLarge(413001), TooManyDevices(413002), TooManyModulesOnDevice(413003),
    ThrottlingException(429001), ThrottleBacklogLimitExceeded(429002),
    ServerError(500001), GenericTimeout(500008), NotImplemented(501000), ServiceUnavailable(503001), GatewayTimeout(504101);

    private final int code;

    AzureError(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public int status() {
        return code / 1000;
    }
}

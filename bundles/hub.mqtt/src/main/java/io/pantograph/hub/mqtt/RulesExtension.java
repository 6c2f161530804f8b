package io.pantograph.hub.mqtt;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.publish.PublishService;
import com.hivemq.extension.sdk.api.services.session.ClientService;

/** Ties the hub's rules into HiveMQ: who may come in ({@link Login}), what a client may do then ({@link ClientRules}), and when it leaves. */
final class RulesExtension implements ExtensionMain {

    private final Login login;
    private final Guests guests;
    private volatile PublishService publish;
    private volatile ClientService clients;

    RulesExtension(Login login, Guests guests) {
        this.login = login;
        this.guests = guests;
    }

    @Override
    public void extensionStart(ExtensionStartInput in, ExtensionStartOutput out) {
        publish = Services.publishService();
        clients = Services.clientService();
        ConnectInboundInterceptor asked = login::onConnect;
        Services.interceptorRegistry().setConnectInboundInterceptorProvider(input -> asked);
        SimpleAuthenticator answered = login::onConnect;
        Services.securityRegistry().setAuthenticatorProvider(input -> answered);
        Services.initializerRegistry().setClientInitializer(this::welcome);
        Services.eventRegistry().setClientLifecycleEventListener(input -> guests.farewell());
    }

    @Override
    public void extensionStop(ExtensionStopInput in, ExtensionStopOutput out) {
        // what was set above ends with the extension
    }

    /** Runs just before CONNACK goes out, and before any further packet of this client is looked at. */
    private void welcome(InitializerInput in, ClientContext context) {
        Peer peer = Peer.of(in.getConnectionInformation());
        context.getDefaultPermissions().add(ClientRules.refusal());
        // To add a permission would else mean to deny everything that has none.
        context.getDefaultPermissions().setDefaultBehaviour(DefaultAuthorizationBehaviour.ALLOW);
        ClientRules rules = guests.welcome(peer);
        context.addPublishInboundInterceptor(rules::published);
        context.addPublishOutboundInterceptor(rules::delivered);
        context.addSubscribeInboundInterceptor(rules::subscribed);
        context.addUnsubscribeInboundInterceptor(rules::unsubscribed);
        context.addPubrelInboundInterceptor(rules::released);
    }

    PublishService publish() {
        return publish;
    }

    ClientService clients() {
        return clients;
    }
}

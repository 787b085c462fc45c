import BridgeCore
import GenesysCloud
import WebSocketClient

extension TenantUpstream {
    /// What opens the sockets of the tenant's streams.
    func streamSource(
        _ connection: ConnectionConfiguration,
        deadLetterBytesMax: Int,
        connector: WebSocketConnector,
        clock: any BridgeClock
    ) -> StreamSource {
        StreamSource(
            connector: connector,
            endpoint: SourceSettings.endpoint(self.tenant.endpoints.streaming),
            settings: SourceSettings.streamSettings(
                self.tenant,
                connection,
                deadLetterBytesMax: deadLetterBytesMax
            ),
            redaction: self.redaction,
            counters: self.counters,
            secondsSince1970: { clock.wallMilliseconds / 1000 },
            logger: self.logger
        )
    }

    /// What opens the sockets of the tenant's channels.
    func channelSource(
        _ settings: ChannelSettings,
        connector: WebSocketConnector,
        clock: any BridgeClock
    ) -> WebSocketChannelSource {
        WebSocketChannelSource(
            connector: connector,
            settings: settings,
            redaction: self.redaction,
            counters: self.counters,
            ids: EventIDSequence(startedAtMilliseconds: clock.wallMilliseconds, random: UInt64.random(in: 0 ... .max)),
            secondsSince1970: { clock.wallMilliseconds / 1000 },
            logger: self.logger
        )
    }
}

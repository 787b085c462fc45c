import BridgeCore
import GenesysCloud
import Logging

/// What one tenant talks to Genesys Cloud with, whatever its dialect.
struct TenantUpstream: Sendable {
    let tenant: TenantConfiguration
    /// What is hidden of its events; nil where nothing is.
    let redaction: Redaction?
    let tokens: TokenService
    let rest: RESTClient
    /// What comes over the sockets of all its streams.
    let counters = StreamCounters()
    let logger: Logger

    init(
        _ tenant: TenantConfiguration,
        _ connection: ConnectionConfiguration,
        clock: any BridgeClock,
        logger: Logger
    ) {
        let tokenClock = TokenClock(
            now: { clock.now },
            secondsSince1970: { clock.wallMilliseconds / 1000 },
            random: { Double.random(in: 0..<1) }
        )
        self.tenant = tenant
        self.redaction = PrivacyMap.redaction(tenant)
        self.tokens = TokenService(
            settings: SourceSettings.tokens(tenant, connection: connection),
            clock: tokenClock,
            logger: logger
        )
        self.rest = RESTClient(
            settings: SourceSettings.rest(tenant, connection: connection),
            clock: tokenClock,
            logger: logger
        )
        self.logger = logger
    }

    /// Gets tokens and carries out calls, until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tokens.run() }
            group.addTask { await self.rest.run() }
        }
    }
}

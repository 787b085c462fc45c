import AsyncHTTPClient
import BridgeCore
import BridgeRuntime
import GenesysCloud
import NIOSSL
import Testing
import WebSocketClient

@testable import genesys_kafka_bridge

/// What is configured, and what the dialect says where nothing is, reaches the parts that act on it.
@Suite("From the configuration to the parts")
struct DialectSettingsTests {
    private struct Loaded {
        var configuration: BridgeConfiguration
        var connection: ConnectionConfiguration { self.configuration.connection }
        var tenant: TenantConfiguration { self.configuration.tenants[0] }

        var session: SessionPolicy {
            StreamSettingsMap.pipeline(
                StreamID(tenant: "acme", stream: "0"),
                [],
                self.tenant,
                self.configuration,
                inFlightBytes: 1
            ).session
        }
    }

    private static func full() throws -> Loaded {
        Loaded(configuration: try ValidConfigurationTests.loadFull().configuration)
    }

    private static func minimal() throws -> Loaded {
        Loaded(configuration: try Fixture.load(Fixture.minimal).configuration)
    }

    @Test("a session's defaults are the dialect's (S3.3, S4.1, S4.6, S4.7, S4.8, S4.10)")
    func sessionDefaults() throws {
        let session = try Self.minimal().session
        #expect(session.keepAlive.pingInterval == .seconds(30) && session.keepAlive.pongTimeout == .seconds(10))
        #expect(session.keepAlive.missedPongsMax == 3 && session.keepAlive.heartbeatTimeout == .seconds(15))
        #expect(session.backoff == Backoff.Policy(base: .seconds(1), cap: .seconds(30), jitter: .above))
        #expect(session.healthyAfter == .seconds(30) && session.maxStall == .seconds(60))
        #expect(session.rolloverMargin == .seconds(60) && session.revalidateInterval == .seconds(300))
        #expect(session.onMissingCheckpoint == .start && session.onPositionLost == .continue)
    }

    @Test("what is set reaches the session (S2.2, S3.3, S4.1, S4.6, S4.7, S4.8, S5.3)")
    func session() throws {
        let session = try Self.full().session
        #expect(session.keepAlive.pingInterval == .seconds(20) && session.keepAlive.pongTimeout == .seconds(4))
        #expect(session.keepAlive.missedPongsMax == 2 && session.keepAlive.heartbeatTimeout == .seconds(9))
        #expect(session.backoff == Backoff.Policy(base: .milliseconds(500), cap: .seconds(60), jitter: .full))
        #expect(session.refusal == Backoff.Policy(base: .seconds(2), cap: .seconds(120), jitter: .above))
        #expect(session.healthyAfter == .seconds(60) && session.maxStall == .seconds(120))
        #expect(session.rolloverMargin == .seconds(90) && session.revalidateInterval == .seconds(120))
        #expect(session.onMissingCheckpoint == .fail)
    }

    @Test("onPositionLost reaches the session (S4.10)", arguments: ["continue", "fail"])
    func positionLost(choice: String) throws {
        let text = Fixture.minimal.replacing(
            "protocol: stream",
            with: "protocol: stream\n    onPositionLost: \(choice)"
        )
        let session = Loaded(configuration: try Fixture.load(text).configuration).session
        #expect(session.onPositionLost.rawValue == choice)
    }

    @Test("a heartbeat that is off is not watched (S4.7)")
    func heartbeatOff() throws {
        let text = Fixture.with("connection: { heartbeatGrace: off }")
        let session = Loaded(configuration: try Fixture.load(text).configuration).session
        #expect(session.keepAlive.heartbeatTimeout == nil)
    }

    @Test("TCP keep-alive and user time-out are 30 s, 10 s, 3 and 45 s, or what is set (S6.1)")
    func tcp() throws {
        let usual = SourceSettings.webSocket(try Self.minimal().connection, deadLetterBytesMax: 1)
        #expect(usual.keepAlive?.idle == .seconds(30) && usual.keepAlive?.interval == .seconds(10))
        #expect(usual.keepAlive?.count == 3 && usual.tcpUserTimeout == .seconds(45))
        let set = SourceSettings.webSocket(try Self.full().connection, deadLetterBytesMax: 1)
        #expect(set.keepAlive?.idle == .seconds(20) && set.keepAlive?.interval == .seconds(7))
        #expect(set.keepAlive?.count == 4 && set.tcpUserTimeout == .milliseconds(1500))
    }

    @Test("files of TLS reach the sockets, and what asks for tokens and resources (S1.1)")
    func tls() throws {
        let full = try Self.full()
        let socket = SourceSettings.webSocket(full.connection, deadLetterBytesMax: 1)
        #expect(
            socket.tls
                == WebSocketTLS(
                    additionalCAFile: "/ca.pem",
                    clientCertificateFile: "/c.pem",
                    clientKeyFile: "/k.pem"
                )
        )
        let tokens = SourceSettings.tokens(full.tenant, connection: full.connection).http
        let rest = SourceSettings.rest(full.tenant, connection: full.connection).http
        for http in [tokens, rest] {
            #expect(http.tlsConfiguration?.additionalTrustRoots == [.file("/ca.pem")])
            #expect(http.tlsConfiguration?.minimumTLSVersion == .tlsv12)
            #expect(http.tlsConfiguration?.certificateVerification == .fullVerification)
        }
    }

    @Test("everything goes through the proxy but what is excepted from it (S1.1)")
    func proxy() throws {
        let full = try Self.full()
        let socket = SourceSettings.webSocket(full.connection, deadLetterBytesMax: 1)
        #expect(socket.proxy?.host == "proxy.example" && socket.proxy?.port == 3128)
        #expect(socket.proxy?.credentials == .init(username: "u", password: Fixture.secret))
        #expect(socket.proxy?.isUsed(forHost: "api.usw2.pure.cloud", port: 443) == true)
        #expect(socket.proxy?.isUsed(forHost: "a.corp", port: 443) == false)
        #expect(SourceSettings.tokens(full.tenant, connection: full.connection).http.proxy != nil)
        #expect(SourceSettings.rest(full.tenant, connection: full.connection).http.proxy != nil)
        let text = ValidConfigurationTests.full.replacing(".corp,", with: ".usw2.pure.cloud,")
        let direct = Loaded(
            configuration: try Fixture.load(
                text,
                environment: ["KAFKA_PASSWORD": Fixture.secret, "ID": "id"],
                files: ["/run/secrets/acme": [0x61], "/ca.pem": [], "/c.pem": [], "/k.pem": []]
            ).configuration
        )
        #expect(SourceSettings.tokens(direct.tenant, connection: direct.connection).http.proxy == nil)
        #expect(SourceSettings.rest(direct.tenant, connection: direct.connection).http.proxy == nil)
    }

    @Test("batch size and latency reach the URL, and the budget of subscriptions the plan (S1.2, S3.1, S3.5)")
    func stream() throws {
        let full = try Self.full()
        let settings = SourceSettings.streamSettings(full.tenant, full.connection, deadLetterBytesMax: 1)
        let url = StreamURL(
            endpoint: SourceSettings.endpoint(full.tenant.endpoints.streaming),
            token: Secret("t"),
            subscriptions: [],
            settings: settings,
            position: nil
        )
        #expect(url.requestTarget.revealed.hasSuffix("?access_token=t&maxBatchSize=50&maxLatency=2000"))
        let limits = StreamSettingsMap.limits(full.connection, urlBaseBytes: 1)
        #expect(limits.topicCountMax == 20 && limits.urlBytesMax == 4000 && settings.maxURLBytes == 4000)
        let minimal = try Self.minimal()
        #expect(minimal.connection.maxURLBytes == 8000)
    }

    @Test("rate and hold-off reach the gate of the host (S3.4, S4.2)")
    func gate() throws {
        let usual = StreamSettingsMap.gate(try Self.minimal().connection)
        #expect(usual.attemptsPerSecond == 10)
        #expect(usual.holdOff == Backoff.Policy(base: .seconds(60), cap: .seconds(900), jitter: .above))
        let set = StreamSettingsMap.gate(try Self.full().connection)
        #expect(set.attemptsPerSecond == 5)
        #expect(set.holdOff == Backoff.Policy(base: .seconds(30), cap: .seconds(600), jitter: .full))
    }

    @Test("all sockets of the process to one host share one gate, and another host has its own (S3.4, S4.2)")
    func hostGates() async throws {
        let gates = HostGates(policy: StreamSettingsMap.gate(try Self.minimal().connection), clock: SystemClock())
        let first = gates.gate(for: Endpoint(scheme: .wss, host: "api.mypurecloud.com", port: 443))
        let second = gates.gate(for: Endpoint(scheme: .wss, host: "API.MYPURECLOUD.COM", port: 443))
        #expect(first === second)
        #expect(gates.gate(for: Endpoint(scheme: .wss, host: "api.mypurecloud.ie", port: 443)) !== first)
    }
}

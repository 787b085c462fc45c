import BridgeCore
import Logging
import Testing

@testable import genesys_kafka_bridge

@Suite("A valid configuration")
struct ValidConfigurationTests {
    static let full = """
        # every key
        kafka:
          properties:
            bootstrap.servers: kafka-1:9092,kafka-2:9092
            security.protocol: sasl_ssl
            sasl.password: ${env:KAFKA_PASSWORD}
            linger.ms: 5
            enable.ssl.certificate.verification: true
        delivery:
          guarantee: at-least-once
          inFlight: { batches: 128, bytes: 128MiB }
          checkpoints: { directory: /data/checkpoints, commitInterval: 250ms, commitBatches: 32 }
          drainTimeout: 15s
          refusedBackoff: { base: 2s, cap: 2m, jitter: above }
        records: { topic: "events_{family}.{tenant}", key: entity, headers: none }
        connection:
          connectTimeout: 5s
          pingInterval: 20s
          pongTimeout: 4s
          missedPongs: 2
          heartbeatGrace: 7s
          healthyAfter: 1m
          maxStall: 2m
          closeTimeout: 1s
          backoff: { base: 500ms, cap: 1m, jitter: full }
          attemptsPerSecond: 5
          holdOff: { base: 30s, cap: 10m, jitter: full }
          rolloverMargin: 90s
          duplicateWindow: 500
          maxSubscriptionsPerSocket: 20
          maxURLBytes: 4000
          revalidateInterval: 2m
          syncInterval: 4m
          restRequestsPerMinute: 100
          proxyIdleTimeout: 5m
          maxMessageBytes: 8MiB
          maxFrameBytes: 4MiB
          readAheadBytes: 512KiB
          maxEventsPerBatch: 500
          compression: permessage-deflate
          tcp: { keepAliveIdle: 20s, keepAliveInterval: 7s, keepAliveCount: 4, userTimeout: 1500ms }
          tls: { extraCertificateAuthorities: /ca.pem, clientCertificate: /c.pem, clientKey: /k.pem }
          proxy: { address: "proxy.example:3128", username: u, password: "${env:KAFKA_PASSWORD}", noProxy: "localhost, .corp,10.0.0.0/8" }
        tenantPartitions: 16
        tenants:
          - name: acme
            region: usw2.pure.cloud
            protocol: stream
            credentials: { clientId: "${env:ID}", clientSecret: "${file:/run/secrets/acme}" }
            maxBatchSize: 50
            maxLatency: 2s
            onMissingCheckpoint: fail
            subscriptions:
              - event: routing.queueEvents
                resourceId: abc-123
                filters: { eventType: [QUEUE_ADD, QUEUE_REMOVE], mediaType: voice }
              - { event: users.presence, allowUnfiltered: true }
          - name: beta
            endpoints:
              login: http://127.0.0.1:8080
              streaming: ws://[::1]:8081/
            protocol: stream
            credentials: { clientId: b, clientSecret: b }
            subscriptions: [{ event: routing.queueEvents, resourceId: q }]
        admin: { listen: "0.0.0.0:0" }
        log: { level: debug, format: text }
        """

    static func loadFull() throws -> ConfigurationLoader.Loaded {
        try Fixture.load(
            self.full,
            environment: ["KAFKA_PASSWORD": Fixture.secret, "ID": "id-from-env"],
            files: [
                "/run/secrets/acme": Array("\(Fixture.secret)\n".utf8), "/ca.pem": [], "/c.pem": [], "/k.pem": [],
            ]
        )
    }

    @Test("every key arrives in its place")
    func everyKey() throws {
        let loaded = try Self.loadFull()
        let bridge = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(bridge.kafka.properties.map(\.name).count == 5)
        #expect(bridge.kafka.properties[2].value.revealed == Fixture.secret)
        #expect(bridge.kafka.properties[3].description == "linger.ms=5")
        #expect(bridge.kafka.properties[4].value.revealed == "true")
        #expect(bridge.delivery.inFlight == InFlightConfiguration(batches: 128, bytes: 134_217_728))
        #expect(
            bridge.delivery.checkpoints
                == CheckpointsConfiguration(
                    directory: "/data/checkpoints",
                    commitInterval: .milliseconds(250),
                    commitBatches: 32
                )
        )
        #expect(bridge.delivery.drainTimeout == .seconds(15))
        #expect(
            bridge.delivery.refusedBackoff
                == BackoffConfiguration(base: .seconds(2), cap: .seconds(120), jitter: .above)
        )
        #expect(bridge.records.style.topic.kafkaTopic(tenant: "acme", family: "a.b/c") == "events_a.b-c.acme")
        #expect(bridge.records.style.headers == .none)
        #expect(bridge.tenantPartitions == 16)
        #expect(bridge.admin.listen == ListenAddress(host: "0.0.0.0", port: 0))
        #expect(bridge.log == LogConfiguration(level: .debug, format: .text))
    }

    @Test("every key of the connection arrives in its place")
    func connection() throws {
        let connection = try Self.loadFull().configuration.connection
        #expect(
            connection
                == ConnectionConfiguration(
                    connectTimeout: .seconds(5),
                    pingInterval: .seconds(20),
                    pongTimeout: .seconds(4),
                    missedPongs: 2,
                    heartbeatGrace: .fixed(.seconds(7)),
                    healthyAfter: .seconds(60),
                    maxStall: .seconds(120),
                    closeTimeout: .seconds(1),
                    backoff: BackoffConfiguration(base: .milliseconds(500), cap: .seconds(60), jitter: .full),
                    attemptsPerSecond: 5,
                    holdOff: BackoffConfiguration(base: .seconds(30), cap: .seconds(600), jitter: .full),
                    rolloverMargin: .seconds(90),
                    duplicateWindow: 500,
                    maxSubscriptionsPerSocket: 20,
                    maxURLBytes: 4000,
                    revalidateInterval: .seconds(120),
                    syncInterval: .seconds(240),
                    restRequestsPerMinute: 100,
                    proxyIdleTimeout: .seconds(300),
                    maxMessageBytes: 8_388_608,
                    maxFrameBytes: 4_194_304,
                    readAheadBytes: 524_288,
                    maxEventsPerBatch: 500,
                    compression: .permessageDeflate,
                    tcp: TCPConfiguration(
                        keepAliveIdle: .seconds(20),
                        keepAliveInterval: .seconds(7),
                        keepAliveCount: 4,
                        userTimeout: .milliseconds(1500)
                    ),
                    tls: TLSFilesConfiguration(
                        extraCertificateAuthorities: "/ca.pem",
                        clientCertificate: "/c.pem",
                        clientKey: "/k.pem"
                    ),
                    proxy: ProxyConfiguration(
                        host: "proxy.example",
                        port: 3128,
                        username: "u",
                        password: Secret(Fixture.secret),
                        noProxy: ["localhost", ".corp", "10.0.0.0/8"]
                    )
                )
        )
    }

    @Test("every key of a tenant arrives in its place")
    func tenants() throws {
        let bridge = try Self.loadFull().configuration
        let tenants = bridge.tenants
        let acme = try #require(tenants.first)
        #expect(acme.credentials == TenantCredentials(clientID: "id-from-env", clientSecret: Secret(Fixture.secret)))
        #expect(acme.endpoints.streaming.description == "wss://api.usw2.pure.cloud")
        #expect(acme.endpoints.login.description == "https://login.usw2.pure.cloud")
        #expect(acme.endpoints.login.port == 443)
        #expect(acme.maxBatchSize == 50 && acme.maxLatency == .seconds(2))
        #expect(acme.onMissingCheckpoint == .fail)
        #expect(
            acme.subscriptions == [
                SubscriptionConfiguration(
                    event: "routing.queueEvents",
                    resourceID: "abc-123",
                    filters: [
                        SubscriptionFilter(name: "eventType", values: ["QUEUE_ADD", "QUEUE_REMOVE"]),
                        SubscriptionFilter(name: "mediaType", values: ["voice"]),
                    ],
                    allowUnfiltered: false,
                    records: bridge.records.style
                ),
                SubscriptionConfiguration(
                    event: "users.presence",
                    resourceID: nil,
                    filters: [],
                    allowUnfiltered: true,
                    records: bridge.records.style
                ),
            ]
        )
        #expect(tenants[1].endpoints.streaming == Endpoint(scheme: .ws, host: "::1", port: 8081))
        #expect(tenants[1].endpoints.api.description == "http://[::1]:8081")
        #expect(tenants[1].endpoints.region == "::1")
    }

    @Test("what is left out has its default")
    func defaults() throws {
        let bridge = try Fixture.load(Fixture.minimal).configuration
        #expect(bridge.delivery.inFlight == InFlightConfiguration(batches: 256, bytes: 67_108_864))
        #expect(bridge.delivery.checkpoints.directory == "/var/lib/genesys-kafka-bridge")
        #expect(bridge.delivery.checkpoints.commitInterval == .milliseconds(100))
        #expect(bridge.delivery.drainTimeout == .seconds(20))
        #expect(bridge.records.style.topic.description == "genesys.{tenant}.{family}")
        #expect(bridge.records.style.headers == .cloudevents)
        #expect(bridge.connection.pingInterval == .seconds(30))
        #expect(bridge.connection.heartbeatGrace == .automatic)
        #expect(bridge.connection.maxFrameBytes == bridge.connection.maxMessageBytes)
        #expect(bridge.connection.backoff.jitter == .above)
        #expect(bridge.connection.tls.clientKey == nil)
        #expect(bridge.tenantPartitions == 64)
        #expect(bridge.tenants[0].maxBatchSize == 100 && bridge.tenants[0].maxLatency == .seconds(5))
        #expect(bridge.tenants[0].onMissingCheckpoint == .start)
        #expect(bridge.admin.listen == ListenAddress(host: "127.0.0.1", port: 9600))
        #expect(bridge.log == LogConfiguration(level: .info, format: .json))
    }

    @Test("the word off turns a thing off, with and without quotes")
    func off() throws {
        for word in ["off", "\"off\""] {
            let text = Fixture.with("admin: { listen: \(word) }\nconnection: { heartbeatGrace: \(word) }")
            let bridge = try Fixture.load(text).configuration
            #expect(bridge.admin.listen == nil)
            #expect(bridge.connection.heartbeatGrace == .off)
        }
    }

    @Test("the grace of the heartbeat is the larger of maxLatency and 10s unless set (S4.7)")
    func heartbeatGrace() {
        #expect(HeartbeatGrace.automatic.silenceLimit(maxLatency: .seconds(5)) == .seconds(15))
        #expect(HeartbeatGrace.automatic.silenceLimit(maxLatency: .seconds(20)) == .seconds(40))
        #expect(HeartbeatGrace.fixed(.seconds(1)).silenceLimit(maxLatency: .seconds(20)) == .seconds(21))
        #expect(HeartbeatGrace.off.silenceLimit(maxLatency: .seconds(20)) == nil)
    }

    @Test("an address to listen on is shown as it is written", arguments: ["127.0.0.1:9600", "[::1]:0", "localhost:1"])
    func listenAddress(text: String) throws {
        #expect(try ListenAddress(text).description == text)
    }

    @Test("empty sections, a byte order mark and Windows line ends are no mistakes")
    func tolerated() throws {
        let text = "\u{feff}connection:\nlog:\n\(Fixture.minimal)".split(separator: "\n").joined(separator: "\r\n")
        #expect(Fixture.errors(text) == [])
    }

    @Test("an instance runs the tenants of its share, and they divide the bytes in flight")
    func share() throws {
        let bridge = try Self.loadFull().configuration
        let partitions = bridge.tenants.map { bridge.partition(of: $0).index % 2 }
        for index in 0..<2 {
            let share = try Share("\(index)/2")
            let owned = bridge.tenants(ownedBy: share)
            #expect(owned.count == partitions.count { $0 == index })
            #expect(bridge.inFlightBytesPerTenant(share: share) == 134_217_728 / max(owned.count, 1))
        }
        #expect(bridge.inFlightBytesPerTenant(share: .whole) == 67_108_864)
    }
}

import Foundation
import GenesysSimulator
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing

let acme = SimulatedTenant(
    name: "acme",
    clientId: "acme-client",
    clientSecret: "s3cr:et+/é",
    rate: .eventsPerSecond(1_000),
    resources: SimulatedResource.generated(count: 7)
)

let everything = [
    #"[{"event":"routing.queueEvents"}]"#, #"[{"event":"user.presence"}]"#, #"[{"event":"conversation.calls"}]"#,
]

func withSimulator<Result>(
    _ tenant: SimulatedTenant = acme,
    _ adjust: (inout SimulatorConfiguration) -> Void = { _ in },
    _ body: (GenesysSimulator) async throws -> Result
) async throws -> Result {
    var configuration = SimulatorConfiguration(tenants: [tenant])
    configuration.seed = 42
    adjust(&configuration)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let simulator = try await GenesysSimulator.start(
        configuration: configuration,
        eventLoopGroup: group,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    )
    do {
        let result = try await body(simulator)
        await simulator.shutdown()
        try await group.shutdownGracefully()
        return result
    } catch {
        await simulator.shutdown()
        try await group.shutdownGracefully()
        throw error
    }
}

/// RFC 3986: unreserved characters stay bare, every other byte is encoded.
func encoded(_ text: String) -> String {
    let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    return text.utf8.map { byte in
        if unreserved.contains(byte) { return String(UnicodeScalar(byte)) }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
}

func basic(_ tenant: SimulatedTenant, secret: String? = nil) -> String {
    "Basic " + Data("\(tenant.clientId):\(secret ?? tenant.clientSecret)".utf8).base64EncodedString()
}

func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

func requestToken(
    _ simulator: GenesysSimulator,
    _ tenant: SimulatedTenant = acme,
    secret: String? = nil
) async throws -> RawConnection.Response {
    try await RawConnection.open(port: simulator.port) { connection in
        try await connection.request(
            "POST",
            "/oauth/token",
            headers: [
                "Authorization": basic(tenant, secret: secret), "Content-Type": "application/x-www-form-urlencoded",
            ],
            body: "grant_type=client_credentials"
        )
    }
}

func token(_ simulator: GenesysSimulator, _ tenant: SimulatedTenant = acme) async throws -> String {
    let response = try await requestToken(simulator, tenant)
    try #require(response.status == 200)
    return try #require(try json(response.body)["access_token"] as? String)
}

func target(
    token: String,
    subscriptions: [String] = everything,
    _ parameters: [String: String] = [:]
) -> String {
    var fields = ["access_token=\(encoded(token))"] + subscriptions.map { "subscriptions=\(encoded($0))" }
    fields += parameters.map { "\($0.key)=\(encoded($0.value))" }
    return "/api/v2/notifications/stream?" + fields.joined(separator: "&")
}

/// Opens a stream that must be accepted.
func withStream<Result>(
    _ simulator: GenesysSimulator,
    token given: String? = nil,
    subscriptions: [String] = everything,
    _ parameters: [String: String] = ["maxLatency": "20"],
    _ body: (RawConnection) async throws -> Result
) async throws -> Result {
    var access = given
    if access == nil { access = try await token(simulator) }
    let target = target(token: access!, subscriptions: subscriptions, parameters)
    return try await RawConnection.open(port: simulator.port) { connection in
        let response = try await connection.upgrade(target)
        try #require(response.status == 101, "\(response)")
        try #require(response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        return try await body(connection)
    }
}

/// The HTTP status and body of an upgrade that is expected to fail.
func rejectedUpgrade(_ simulator: GenesysSimulator, _ target: String) async throws -> RawConnection.Response {
    try await RawConnection.open(port: simulator.port) { try await $0.upgrade(target) }
}

/// A message as a client sees it.
struct Batch {
    var position: String?
    var timestamp: String
    var identifier: String
    /// The bytes of each event.
    var events: [[UInt8]]
    var sequences: [Int]
    var keys: [(resourceId: String, keySequence: Int)]
    var names: [String]
    var types: [String]

    init(_ message: [UInt8]) throws {
        try #require(String(validating: message, as: UTF8.self) != nil)
        let object = try json(String(decoding: message, as: UTF8.self))
        self.position = object["lastEventId"] as? String
        self.timestamp = try #require(object["timestamp"] as? String)
        self.identifier = try #require(object["batchId"] as? String)
        let list = try #require(object["events"] as? [[String: Any]])
        let bodies = try list.map { try #require($0["eventBody"] as? [String: Any]) }
        self.sequences = try bodies.map { try #require($0["sequence"] as? Int) }
        self.keys = try zip(list, bodies).map {
            (try #require($0["resourceId"] as? String), try #require($1["keySequence"] as? Int))
        }
        self.names = try list.map { try #require($0["event"] as? String) }
        self.types = try list.map { try #require($0["eventType"] as? String) }
        self.events = Self.cut(message)
        try #require(self.events.count == list.count)
    }

    /// Cuts a message before each event; the simulator writes no white space.
    private static func cut(_ message: [UInt8]) -> [[UInt8]] {
        let data = Data(message)
        let marker = Data(#"{"eventId":""#.utf8)
        var starts: [Int] = []
        while let found = data.range(of: marker, in: (starts.last.map { $0 + 1 } ?? 0)..<data.count) {
            starts.append(found.lowerBound)
        }
        return zip(starts, starts.dropFirst().map { $0 - 1 } + [message.count - 2]).map { Array(message[$0..<$1]) }
    }
}

extension RawConnection {
    func batch() async throws -> Batch? {
        try await self.message().map { try Batch($0) }
    }

    /// Reads until at least one event came.
    func batchWithEvents() async throws -> Batch {
        while let batch = try await self.batch() {
            if !batch.events.isEmpty { return batch }
        }
        throw Closed()
    }
}

extension GenesysSimulator {
    func tenant(_ name: String = "acme") async throws -> TenantSnapshot {
        try #require(try await self.snapshot()[tenant: name])
    }
}

/// A control order that must succeed.
@discardableResult
func order(_ simulator: GenesysSimulator, _ path: String, _ body: String) async throws -> RawConnection.Response {
    let response = try await RawConnection.open(port: simulator.port) {
        try await $0.request("POST", "/simulator/\(path)", body: body)
    }
    try #require(response.status == 200, "\(path) \(body): \(response)")
    return response
}

/// A REST call.
func rest(
    _ simulator: GenesysSimulator,
    _ target: String,
    token: String,
    method: String = "GET"
) async throws -> RawConnection.Response {
    try await RawConnection.open(port: simulator.port) {
        try await $0.request(method, target, headers: ["Authorization": "Bearer \(token)"])
    }
}

/// The subscription to one resource.
func subscription(_ resource: SimulatedResource) -> String {
    #"[{"event":"\#(resource.event)","resourceId":"\#(resource.resourceId)"}]"#
}

/// Waits for a fact. The test's time limit is the only bound.
func until(_ fact: () async throws -> Bool) async throws {
    while try await !fact() { try await Task.sleep(for: .milliseconds(1)) }
}

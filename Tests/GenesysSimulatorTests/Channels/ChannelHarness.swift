import Foundation
import GenesysSimulator
import Testing

let channelsPath = "/api/v2/notifications/channels"

/// Users of ``acme``.
let users = acme.resources.filter { $0.event == "user.presence" }.map(\.resourceId)
/// Queues of ``acme``.
let queues = acme.resources.filter { $0.event == "routing.queueEvents" }.map(\.resourceId)

func presence(_ user: Int) -> String { "v2.users.\(users[user]).presence" }

/// A channel as a client sees it.
struct TestChannel {
    let id: String
    /// The path of its socket.
    let path: String
    let expires: String

    init(_ object: [String: Any]) throws {
        self.id = try #require(object["id"] as? String)
        let uri = try #require(object["connectUri"] as? String)
        self.path = try #require(URL(string: uri)?.path)
        self.expires = try #require(object["expires"] as? String)
        try #require(uri.hasPrefix("ws://"))
    }
}

func call(
    _ simulator: GenesysSimulator,
    _ method: String,
    _ path: String,
    token: String,
    body: String = ""
) async throws -> RawConnection.Response {
    try await RawConnection.open(port: simulator.port) { connection in
        try await connection.request(
            method,
            path,
            headers: [
                "Authorization": "Bearer \(token)", "Content-Type": "application/json",
            ],
            body: body
        )
    }
}

func topicList(_ topics: [String]) -> String {
    "[\(topics.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]"
}

func createChannel(_ simulator: GenesysSimulator, token: String) async throws -> TestChannel {
    let response = try await call(simulator, "POST", channelsPath, token: token)
    try #require(response.status == 200, "\(response)")
    return try TestChannel(try json(response.body))
}

/// Subscribes, and returns the answer's `entities`.
@discardableResult
func subscribe(
    _ simulator: GenesysSimulator,
    _ channel: TestChannel,
    _ topics: [String],
    token: String,
    method: String = "POST",
    query: String = ""
) async throws -> [[String: Any]] {
    let path = "\(channelsPath)/\(channel.id)/subscriptions\(query)"
    let response = try await call(simulator, method, path, token: token, body: topicList(topics))
    try #require(response.status == 200, "\(response)")
    return try #require(try json(response.body)["entities"] as? [[String: Any]])
}

/// Opens a channel's socket, which must be accepted.
func withSocket<Result>(
    _ simulator: GenesysSimulator,
    _ channel: TestChannel,
    _ body: (RawConnection) async throws -> Result
) async throws -> Result {
    try await RawConnection.open(port: simulator.port) { connection in
        let response = try await connection.upgrade(channel.path)
        try #require(response.status == 101, "\(response)")
        return try await body(connection)
    }
}

/// A channel with these topics and its socket.
func withChannel<Result>(
    _ simulator: GenesysSimulator,
    token given: String? = nil,
    _ topics: [String] = [],
    _ body: (TestChannel, RawConnection) async throws -> Result
) async throws -> Result {
    var access = given
    if access == nil { access = try await token(simulator) }
    let channel = try await createChannel(simulator, token: access!)
    if !topics.isEmpty { try await subscribe(simulator, channel, topics, token: access!) }
    return try await withSocket(simulator, channel) { try await body(channel, $0) }
}

func head(_ simulator: GenesysSimulator, _ channel: TestChannel, token: String) async throws -> Int {
    try await call(simulator, "HEAD", "\(channelsPath)/\(channel.id)", token: token).status
}

extension RawConnection {
    /// The next message as JSON; nil when a close frame or the end comes first.
    func object() async throws -> [String: Any]? {
        try await self.message().map { try json(String(decoding: $0, as: UTF8.self)) }
    }

    /// The next message that `isWanted` lets through.
    func object(where isWanted: ([String: Any]) -> Bool) async throws -> [String: Any] {
        while let object = try await self.object() {
            if isWanted(object) { return object }
        }
        throw Closed()
    }

    /// The next message of the topic.
    func event(_ topic: String) async throws -> (sequence: Int, bytes: [UInt8]) {
        while let bytes = try await self.message() {
            guard try json(String(decoding: bytes, as: UTF8.self))["topicName"] as? String == topic else { continue }
            return (try #require(ChannelEventSequence.read(bytes)), bytes)
        }
        throw Closed()
    }
}

extension [String: Any] {
    var topicName: String { self["topicName"] as? String ?? "" }
    var systemReason: String? { (self["eventBody"] as? [String: Any])?["reason"] as? String }
}

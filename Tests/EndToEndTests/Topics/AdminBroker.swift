import NIOCore
import NIOPosix
import Synchronization

/// A broker on 127.0.0.1 that has topics and their properties, and no records: what the embedded one cannot answer. Kafka protocol guide:
/// ApiVersions 3, Metadata 4, CreateTopics 4, DescribeConfigs 1, by hand, so that it shares no mistake with a client.
final class AdminBroker: Sendable {
    private typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// A topic, as it was asked for.
    struct Topic: Hashable {
        var partitions: Int32
        var replicationFactor: Int16 = 1
        var properties: [String: String] = [:]
    }

    private struct State {
        var topics: [String: Topic]
        var autoCreation: String?
        var refused: Set<String>
    }

    let port: Int
    private let state: Mutex<State>

    private init(port: Int, _ state: consuming State) {
        self.port = port
        self.state = Mutex(state)
    }

    var bootstrapServers: String { "127.0.0.1:\(self.port)" }
    var topics: [String: Topic] { self.state.withLock(\.topics) }

    /// Runs `body` while the broker runs.
    ///
    /// - Parameters:
    ///   - autoCreation: its `auto.create.topics.enable`; nil: it does not say.
    ///   - refused: topics that it does not create.
    static func with(
        _ topics: [String: Topic] = [:],
        autoCreation: String?,
        refused: Set<String> = [],
        _ body: @Sendable (AdminBroker) async throws -> Void
    ) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: channel) }
            }
        let broker = AdminBroker(
            port: listener.channel.localAddress?.port ?? 0,
            State(topics: topics, autoCreation: autoCreation, refused: refused)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { clients in
                    await withDiscardingTaskGroup { connections in
                        do {
                            for try await client in clients { connections.addTask { try? await broker.serve(client) } }
                        } catch {}
                        connections.cancelAll()
                    }
                }
            }
            defer { group.cancelAll() }
            try await body(broker)
        }
    }

    private func serve(_ client: Stream) async throws {
        try await client.executeThenClose { inbound, outbound in
            var bytes = ByteBuffer()
            for try await part in inbound {
                bytes.writeImmutableBuffer(part)
                while let size = bytes.getInteger(at: bytes.readerIndex, as: Int32.self),
                    bytes.readableBytes >= 4 + Int(size), var request = bytes.readSlice(length: 4 + Int(size))
                {
                    request.moveReaderIndex(forwardBy: 4)
                    guard let answer = self.answer(&request) else { return }
                    var frame = ByteBuffer()
                    frame.writeInteger(Int32(answer.readableBytes))
                    frame.writeImmutableBuffer(answer)
                    try await outbound.write(frame)
                }
            }
        }
    }

    /// Nil for a request that it does not know: the connection is closed.
    private func answer(_ request: inout ByteBuffer) -> ByteBuffer? {
        guard let api = request.readInteger(as: Int16.self), request.readInteger(as: Int16.self) != nil,
            let correlation = request.readInteger(as: Int32.self)
        else { return nil }
        var answer = ByteBuffer()
        answer.writeInteger(correlation)
        if api == 18 {
            Self.writeVersions(to: &answer)
            return answer
        }
        _ = request.readText()  // The client's id.
        self.state.withLock { state in
            switch api {
            case 3: self.writeMetadata(state, to: &answer)
            case 19: Self.create(&request, &state, to: &answer)
            case 32: Self.describe(&request, state, to: &answer)
            default: answer.clear()
            }
        }
        return answer.readableBytes > 0 ? answer : nil
    }

    private static func writeVersions(to answer: inout ByteBuffer) {
        let versions: [(api: Int16, max: Int16)] = [(3, 4), (18, 3), (19, 4), (32, 1)]
        answer.writeInteger(Int16(0))
        answer.writeInteger(UInt8(versions.count + 1))
        for (api, max) in versions {
            answer.writeInteger(api)
            answer.writeInteger(Int16(0))
            answer.writeInteger(max)
            answer.writeInteger(UInt8(0))
        }
        answer.writeInteger(Int32(0))
        answer.writeInteger(UInt8(0))
    }

    private func writeMetadata(_ state: borrowing State, to answer: inout ByteBuffer) {
        answer.writeInteger(Int32(0))
        answer.writeInteger(Int32(1))
        answer.writeInteger(Int32(1))
        answer.writeText("127.0.0.1")
        answer.writeInteger(Int32(self.port))
        answer.writeText(nil)
        answer.writeText("cluster")
        answer.writeInteger(Int32(1))
        answer.writeInteger(Int32(state.topics.count))
        for (name, topic) in state.topics {
            answer.writeInteger(Int16(0))
            answer.writeText(name)
            answer.writeInteger(UInt8(0))
            answer.writeInteger(topic.partitions)
            for partition in 0..<topic.partitions {
                answer.writeInteger(Int16(0))
                answer.writeInteger(partition)
                for number: Int32 in [1, 1, 1, 1, 1] { answer.writeInteger(number) }
            }
        }
    }

    private static func create(_ request: inout ByteBuffer, _ state: inout State, to answer: inout ByteBuffer) {
        let count = request.readInteger(as: Int32.self) ?? 0
        answer.writeInteger(Int32(0))
        answer.writeInteger(count)
        for _ in 0..<count {
            let name = request.readText() ?? ""
            var topic = Topic(partitions: request.readInteger() ?? 0, replicationFactor: request.readInteger() ?? 0)
            _ = request.readInteger(as: Int32.self)  // No assignments.
            for _ in 0..<(request.readInteger(as: Int32.self) ?? 0) {
                let key = request.readText() ?? ""
                topic.properties[key] = request.readText()
            }
            let isThere = state.topics[name] != nil
            let isRefused = state.refused.contains(name)
            if !isThere, !isRefused { state.topics[name] = topic }
            answer.writeText(name)
            answer.writeInteger(Int16(isThere ? 36 : isRefused ? 44 : 0))
            answer.writeText(isRefused ? "not on this cluster" : nil)
        }
    }

    private static func describe(_ request: inout ByteBuffer, _ state: borrowing State, to answer: inout ByteBuffer) {
        _ = request.readInteger(as: Int32.self)  // One resource.
        let kind: Int8 = request.readInteger() ?? 0
        let name = request.readText() ?? ""
        let properties =
            kind == 2
            ? state.topics[name]?.properties ?? [:]
            : state.autoCreation.map { ["auto.create.topics.enable": $0] } ?? ["log.dirs": "/"]
        answer.writeInteger(Int32(0))
        answer.writeInteger(Int32(1))
        answer.writeInteger(Int16(0))
        answer.writeText(nil)
        answer.writeInteger(kind)
        answer.writeText(name)
        answer.writeInteger(Int32(properties.count))
        for (key, value) in properties {
            answer.writeText(key)
            answer.writeText(value)
            for byte: UInt8 in [0, 5, 0] { answer.writeInteger(byte) }
            answer.writeInteger(Int32(0))
        }
    }
}

extension ByteBuffer {
    /// A string of the Kafka protocol: its length in two bytes, -1 for null.
    fileprivate mutating func writeText(_ text: String?) {
        self.writeInteger(Int16(text?.utf8.count ?? -1))
        if let text { self.writeString(text) }
    }

    fileprivate mutating func readText() -> String? {
        guard let count = self.readInteger(as: Int16.self), count >= 0 else { return nil }
        return self.readString(length: Int(count))
    }
}

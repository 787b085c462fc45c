import BridgeCore
import GenesysCloud
import Logging
import NIOPosix
import Synchronization
import Testing
import WebSocketClient

/// Source and connection against a server whose compression is broken.
@Suite(.timeLimit(.minutes(1)))
struct StreamCompressionTests {
    private static let topics = [SubscriptionTopic(event: "routing.queueEvents", resourceID: "q1")]
    private static let token = AccessToken(secret: Secret("t0ken"), serial: 1)

    private static func source(port: Int, log: LogRecorder) -> StreamSource {
        var configuration = WebSocketConfiguration()
        configuration.compression = .permessageDeflate()
        return StreamSource(
            connector: WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration
            ),
            endpoint: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
            settings: StreamSettings(),
            counters: StreamCounters(),
            secondsSince1970: { 0 },
            logger: log.logger
        )
    }

    /// What a stream does: reads, and resumes behind the last position that came, until `isDone`. Returns the positions that came.
    private static func read(_ source: StreamSource, until isDone: ([String]) -> Bool) async throws -> [String] {
        var positions: [String] = []
        while !isDone(positions) {
            let resume = positions.last.map { Position(kind: .lastEventId, value: $0) }
            let connection = try await source.connect(topics: Self.topics, resumeFrom: resume, token: Self.token)
            reading: while true {
                switch await connection.next() {
                case .message(let batches): positions.append(batches.last?.position?.value ?? "-")
                case .ended: break reading
                case .unreadable, .pong, .cancelled: throw RawPeer.Ended()
                }
                if isDone(positions) { break }
            }
        }
        return positions
    }

    @Test("a compressed message that is damaged twice at one position comes plain the third time (S2.7, S2.9)")
    func alwaysCorrupt() async throws {
        let log = LogRecorder()
        let offers = Mutex<[Bool]>([])
        try await RawServer.with { peer in
            let target = try await peer.upgrade(compresses: true)
            let isCompressed = peer.isCompressed
            offers.withLock { $0.append(isCompressed) }
            if !target.contains("lastEventId") { try await peer.text(#"{"lastEventId":"1"}"#) }
            if isCompressed {
                try await peer.frame(1, [0x07], isCompressed: true)
            } else {
                for id in 2...4 { try await peer.text(#"{"lastEventId":"\#(id)"}"#) }
            }
            try await peer.waitForEnd()
        } _: { port in
            let source = Self.source(port: port, log: log)
            let positions = try await Self.read(source) { $0.last == "4" }
            #expect(positions == ["1", "2", "3", "4"])
        }
        #expect(offers.withLock { $0 } == [true, true, false], "the first time a retransmission may be whole")
        let errors = log.lines.filter { $0.hasPrefix("error") }
        #expect(errors.count == 1 && errors[0].contains("not DEFLATE") && !errors[0].contains("t0ken"), "\(errors)")
    }

    @Test("damage at ever other positions is no reason to do without compression: the stream goes on (S2.7)")
    func elsewhere() async throws {
        let log = LogRecorder()
        let offers = Mutex<[Bool]>([])
        try await RawServer.with { peer in
            _ = try await peer.upgrade(compresses: true)
            let isCompressed = peer.isCompressed
            let next = offers.withLock { offers in
                offers.append(isCompressed)
                return offers.count
            }
            try await peer.text(#"{"lastEventId":"\#(next)"}"#)
            try await peer.frame(1, [0x07], isCompressed: isCompressed)
            try await peer.waitForEnd()
        } _: { port in
            let source = Self.source(port: port, log: log)
            let positions = try await Self.read(source) { $0.count == 4 }
            #expect(positions.last == "4")
        }
        #expect(offers.withLock { $0 } == [true, true, true, true])
    }
}

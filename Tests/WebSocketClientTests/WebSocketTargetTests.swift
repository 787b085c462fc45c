import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import WebSocketClient

@Suite("Targets and secrets", .timeLimit(.minutes(2)))
struct WebSocketTargetTests {
    @Test(
        "URLs are taken apart",
        arguments: [
            ("ws://127.0.0.1:9001/runCase?case=1&agent=x", "ws", "127.0.0.1", 9001, "/runCase?case=1&agent=x"),
            ("wss://host.example", "wss", "host.example", 443, "/"),
            ("WS://host.example?x=/", "ws", "host.example", 80, "/?x=/"),
            ("ws://[::1]:8080/a", "ws", "::1", 8080, "/a"),
            ("wss://[::1]/", "wss", "::1", 443, "/"),
        ]
    )
    func urls(_ url: String, scheme: String, host: String, port: Int, requestTarget: String) throws {
        let target = try WebSocketTarget(url: url)
        #expect(target.scheme.rawValue == scheme)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.requestTarget == requestTarget)
    }

    @Test(
        "URLs that cannot be used are refused without being repeated",
        arguments: [
            "http://host/secret", "host/secret", "ws://user:secret@host/", "ws:///secret", "ws://host:x/secret",
            "ws://host:0/secret", "ws://host:65536/secret", "ws://ho st/secret", "ws://host/sec ret",
            "ws://host/#secret",
            "ws://host/secreté", "ws://[::1/secret", "",
        ]
    )
    func badURLs(_ url: String) {
        let error = #expect(throws: WebSocketConnectError.self) { try WebSocketTarget(url: url) }
        #expect(error?.description.contains("secret") == false)
        guard case .invalidTarget = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "headers that would break the request are refused",
        arguments: [
            ("", "x"), ("a b", "x"), ("X", "a\r\nInjected: 1"), ("X", "a\0"), ("host", "x"),
            ("Sec-WebSocket-Protocol", "chat"),
            ("Upgrade", "x"),
        ]
    )
    func badHeaders(_ name: String, _ value: String) {
        let target = WebSocketTarget(scheme: .ws, host: "host", headers: [.init(name: name, value: value)])
        #expect(throws: WebSocketConnectError.self) { try target.validate() }
    }

    @Test(
        "the Host header has the port only where it is not the scheme's own",
        arguments: [
            ("ws://h", "h"), ("ws://h:81", "h:81"), ("wss://h:443", "h"), ("ws://h:443", "h:443"),
            ("wss://[::1]:8", "[::1]:8"),
        ]
    )
    func hostHeader(_ url: String, _ header: String) throws {
        #expect(try WebSocketTarget(url: url).hostHeader == header)
    }

    @Test("no way of printing a target, an error or a log line shows path, query or headers (S1.6)")
    func secrets() async throws {
        let lines = Lines()
        try await RawServer.run { peer in
            let request = try await peer.readRequest()
            if request.contains("reject") {
                try await peer.write("HTTP/1.1 401 No\r\nX-Echo: hunter2\r\nContent-Length: 7\r\n\r\nhunter2")
            } else {
                try await peer.write(RawPeer.switchingProtocols(request))
                try await peer.readToEnd()
            }
        } while: { server in
            let connector = WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: RawServer.patient,
                logger: Logger(label: "test") { _ in lines }
            )
            var target = server.target("/stream?access_token=hunter2")
            target.headers = [.init(name: "Authorization", value: "Bearer hunter2")]
            lines.append(target.description + target.debugDescription + "\(target)")
            lines.append(String(reflecting: target) + String(describing: Optional(target)))
            var dumped = ""
            dump(target, to: &dumped)
            lines.append(dumped)
            let connection = try await connector.connect(to: target)
            lines.append("\(connection)" + connection.peerAddress)
            connection.abort()
            target.requestTarget = "/reject?access_token=hunter2"
            let error = await #expect(throws: WebSocketConnectError.self) { try await connector.connect(to: target) }
            lines.append((error?.description ?? "") + String(reflecting: error))
            guard case .rejected(let rejection) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            var dumpedRejection = ""
            dump(rejection, to: &dumpedRejection)
            dump(target.headers, to: &dumpedRejection)
            lines.append(dumpedRejection + "\(rejection)\(target.headers)")
            #expect(rejection.firstHeader("x-echo") == "hunter2")
            target.requestTarget = "/ hunter2"
            let invalid = await #expect(throws: WebSocketConnectError.self) { try await connector.connect(to: target) }
            lines.append(invalid?.description ?? "")
            target.requestTarget = "/hunter2"
            target.port = 1
            let refused = await #expect(throws: WebSocketConnectError.self) { try await connector.connect(to: target) }
            lines.append(refused?.description ?? "")
        }
        #expect(lines.all.contains { $0.contains("connected to ws://127.0.0.1:") })
        #expect(!lines.all.contains { $0.contains("hunter2") || $0.contains("access_token") })
    }

    /// Collects what is logged, at every level.
    private final class Lines: LogHandler, Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { self.lines.withLock { $0 } }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        var logLevel: Logger.Level {
            get { .trace }
            set {}
        }
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func append(_ line: String) {
            self.lines.withLock { $0.append(line) }
        }

        func log(event: LogEvent) {
            self.append("\(event.message) \(event.metadata ?? [:])")
        }
    }
}

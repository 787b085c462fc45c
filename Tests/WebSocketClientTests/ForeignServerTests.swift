import GenesysSimulator
import NIOCore
import NIOPosix
import Testing

@testable import WebSocketClient

@Suite("Servers and networks that are not what they should be", .timeLimit(.minutes(2)))
struct ForeignServerTests {
    static let banners: [(name: String, bytes: [UInt8])] = [
        ("SMTP", Array("220 mail.example ESMTP Postfix\r\n".utf8)),
        ("SSH", Array("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n".utf8)),
        ("FTP", Array("220-FileZilla Server\r\n220 ready\r\n".utf8)),
        // SETTINGS, with no setting.
        ("HTTP/2 that speaks first", [0, 0, 0, 4, 0, 0, 0, 0, 0]),
        // GOAWAY, PROTOCOL_ERROR.
        ("HTTP/2 that refuses", [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ("HTTP/2's preface", Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)),
        // A fatal alert, unexpected message.
        ("TLS", [0x15, 3, 3, 0, 2, 2, 10]),
        ("PostgreSQL", [0x45, 0, 0, 0, 8, 4, 0xD2, 0x16, 0x2F]),
        ("Redis", Array("-ERR unknown command\r\n".utf8)),
        ("HTTP/0.9", Array("<html>hello</html>".utf8)),
    ]

    @Test(
        "a server that speaks another protocol is a clear error, whether it speaks first or answers",
        arguments: banners.indices,
        [true, false]
    )
    func otherProtocol(_ index: Int, _ speaksFirst: Bool) async throws {
        let bytes = Self.banners[index].bytes
        try await RawServer.run { peer in
            if !speaksFirst { _ = try await peer.readRequest() }
            try await peer.write(bytes)
            try await peer.readToEnd()
        } while: { server in
            await #expect(throws: WebSocketConnectError.badUpgrade("the server does not speak HTTP/1")) {
                try await server.connect()
            }
        }
    }

    @Test("a TLS server on a plain port is a clear error, for it takes the request for a handshake")
    func tlsOnPlainPort() async throws {
        let certificates = try TestCertificates()
        try await RawServer.run(tls: try certificates.server("localhost")) { peer in
            try await peer.readToEnd()
        } while: { server in
            let error = await #expect(throws: WebSocketConnectError.self) { try await server.connect() }
            switch error {
            case .badUpgrade("the server does not speak HTTP/1"), .connection: break
            case nil, .badUpgrade, .invalidTarget, .resolution, .proxy, .tls, .timedOut, .rejected, .cancelled:
                Issue.record("\(String(describing: error))")
            }
        }
    }

    @Test("redirects are not followed: what they say is readable", arguments: [301, 302, 303, 307, 308])
    func redirects(_ status: Int) async throws {
        try await RawServer.run { peer in
            _ = try await peer.readRequest()
            try await peer.write(
                "HTTP/1.1 \(status) Elsewhere\r\nLocation: wss://elsewhere.example/?token=secret\r\nContent-Length: 0\r\n\r\n"
            )
            try await peer.readToEnd()
        } while: { server in
            let error = await #expect(throws: WebSocketConnectError.self) { try await server.connect() }
            guard case .rejected(let rejection) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(rejection.status == status)
            #expect(rejection.firstHeader("location") == "wss://elsewhere.example/?token=secret")
            #expect(error?.description == "the server rejected the upgrade with HTTP status \(status)")
        }
    }

    @Test("an HTML page of an intermediary is a rejection with its status", arguments: [200, 403, 502, 503])
    func htmlPage(_ status: Int) async throws {
        let page = "<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>"
        try await RawServer.run { peer in
            _ = try await peer.readRequest()
            try await peer.write(
                "HTTP/1.1 \(status) Page\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n\r\n\(page)"
            )
            try await peer.readToEnd()
        } while: { server in
            let error = await #expect(throws: WebSocketConnectError.self) { try await server.connect() }
            guard case .rejected(let rejection) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(rejection.status == status)
            #expect(String(buffer: rejection.body) == page)
        }
    }

    @Test("an intermediary that resets an idle connection ends it with a clear reason (S6.2)")
    func idleReset() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade(followedBy: ServerFrame.text("hello").bytes)
            try await peer.readToEnd()
        } while: { server in
            var seen: (events: [WebSocketEvent], close: WebSocketClose)?
            // On a busy machine even connecting may come to a standstill for longer than a short time.
            for seconds in [0.3, 3, 30] where seen == nil {
                let proxy = try await IdleTimeoutProxy.start(
                    targetPort: server.port,
                    idleTimeout: .seconds(seconds),
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton
                )
                let connector = WebSocketConnector(
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    configuration: RawServer.patient
                )
                let target = WebSocketTarget(scheme: .ws, host: "127.0.0.1", port: proxy.port)
                seen = try await (try? connector.connect(to: target))?.drain()
                #expect(await proxy.resetCount == 1)
                await proxy.stop()
            }
            let (events, close) = try #require(seen)
            #expect(
                events == [.message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: "hello")))]
            )
            guard case .transport(let description) = close else {
                Issue.record("\(close)")
                return
            }
            #expect(description.contains("reset"))
        }
    }
}

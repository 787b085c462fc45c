import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import WebSocketClient

@Suite("TLS", .timeLimit(.minutes(2)))
struct TLSTests {
    private static let certificates = Result { try TestCertificates() }

    private let certificates: TestCertificates

    init() throws {
        self.certificates = try Self.certificates.get()
    }

    /// Says hello, waits for an answer, closes.
    private static let hello: @Sendable (RawPeer) async throws -> Void = { peer in
        try await peer.upgrade(followedBy: ServerFrame.text("hello").bytes)
        _ = try await peer.readFrame()
        try await peer.write([.close(1000, "bye")])
        try await peer.readToEnd()
    }

    private func connect(
        to server: NIOSSLContext,
        host: String = "localhost",
        _ configure: @escaping @Sendable (inout WebSocketConfiguration) -> Void
    ) async throws -> WebSocketClose {
        try await RawServer.run(tls: server, script: Self.hello) { server in
            var configuration = RawServer.patient
            configure(&configuration)
            let connector = WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration
            )
            var target = server.target(scheme: .wss)
            target.host = host
            let connection = try await connector.connect(to: target)
            #expect(
                try await connection.next()
                    == .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: "hello")))
            )
            try await connection.send(text: "hello yourself")
            return try await connection.drain().close
        }
    }

    private func expectFailure(
        _ text: String,
        to server: NIOSSLContext,
        host: String = "localhost",
        _ configure: @escaping @Sendable (inout WebSocketConfiguration) -> Void
    ) async {
        let error = await #expect(throws: WebSocketConnectError.self) {
            try await self.connect(to: server, host: host, configure)
        }
        guard case .tls(let description) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(description.contains(text), "\(description)")
    }

    @Test("a certificate of an additional CA for the right name is accepted (S1.1)")
    func accepted() async throws {
        let ca = self.certificates.certificate("ca")
        let close = try await self.connect(to: self.certificates.server("localhost")) { $0.tls.additionalCAFile = ca }
        #expect(close == .peerClosed(code: 1000, reason: "bye"))
    }

    @Test("a certificate for the server's address is accepted")
    func address() async throws {
        let ca = self.certificates.certificate("ca")
        let close = try await self.connect(to: self.certificates.server("address"), host: "127.0.0.1") {
            $0.tls.additionalCAFile = ca
        }
        #expect(close == .peerClosed(code: 1000, reason: "bye"))
    }

    @Test("a server name of its own choice is asked for and found in the certificate")
    func serverName() async throws {
        let ca = self.certificates.certificate("ca")
        let close = try await self.connect(to: self.certificates.server("elsewhere")) { configuration in
            configuration.tls.additionalCAFile = ca
            configuration.tls.serverName = "elsewhere.example"
        }
        #expect(close == .peerClosed(code: 1000, reason: "bye"))
    }

    @Test("an unknown CA is refused (S1.1)")
    func unknownAuthority() async throws {
        await self.expectFailure("its issuer is unknown", to: try self.certificates.server("localhost")) { _ in }
        let other = self.certificates.certificate("other-ca")
        await self.expectFailure("its issuer is unknown", to: try self.certificates.server("localhost")) {
            $0.tls.additionalCAFile = other
        }
    }

    @Test("a certificate for another name is refused (S1.1)")
    func otherName() async throws {
        let ca = self.certificates.certificate("ca")
        await self.expectFailure("for another host name", to: try self.certificates.server("elsewhere")) {
            $0.tls.additionalCAFile = ca
        }
    }

    @Test("an expired certificate is refused (S1.1)")
    func expired() async throws {
        let ca = self.certificates.certificate("ca")
        await self.expectFailure("has expired", to: try self.certificates.server("expired")) {
            $0.tls.additionalCAFile = ca
        }
    }

    @Test("TLS 1.1 is refused (S1.1)")
    func oldVersion() async throws {
        let ca = self.certificates.certificate("ca")
        let server = try self.certificates.server("localhost") { configuration in
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = .tlsv11
        }
        await self.expectFailure("no TLS version from 1.2 on", to: server) { $0.tls.additionalCAFile = ca }
    }

    @Test("a client certificate is shown when asked for (S1.1)")
    func clientCertificate() async throws {
        let certificates = self.certificates
        let server = try certificates.server("localhost", asksForClientCertificate: true)
        let close = try await self.connect(to: server) { configuration in
            configuration.tls.additionalCAFile = certificates.certificate("ca")
            configuration.tls.clientCertificateFile = certificates.certificate("client")
            configuration.tls.clientKeyFile = certificates.key("client")
        }
        #expect(close == .peerClosed(code: 1000, reason: "bye"))
        await self.expectFailure("asks for a client certificate", to: server) {
            $0.tls.additionalCAFile = certificates.certificate("ca")
        }
    }

    @Test("a plain server on a TLS port is a clear error, and the other way round")
    func wrongProtocol() async throws {
        try await RawServer.run { peer in
            try await peer.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            try await peer.readToEnd()
        } while: { server in
            let error = await #expect(throws: WebSocketConnectError.self) { try await server.connect(scheme: .wss) }
            guard case .tls(let description) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(description.contains("does not speak TLS"))
        }
        try await RawServer.run(tls: try self.certificates.server("localhost"), script: Self.hello) { server in
            let error = await #expect(throws: WebSocketConnectError.self) { try await server.connect() }
            switch error {
            case .badUpgrade, .connection: break
            case nil, .invalidTarget, .resolution, .proxy, .tls, .timedOut, .rejected, .cancelled:
                Issue.record("\(String(describing: error))")
            }
        }
    }

    @Test("files that cannot be used are named")
    func files() async throws {
        let connector: (WebSocketTLS) -> WebSocketConnector = { tls in
            var configuration = WebSocketConfiguration()
            configuration.tls = tls
            return WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration
            )
        }
        let target = WebSocketTarget(scheme: .wss, host: "127.0.0.1", port: 1)
        await #expect(throws: WebSocketConnectError.tls("no PEM certificates can be read from /none/ca.pem")) {
            try await connector(WebSocketTLS(additionalCAFile: "/none/ca.pem")).connect(to: target)
        }
        let certificate = self.certificates.certificate("client")
        await #expect(throws: WebSocketConnectError.tls("no PEM private key can be read from \(certificate)")) {
            try await connector(
                WebSocketTLS(clientCertificateFile: certificate, clientKeyFile: certificate)
            ).connect(to: target)
        }
        await #expect(
            throws: WebSocketConnectError.tls("a client certificate needs both a certificate file and a key file")
        ) {
            try await connector(WebSocketTLS(clientCertificateFile: certificate)).connect(to: target)
        }
    }

    @Test("a TLS stream cut without a close notification is reported, with everything before it (S4.5)")
    func truncation() async throws {
        let ca = self.certificates.certificate("ca")
        try await RawServer.run(tls: try self.certificates.server("localhost")) { peer in
            try await peer.upgrade(followedBy: ServerFrame.text("hello").bytes)
            _ = try await peer.readFrame()
            try await peer.truncateTLS()
        } while: { server in
            let connection = try await server.connect(scheme: .wss) { $0.tls.additionalCAFile = ca }
            #expect(
                try await connection.next()
                    == .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: "hello")))
            )
            try await connection.send(text: "go")
            guard case .closed(.transport(let description)) = try await connection.next() else {
                Issue.record("not a transport failure")
                return
            }
            #expect(description.contains("truncated"))
        }
    }
}
